"""Writes and reads of requests: each event in one transaction, each step only where it follows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.kit import clock

from . import holdings, states, words
from .errors import RequestRefused, WrongState
from .family import capacity_towards
from .models import RequestEvent, RightsRequest

KINDS = ("disclosure", "correction", "stop")
LONGEST_TEXT = 2000
BY_LAW = {"public": 30, "private": 14}


@dataclass(frozen=True)
class Wish:
    """What somebody wants: a kind, for whom, about which categories, and in their own words what and why."""

    kind: str
    person: UUID
    categories: tuple[str, ...]
    wrong: str = ""
    right: str = ""
    reason: str = ""


class Standing:
    """A request with its state, its term and its events, as pages show it."""

    def __init__(self, request: RightsRequest) -> None:
        self.request = request
        self.events = list(request.events.all())

    @cached_property
    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    @cached_property
    def state(self) -> str:
        return states.state_after(self.kinds)

    @cached_property
    def term(self) -> states.Term:
        return states.term(self.request.created_at, days_to_decide(), "extended" in self.kinds, clock.today())

    @property
    def open(self) -> bool:
        return self.state in states.OPEN

    @property
    def late(self) -> bool:
        return self.open and self.term.left < 0

    @property
    def days_late(self) -> int:
        return -self.term.left

    @property
    def decision(self) -> RequestEvent | None:
        return next((event for event in self.events if event.kind in states.DECISIONS), None)

    @property
    def extension(self) -> RequestEvent | None:
        return next((event for event in self.events if event.kind == "extended"), None)

    @property
    def steps(self) -> list[str]:
        """The events that may come next."""
        following = [kind for kind in words.EVENTS if states.may_follow(self.kinds, kind)]
        return [kind for kind in following if kind != "extended" or self.term.left >= 0]


def days_to_decide() -> int:
    """The days for a decision: the setting, else 30 (APPI art. 83, 94, 102) or 14 for "without delay" (art. 33-35)."""
    return settings.REQUEST_DAYS or BY_LAW[settings.NODE_REGIME]


def check(wish: Wish, *, by: access.Actor) -> tuple[str, int]:
    """The capacity in which the actor may ask for this, and the actor's account. RequestRefused."""
    capacity = capacity_towards(by, wish.person)
    if capacity is None or by.account is None:
        # family
        raise RequestRefused("person", _("You can only ask for yourself or for a child in your care today."))
    if not wish.categories or not set(wish.categories) <= set(holdings.categories_for(wish.kind)):
        # family
        raise RequestRefused("categories", _("Choose at least one kind of data."))
    if wish.kind == "correction":
        _said("wrong", wish.wrong)
        _said("right", wish.right)
    if max(len(wish.wrong), len(wish.right), len(wish.reason)) > LONGEST_TEXT:
        # family
        raise RequestRefused("reason", _("The text is too long: at most %(most)s letters.") % {"most": LONGEST_TEXT})
    return capacity, by.account


@transaction.atomic
def ask(number: UUID, wish: Wish, *, by: access.Actor) -> RightsRequest:
    """Take a request under a number that its form carried, so that the same form sent twice is one request.

    Raises RequestRefused. Article numbers: APPI art. 76, 90, 98 for public bodies; 33, 34, 35 for private ones.
    """
    if wish.kind not in KINDS:
        raise ValueError(wish.kind)
    capacity, account = check(wish, by=by)
    request = RightsRequest(
        uuid=number,
        kind=wish.kind,
        subject=wish.person,
        categories=list(wish.categories),
        asked_by=account,
        asker_person=by.person,
        asker_name=by.name,
        capacity=capacity,
        wrong=wish.wrong.strip(),
        right=wish.right.strip(),
        reason=wish.reason.strip(),
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        return _sent_before(number, account)
    _happen(request, "received", by)
    return request


@transaction.atomic
def step(request: RightsRequest, kind: str, *, by: access.Actor | None, reason: str = "", clause: str = "") -> bool:
    """Let an event happen to a request; whether it is new. The same event again changes nothing.

    ``refused`` and ``partly`` need a reason and a clause, ``extended`` a reason, and a term that is not over (APPI
    art. 83 (2), 94 (2), 102 (2)). Raises WrongState and RequestRefused.
    """
    locked = RightsRequest.objects.select_for_update().get(pk=request.pk)
    kinds = list(locked.events.values_list("kind", flat=True))
    if kind in kinds:
        return False
    if not states.may_follow(kinds, kind):
        state = words.state_name(states.state_after(kinds))
        # family
        raise WrongState(_("This cannot be done now. The request is: %(state)s.") % {"state": state})
    if kind == "extended" and states.term(locked.created_at, days_to_decide(), False, clock.today()).left < 0:
        raise WrongState(_("The term is over. It can only be made longer before its last day has passed."))
    _check_grounds(request.kind, kind, reason, clause)
    _happen(locked, kind, by, reason.strip(), clause)
    return True


def withdraw(request: RightsRequest, *, by: access.Actor) -> bool:
    """The asker takes the request back, as long as it is not decided. RequestRefused, WrongState."""
    if by.account is None or request.asked_by != by.account:
        # family
        raise RequestRefused("person", _("Only whoever asked can take the request back."))
    return step(request, "withdrawn", by=by)


def request_of(number: UUID) -> Standing | None:
    """The request of a number with its state."""
    found = RightsRequest.objects.prefetch_related("events").filter(uuid=number).first()
    return Standing(found) if found else None


def asked_by(actor: access.Actor) -> list[Standing]:
    """What the actor asked for, newest first. What another guardian asked is theirs alone."""
    if actor.account is None:
        return []
    mine = RightsRequest.objects.filter(asked_by=actor.account).prefetch_related("events")
    return [Standing(one) for one in mine.order_by("-id")]


def queue() -> list[Standing]:
    """All that waits for this organisation, the most urgent first: what is late, then by days left."""
    waiting = RightsRequest.objects.exclude(events__kind__in=states.ENDS).prefetch_related("events")
    return sorted(map(Standing, waiting), key=lambda one: (not one.open, one.term.left, one.request.pk))


def settled(limit: int = 50) -> list[Standing]:
    """What needs nothing more, newest first."""
    ended = RightsRequest.objects.filter(events__kind__in=states.ENDS).prefetch_related("events")
    return [Standing(one) for one in ended.order_by("-id")[:limit]]


def _sent_before(number: UUID, account: int) -> RightsRequest:
    known = RightsRequest.objects.get(uuid=number)
    if known.asked_by != account:
        # family
        raise RequestRefused("person", _("This request was sent by somebody else. Please begin again."))
    return known


def _check_grounds(asked: str, kind: str, reason: str, clause: str) -> None:
    if kind in ("refused", "partly", "extended"):
        _said("reason", reason)
    if kind in ("refused", "partly") and clause not in words.clauses_for(asked):
        raise RequestRefused("clause", _("Choose the clause that the decision rests on."))


def _said(field: str, text: str) -> None:
    if not text.strip():
        # family
        raise RequestRefused(field, _("Please write this in a few words."))
    if len(text) > LONGEST_TEXT:
        # family
        raise RequestRefused(field, _("The text is too long: at most %(most)s letters.") % {"most": LONGEST_TEXT})


def _happen(request: RightsRequest, kind: str, by: access.Actor | None, reason: str = "", clause: str = "") -> None:
    facts: dict[str, Any] = {"by": by.account, "by_name": by.name} if by else {}
    RequestEvent(request=request, kind=kind, reason=reason, clause=clause, **facts).save()
