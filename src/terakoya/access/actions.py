"""Writes: consents and their events, each in one transaction."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from .actors import Actor
from .errors import ConsentRefused
from .models import Consent, ConsentEvent
from .notices import Notice, notice_of
from .queries import consent as consent_by
from .receipts import terms_of
from .relations import relations_to
from .terms import Terms

Listener = Callable[[Consent, ConsentEvent], None]
_listeners: list[Listener] = []


def on_event(listener: Listener) -> Listener:
    """Register a function that is called inside the transaction of each event of a consent."""
    _listeners.append(listener)
    return listener


def check_terms(terms: Terms) -> None:
    """Raise ``ConsentRefused`` when the terms go beyond the ceilings of their purpose (``purposes.toml``)."""
    purpose = PURPOSES.get(terms.purpose)
    if purpose is None or purpose.banned or not purpose.by_consent:
        # family
        raise ConsentRefused("purpose", _("Nobody can agree to this purpose."))
    if not terms.categories or not set(terms.categories) <= set(purpose.categories) & set(CATEGORIES):
        # family
        raise ConsentRefused("categories", _("The purpose does not cover these kinds of data."))
    begin, end = _iso_scope(terms.scope).get("from"), _iso_scope(terms.scope).get("to")
    if not clock.today() <= terms.valid_until <= _months_on(clock.today(), purpose.months) or (
        begin and end and begin > end
    ):
        # family
        text = _("The consent must end in the future, at most %(months)s months from now.")
        raise ConsentRefused("period", text % {"months": purpose.months})


def give_consent(terms: Terms, *, by: Actor, capacity: str, notice: Notice | None = None) -> Consent:
    """Record a consent and its event, and tell the listeners, in one transaction.

    ``capacity`` is "guardian" (a guardian of the person, by the registered family relation) or "self" (the person's
    own account). ``notice`` is what was shown; by default the notice that :func:`notice_of` makes in the language of
    the reader. Raises ``ConsentRefused`` when the terms or the capacity do not allow it (APPI art. 69, 27).
    """
    check_terms(terms)
    _check_capacity(terms.subject, by, capacity)
    return _record(terms, by, capacity, notice, "given")


def refuse_consent(terms: Terms, *, by: Actor, capacity: str, notice: Notice | None = None) -> Consent:
    """Record that the family said no, so that it is not asked again unseen."""
    _check_capacity(terms.subject, by, capacity)
    return _record(terms, by, capacity, notice, "refused")


@transaction.atomic
def withdraw(consent_uuid: UUID, *, by: Actor | None, reason: str = "") -> Consent:
    """End a consent. Saying it again changes nothing. From this commit on every use under it is refused.

    ``by`` is None when the node itself ends it. Whether someone may withdraw is the caller's to check (see
    ``may_withdraw``). Raises ``UnknownConsent``.
    """
    consent = consent_by(consent_uuid)
    Consent.objects.select_for_update().get(pk=consent.pk)
    if not consent.events.filter(kind__in=("withdrawn", "refused")).exists():
        _happen(consent, "withdrawn", by, reason)
    return consent_by(consent_uuid)


def may_withdraw(consent: Consent, by: Actor) -> bool:
    """Whether the actor may end the consent: the person, a guardian, or a node that is a party to it."""
    if by.node:
        return by.node in (consent.recipient, consent.holder)
    kinds = {relation.kind for relation in relations_to(by, [consent.subject], clock.today())[consent.subject]}
    return bool(kinds & {"self", "guardian"})


@transaction.atomic
def record_copy(receipt: dict[str, Any], *, subject: UUID, source_uri: str) -> Consent:
    """Keep the recipient's copy of a consent that another node recorded; known already, it is returned as it is.

    ``subject`` is the recipient's own key of the person. Raises ``ValueError`` or ``KeyError`` on another shape.
    """
    uuid, terms, given = terms_of(receipt, subject)
    known = Consent.objects.filter(uuid=uuid).first()
    if known is not None:
        if (known.source, known.subject) != (source_uri, subject):
            raise ValueError("a consent of this number is known from elsewhere")
        return known
    consent = Consent(
        **_columns(terms), uuid=uuid, created_at=clock.now(), source=source_uri, received=receipt, **given
    )
    consent.save()
    _happen(consent, "given", None, "")
    return consent


@transaction.atomic
def _record(terms: Terms, by: Actor, capacity: str, notice: Notice | None, kind: str) -> Consent:
    shown = notice or notice_of(terms)
    consent = Consent(
        **_columns(terms),
        uuid=uuid4(),
        given_by=by.person,
        giver_name=by.name,
        capacity=capacity,
        notice=shown.text,
        notice_version=shown.version,
        notice_language=shown.language,
        notice_digest=shown.digest,
        created_at=clock.now(),
    )
    consent.save()
    _happen(consent, kind, by, "")
    return consent


def _happen(consent: Consent, kind: str, by: Actor | None, reason: str) -> None:
    event = ConsentEvent(
        consent=consent,
        kind=kind,
        at=clock.now(),
        by=by.person if by else None,
        by_name=by.name if by else "",
        by_node=by.node if by else "",
        reason=reason[:300],
    )
    event.save()
    for listener in _listeners:
        listener(consent, event)


def _columns(terms: Terms) -> dict[str, Any]:
    return {**asdict(terms), "categories": list(terms.categories), "scope": _iso_scope(terms.scope)}


def _iso_scope(scope: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in scope.items()}


def _check_capacity(subject: UUID, by: Actor, capacity: str) -> None:
    if by.node or capacity not in ("guardian", "self"):
        # family
        raise ConsentRefused("capacity", _("Only the learner or a guardian can agree."))
    kinds = {relation.kind for relation in relations_to(by, [subject], clock.today())[subject]}
    if capacity not in kinds:
        # family
        raise ConsentRefused("capacity", _("Only the learner or a guardian can agree."))


def _months_on(day: date, months: int) -> date:
    month = day.month - 1 + months
    first = date(day.year + month // 12, month % 12 + 1, 1)
    following = (first + timedelta(days=32)).replace(day=1)
    return min(first.replace(day=1) + timedelta(days=day.day - 1), following - timedelta(days=1))
