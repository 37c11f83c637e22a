"""Reads: consents with their state."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_date

from terakoya.kit import clock

from .errors import UnknownConsent
from .models import Consent

ENDS = ("withdrawn", "refused")


@dataclass(frozen=True)
class Standing:
    """What consents say about one use of one person's data: the living one, and whether one was withdrawn."""

    living: Consent | None = None
    revoked: bool = False


def consent(uuid: UUID) -> Consent:
    """The consent (or copy of one) with this number; raises ``UnknownConsent``."""
    found = Consent.objects.prefetch_related("events").filter(uuid=uuid).first()
    if found is None:
        raise UnknownConsent(str(uuid))
    return found


def state_of(consent: Consent, at: datetime | None = None) -> str:
    """given | withdrawn | expired | refused, derived from the events up to ``at`` (default: all) and the period."""
    kinds = {event.kind for event in consent.events.all() if at is None or event.at <= at}
    for end in ENDS:
        if end in kinds:
            return end
    if "given" not in kinds:
        return "requested"
    today = at.astimezone(clock.JAPAN).date() if at else clock.today()
    return "given" if today <= consent.valid_until else "expired"


def living_consent(
    subject: UUID, recipient: str, category: str, purpose: str, at: datetime | None = None
) -> Consent | None:
    """The consent in force at ``at`` (default: now) for exactly this person, recipient, category and purpose."""
    return standings([subject], recipient, category, purpose, at)[subject].living


def standings(
    subjects: Collection[UUID], recipient: str, category: str, purpose: str, at: datetime | None = None
) -> dict[UUID, Standing]:
    """For each person what consents say about a use; the newest living consent counts. Two queries for all."""
    asked = Consent.objects.filter(subject__in=subjects, recipient=recipient, purpose=purpose)
    found: dict[UUID, list[Consent]] = {subject: [] for subject in subjects}
    for candidate in asked.prefetch_related("events").order_by("-created_at", "-id"):
        if category in candidate.categories:
            found[candidate.subject].append(candidate)
    return {subject: _standing(consents, at) for subject, consents in found.items()}


def consents_about(person: UUID) -> list[Consent]:
    """All consents and copies about the person, newest first, with their events."""
    return list(Consent.objects.filter(subject=person).prefetch_related("events").order_by("-created_at", "-id"))


def consents_seen_by(giver: UUID, people: Iterable[UUID]) -> list[Consent]:
    """All consents that someone gave, and all about the persons, newest first, with their events."""
    asked = Consent.objects.filter(Q(given_by=giver) | Q(subject__in=list(people)))
    return list(asked.prefetch_related("events").order_by("-created_at", "-id"))


def givers_to(recipient: str, subjects: Collection[UUID]) -> dict[UUID, set[UUID | None]]:
    """Who gave a recipient any consent about each of the persons, be it in force or past."""
    asked = Consent.objects.filter(recipient=recipient, subject__in=subjects)
    givers: dict[UUID, set[UUID | None]] = {subject: set() for subject in subjects}
    for subject, giver in asked.values_list("subject", "given_by"):
        givers[subject].add(giver)
    return givers


def within(asked: dict[str, Any] | None, granted: dict[str, Any]) -> bool:
    """Whether an asked scope (school subjects, from, to) lies within that of a consent; what is not named is free."""
    if not asked:
        return True
    subjects = granted.get("subjects")
    if subjects and not set(asked.get("subjects") or ["*"]) <= set(subjects):
        return False
    begin, end = _day(granted.get("from")), _day(granted.get("to"))
    asked_begin, asked_end = _day(asked.get("from")), _day(asked.get("to"))
    return (begin is None or (asked_begin is not None and asked_begin >= begin)) and (
        end is None or (asked_end is not None and asked_end <= end)
    )


def _standing(consents: list[Consent], at: datetime | None) -> Standing:
    states = [(state_of(consent, at), consent) for consent in consents]
    living = next((consent for state, consent in states if state == "given"), None)
    return Standing(living, living is None and any(state == "withdrawn" for state, _consent in states))


def _day(value: str | date | None) -> date | None:
    return parse_date(value) if isinstance(value, str) else value
