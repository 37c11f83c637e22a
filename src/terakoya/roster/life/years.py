"""Planned school years: which there are, what state each is in, and what happened to it."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Change, Rollover, RolloverEvent

DRAFTED, BEGUN, TAKEN_BACK, PUT_AWAY = "drafted", "begun", "taken_back", "put_away"
OPEN = (DRAFTED, TAKEN_BACK)
TITLE = "{year}\u5e74\u5ea6"  # as the Japan profile writes a school year


def rollovers(schools: Collection[UUID] | None = None) -> list[Rollover]:
    """The planned years that are about any of some schools (None: all), the latest first."""
    wanted = None if schools is None else {str(key) for key in schools}
    rows = _known().order_by("-school_year", "-pk")
    return [row for row in rows if wanted is None or wanted & set(row.schools)]


def rollover_of(key: UUID) -> Rollover | None:
    """A planned year by its key."""
    return _known().filter(pk=key).first()


def state_of_year(rollover: Rollover) -> str:
    """``drafted``, ``begun``, ``taken_back`` (and open to be begun again) or ``put_away``."""
    events = list(rollover.events.all())
    if events and events[-1].kind == PUT_AWAY:
        return PUT_AWAY
    if rollover.change is None:
        return DRAFTED
    return TAKEN_BACK if hasattr(rollover.change, "undone_by") else BEGUN


def is_open(rollover: Rollover) -> bool:
    """Whether a planned year can still be changed."""
    return state_of_year(rollover) in OPEN


def note_event(rollover: Rollover, kind: str, by: str, change: Change | None = None) -> None:
    """Write down what happened to a planned year."""
    RolloverEvent.objects.create(rollover=rollover, kind=kind, at=clock.now(), by=by[:150], change=change)


def locked(rollover: Rollover) -> Rollover:
    """The planned year as it is now, kept from others until the transaction ends; it must be open.

    Raises ``CannotChange`` for one that was begun or put away.
    """
    now = _known().select_for_update(of=("self",)).get(pk=rollover.pk)
    if not is_open(now):
        raise CannotChange(_("This school year was begun or put away; its plan no longer changes."))
    return now


def put_away(rollover: Rollover, *, by: str) -> None:
    """Put a plan away that nobody wants to begin; it can be read further on."""
    note_event(locked(rollover), PUT_AWAY, by)


def _known() -> QuerySet[Rollover]:
    return Rollover.objects.select_related("change__undone_by").prefetch_related(
        Prefetch("events", RolloverEvent.objects.order_by("pk"))
    )
