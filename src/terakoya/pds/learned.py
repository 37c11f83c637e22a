"""What a child's records say, put together for the child's own page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language, override

from terakoya.curriculum import api as curriculum
from terakoya.records import api as records
from terakoya.ui.api import without_readings

from .overview import name_of

WELL, NEARLY = 80, 60


@dataclass(frozen=True)
class Unit:
    """A unit of a subject: the mean score in per cent, over so many records."""

    title: str
    percent: int
    count: int

    @property
    def word(self) -> str:
        """``well``, ``nearly`` or ``on the way``: kind words are chosen by it, never a rank."""
        if self.percent >= WELL:
            return "well"
        return "nearly" if self.percent >= NEARLY else "on_the_way"


@dataclass(frozen=True)
class Subject:
    code: str
    name: str
    units: list[Unit]

    @property
    def count(self) -> int:
        return sum(unit.count for unit in self.units)


@dataclass(frozen=True)
class Line:
    """One record as the child reads it."""

    at: datetime
    subject: str
    title: str
    percent: int | None
    verb: str
    giver: str


def latest(person: UUID, limit: int) -> list[Line]:
    """The child's newest records, with the organisation that gave each."""
    with override(_language() or get_language()):
        return [_line(line) for line in records.statements_about(person, limit=limit)]


def count(subjects: list[Subject], word: str) -> int:
    """In how many units of all subjects the child has come so far."""
    return sum(unit.word == word for subject in subjects for unit in subject.units)


def learned(person: UUID) -> list[Subject]:
    """The subjects of a child with their units, the best first in each."""
    return [_subject(person, code) for code in records.subjects_of(person)]


def _line(line: records.RecordLine) -> Line:
    return Line(line.at, line.subject_name, _title(line), line.percent, line.verb_name, name_of(line.holder))


def _title(line: records.RecordLine) -> str:
    """The title as its source wrote it; where it names the unit, the name gets its readings."""
    named = line.unit_title
    return line.title.replace(without_readings(named), named, 1) if line.title else named


def _subject(person: UUID, code: str) -> Subject:
    figures = records.unit_figures([person], code).get(person, {})
    units = [
        Unit(curriculum.unit_title(unit, language=_language()), figure.percent, figure.count)
        for unit, figure in figures.items()
    ]
    return Subject(code, curriculum.subject_name(code, _language()), sorted(units, key=lambda unit: -unit.percent))


def _language() -> str | None:
    """The names that carry readings, where Japanese is read: this page is made for a child."""
    return "ja-easy" if (get_language() or "").startswith("ja") else None
