"""The pupils of the schools of a planned year, as they stand on the last day before it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from terakoya.kit import kana
from terakoya.roster.models import Person

from .counting import Place, places_on

AT_ONCE = 5000


@dataclass(frozen=True)
class Pupil:
    """A pupil with the place of the old year, and what names and classes are put in order by."""

    place: Place
    reading: tuple[str, str, str]


def eve_of(begins: date) -> date:
    """The last day before a school year."""
    return begins - timedelta(days=1)


def pupils_before(begins: date, schools: Collection[UUID]) -> dict[UUID, Pupil]:
    """The pupils of the schools on the day before a year begins, by key; of two schools the one with a class counts."""
    found: dict[UUID, Place] = {}
    for place in sorted(places_on(eve_of(begins), schools), key=lambda one: one.school_class is None):
        found.setdefault(place.person, place)
    readings = reading_keys(found)
    return {key: Pupil(place, readings[key]) for key, place in found.items()}


def reading_keys(people: Iterable[UUID]) -> dict[UUID, tuple[str, str, str]]:
    """By what people are put in the order of their readings: family name, given name, and their key among namesakes."""
    keys = list(people)
    found = {}
    for start in range(0, len(keys), AT_ONCE):
        some = Person.objects.filter(pk__in=keys[start : start + AT_ONCE])
        for key, family, given in some.values_list("uuid", "kana_family", "kana_given"):
            found[key] = (_in_order(family), _in_order(given), str(key))
    return found


def _in_order(reading: str) -> str:
    return kana.scripts(reading)[0]
