"""How long a door rests after wrong tries, how long sessions last, and what asks for a second factor."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from terakoya.kit.declaration import NoUse, Use
from terakoya.standards.categories import CATEGORIES

FREE_TRIES = 5
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)
STRONG = {"I", "II"}


@dataclass(frozen=True)
class SessionLength:
    """A session ends after ``whole``, and earlier when nothing was asked for during ``idle``."""

    whole: timedelta
    idle: timedelta


def pause_after(wrong: int) -> timedelta:
    """The pause after so many wrong passwords in a row: none at first, then doubling up to a quarter of an hour."""
    if wrong < FREE_TRIES:
        return timedelta(0)
    return min(FIRST_PAUSE * 2 ** min(wrong - FREE_TRIES, 10), LONGEST_PAUSE)


def length_for(part: str) -> SessionLength:
    """How long a session of staff, of a pupil, or of anybody else may last."""
    minutes = {"staff": settings.STAFF_IDLE_MINUTES, "pupil": settings.PUPIL_IDLE_MINUTES}
    idle = minutes.get(part, settings.FAMILY_IDLE_MINUTES)
    return SessionLength(timedelta(hours=settings.SESSION_HOURS), timedelta(minutes=idle))


def is_strong(use: Use | NoUse | None) -> bool:
    """Whether a use reaches categories of importance class I or II.

    Guideline on education information security policy (MEXT, 2025-03): access of staff to these needs strong
    authentication of several factors.
    """
    return isinstance(use, Use) and any(CATEGORIES[one].importance in STRONG for one in use.categories)


def asks_for_factor(part: str, has_factor: bool, use: Use | NoUse | None) -> bool:
    """Whether a page asks: staff before class I and II; whoever else has a factor before any personal data."""
    return is_strong(use) if part == "staff" else has_factor and isinstance(use, Use)
