"""Writes: consents and their ends, each in one transaction."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction

from terakoya.kit import clock

from . import disagreements
from .actors import Actor
from .capacity import check_capacity
from .ceilings import check_terms
from .errors import ConsentRefused
from .events import happen, locked, take_turn
from .models import Consent, ConsentCategory
from .notices import Notice, notice_of
from .queries import alike
from .queries import consent as consent_by
from .receipts import told_in
from .states import ENDS, state_of
from .terms import Terms

SKEW = timedelta(minutes=10)  # how far the clock of another node may be ahead


@transaction.atomic
def give_consent(terms: Terms, *, by: Actor, capacity: str, notice: Notice | None = None) -> Consent:
    """Record a consent and its event, and tell the listeners, in one transaction.

    ``capacity`` is "guardian" (a guardian of the person, by the registered family relation) or "self" (the person's
    own account, from majority on). ``notice`` is what was shown; by default the notice that :func:`notice_of` makes in
    the language of the reader. Between the ages of the band of assent it waits for the child's yes; where another
    guardian said no to the same, it is paused. Raises ``ConsentRefused`` when the terms, the age or the capacity do
    not allow it (APPI art. 69, 27).
    """
    take_turn(terms.subject)
    check_terms(terms)
    who = check_capacity(terms.subject, by, capacity)
    lapses = who.birth.majority if who.birth and capacity == "guardian" else None
    consent = record(terms, by, capacity, notice, band=who.decides, lapses_on=lapses)
    happen(consent, "given", by)
    disagreements.weigh(consent, by)
    return consent_by(consent.uuid)


@transaction.atomic
def refuse_consent(terms: Terms, *, by: Actor, capacity: str, notice: Notice | None = None) -> Consent:
    """Record that the family said no, so that it is not asked again unseen; it pauses what another guardian gave."""
    take_turn(terms.subject)
    who = check_capacity(terms.subject, by, capacity)
    consent = record(terms, by, capacity, notice, band=who.decides)
    for own in alike(consent):
        if own.given_by == by.person and own.pk != consent.pk and not _has_end(own):
            happen(own, "withdrawn", by)  # whoever says no takes back the own yes
    happen(consent, "refused", by)
    disagreements.weigh(consent, by)
    return consent_by(consent.uuid)


@transaction.atomic
def withdraw(consent_uuid: UUID, *, by: Actor | None, reason: str = "") -> Consent:
    """End a consent. Saying it again changes nothing. From this commit on every use under it is refused.

    ``by`` is None when the node itself ends it. Whether someone may withdraw is the caller's to check (see
    ``may_withdraw``). What a learner gave to take its place later, ends with it. Raises ``UnknownConsent``.
    """
    consent = locked(consent_uuid)
    if not _has_end(consent):
        happen(consent, "withdrawn", by, reason)
        disagreements.weigh(consent, by)
    return consent_by(consent_uuid)


@transaction.atomic
def record_copy(receipt: dict[str, Any], *, subject: UUID, source_uri: str) -> Consent:
    """Keep the recipient's copy of a consent that another node recorded; known already, it is returned as it is.

    ``subject`` is the recipient's own key of the person. Raises ``ValueError`` or ``KeyError`` on another shape, for
    terms beyond the ceilings of their purpose, and for what another clock says is still to happen.
    """
    told = told_in(receipt, subject)
    known = Consent.objects.filter(uuid=told.uuid).first()
    if known is not None:
        if (known.source, known.subject) != (source_uri, subject):
            raise ValueError("a consent of this number is known from elsewhere")
        return known
    _check_told(told.terms, told.created, told.moments)
    consent = _added(told.terms, uuid=told.uuid, source=source_uri, received=receipt, **told.columns)
    for kind in told.kinds:
        happen(consent, kind, None)
    return consent


def assented_elsewhere(consent_uuid: UUID, by: Actor) -> None:
    """The holder passes records on, so the child has said yes there; noted on the recipient's copy."""
    consent = consent_by(consent_uuid)
    if consent.source and state_of(consent) == "awaiting_assent":
        happen(consent, "assented", by)


def supersede_copy(consent_uuid: UUID) -> None:
    """The holder has put another consent in the place of this one; noted on the recipient's copy."""
    happen(consent_by(consent_uuid), "superseded", None)


def record(terms: Terms, by: Actor, capacity: str, notice: Notice | None, **columns: Any) -> Consent:
    """Add the row of a consent, with what was shown; its event is the caller's."""
    shown = notice or notice_of(terms)
    return _added(
        terms,
        uuid=uuid4(),
        given_by=by.person,
        giver_name=by.name,
        capacity=capacity,
        notice=shown.text,
        notice_version=shown.version,
        notice_language=shown.language,
        notice_digest=shown.digest,
        **columns,
    )


def _added(terms: Terms, **columns: Any) -> Consent:
    plain = replace(terms, scope=iso(terms.scope))
    consent = Consent(**{**asdict(plain), "categories": list(terms.categories)}, created_at=clock.now(), **columns)
    consent.save()
    for category in dict.fromkeys(terms.categories):
        ConsentCategory(consent=consent, category=category).save()
    return consent


def iso(scope: dict[str, Any]) -> dict[str, Any]:
    """A scope as it is kept: days as text."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in scope.items()}


def _check_told(terms: Terms, created: datetime, moments: Iterable[datetime]) -> None:
    if any(moment > clock.now() + SKEW for moment in (created, *moments)):
        raise ValueError("the consent is of the future")
    try:
        check_terms(terms, created.astimezone(clock.JAPAN).date())
    except ConsentRefused as fault:
        raise ValueError(f"beyond the ceilings of its purpose: {fault.reason}") from fault


def _has_end(consent: Consent) -> bool:
    return any(event.kind in ENDS for event in consent.events.all())
