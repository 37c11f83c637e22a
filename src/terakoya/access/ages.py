"""Who decides about a learner's data by the learner's age: rows of ``ages.toml`` over birth dates that rooms know."""

import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from uuid import UUID

from django.conf import settings

from terakoya.kit import clock
from terakoya.standards import ages

from .actors import has_roster

GUARDIAN, ASSENT, SELF = "guardian", "guardian_assent", "self"


@dataclass(frozen=True)
class Birth:
    """A birth date; ``known`` is False where it is that of the youngest child of the learner's year of school."""

    day: date
    known: bool = True

    @property
    def majority(self) -> date:
        """The first day on which the learner acts alone."""
        return ages.majority(self.day)


@dataclass(frozen=True)
class Band:
    """Who decides until the birthday of ``until`` (None: for good)."""

    decides: str
    until: int | None = None


Finder = Callable[[Collection[UUID]], dict[UUID, Birth]]
_finders: list[Finder] = []


def register_births(find: Finder) -> Finder:
    """Register a function of a room that knows birth dates (a store for learners); few queries for many persons."""
    _finders.append(find)
    return find


def births(people: Collection[UUID]) -> dict[UUID, Birth]:
    """The birth dates of those whom the node knows by one, or by a year of school."""
    found = _in_roster(people) if has_roster() else {}
    for finder in _finders:
        if _is_of_this_kind(finder):
            found |= finder(people)
    return found


def _is_of_this_kind(finder: Finder) -> bool:
    """Whether the room that registered the function is one of this kind of node."""
    package, _dot, rest = finder.__module__.partition("terakoya.")
    return bool(package) or rest.split(".")[0] in settings.KIND.rooms


def by_grade(grade: int | None) -> Birth | None:
    """What a year of school says of a birth: that of the youngest who can be in it."""
    if grade is None:
        return None
    return Birth(ages.latest_birth(grade, clock.school_year(clock.today())), known=False)


def who_decides(birth: Birth | None, on: date) -> str:
    """``guardian``, ``guardian_assent`` or ``self``; of a learner of unknown age what holds for the youngest."""
    rows = bands()
    if birth is None:
        return rows[0].decides
    age = ages.age_on(birth.day, on)
    return next(row.decides for row in rows if row.until is None or age < row.until)


def bands() -> tuple[Band, ...]:
    """The rows in force. ``ValueError`` for a file that the law does not allow."""
    return _read(getattr(settings, "AGES_FILE", ""))


@cache
def _read(path: str) -> tuple[Band, ...]:
    text = Path(path).read_text("utf-8") if path else files(__package__).joinpath("ages.toml").read_text("utf-8")
    rows = tuple(Band(**row) for row in tomllib.loads(text)["band"])
    ends = [row.until for row in rows]
    if not rows or ends[-1] is not None or None in ends[:-1] or sorted(ends[:-1]) != ends[:-1]:  # type: ignore[type-var]
        raise ValueError("the rows of the ages stand in order, each but the last with an end")
    if {row.decides for row in rows} - {GUARDIAN, ASSENT, SELF}:
        raise ValueError("a row of the ages names nobody who can decide")
    if any((row.decides == SELF) != (row.until is None) for row in rows) or ages.MAJORITY not in ends:
        raise ValueError(f"nobody decides alone before {ages.MAJORITY}, and no guardian after it")
    return rows


def _in_roster(people: Collection[UUID]) -> dict[UUID, Birth]:
    from terakoya.roster import api as roster

    found: dict[UUID, Birth] = {}
    for key, person in roster.people(people).items():
        known = Birth(person.birth_date) if person.birth_date else by_grade(ages.grade_of_code(person.grade))
        if known is not None:
            found[key] = known
    return found
