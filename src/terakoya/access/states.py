"""The state of a consent, derived from its terms, its events and the day. Nothing sets it."""

from collections.abc import Iterable
from datetime import date, datetime

from terakoya.kit import clock

from .models import Consent, ConsentEvent

# what ends a consent for good, and the state it is in then
ENDS = {
    "withdrawn": "withdrawn",
    "refused": "refused",
    "declined": "refused",
    "superseded": "superseded",
    "lapsed": "lapsed_at_majority",
}
ENDED = ("withdrawn", "refused", "superseded", "lapsed_at_majority", "expired")


def state_of(consent: Consent, at: datetime | None = None) -> str:
    """The state at a moment (default: now), from the events up to it and the days of the terms.

    requested | awaiting_assent | scheduled | given | paused, or one of the ends: withdrawn | refused | expired |
    superseded | lapsed_at_majority. Data may be passed on in ``given`` alone.
    """
    events = [event for event in consent.events.all() if at is None or event.at <= at]
    kinds = {event.kind for event in events}
    for kind, state in ENDS.items():
        if kind in kinds:
            return state
    if "given" not in kinds:
        return "requested"
    day = at.astimezone(clock.JAPAN).date() if at else clock.today()
    return _by_day(consent, day) or _by_people(consent, events, kinds)


def is_disputed(events: Iterable[ConsentEvent]) -> bool:
    """Whether the last word among these events is that guardians disagree."""
    told = [event for event in events if event.kind in ("disputed", "settled")]
    return bool(told) and max(told, key=lambda event: event.pk).kind == "disputed"


def _by_day(consent: Consent, day: date) -> str:
    if consent.lapses_on and consent.lapses_on <= min(day, consent.valid_until):
        return "lapsed_at_majority"
    if day > consent.valid_until:
        return "expired"
    return "scheduled" if consent.valid_from and day < consent.valid_from else ""


def _by_people(consent: Consent, events: list[ConsentEvent], kinds: set[str]) -> str:
    if consent.needs_assent and "assented" not in kinds:
        return "awaiting_assent"
    return "paused" if is_disputed(events) else "given"
