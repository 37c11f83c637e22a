"""Cells as OneRoster writes them."""

import re
import unicodedata
from datetime import date, timedelta

from terakoya.standards.oneroster_profiles import Profile

BOOLEANS = ("false", "true")
ONE_DAY = timedelta(days=1)
HALF_WIDTH = re.compile("[\uff61-\uff9f]+")
ALONE = str.maketrans("\u3099\u309a", "\u309b\u309c")


def boolean(value: bool) -> str:
    return BOOLEANS[value]


def last_day(ends: date | None) -> str:
    """The last day of a period; the roster keeps the first day after it."""
    return (ends - ONE_DAY).isoformat() if ends else ""


def listed(profile: Profile, vocabulary: str, values: str) -> str:
    """Those of a list that the profile has."""
    if not values:
        return ""
    return ",".join(one for value in values.split(",") if (one := profile.carried(vocabulary, value)))


def paired(names: str, codes: str) -> tuple[str, str]:
    """Subjects with their codes. Lists of different lengths say nothing about each other: then neither is told."""
    return (names, codes) if names.count(",") == codes.count(",") and bool(names) == bool(codes) else ("", "")


def widened(text: str) -> str:
    """A text with its half-width katakana in full width; a mark that follows no letter stands for itself."""
    return HALF_WIDTH.sub(lambda found: unicodedata.normalize("NFKC", found[0]).translate(ALONE), text)
