"""Records as the portal shows them: a class by units, and one pupil's sheet. Who may see them was asked before."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import get_language

from terakoya.curriculum import api as curriculum
from terakoya.records import api as records
from terakoya.roster import api as roster
from terakoya.standards.course_of_study import ITEMS

STUCK_BELOW = 40
STUCK_UNITS_TO_SPEAK = 2
PUPILS_TO_SPEAK_TO = 3
LATEST = 20


@dataclass(frozen=True)
class Choice:
    """Something to choose: its code and its name, with readings in notation."""

    code: str
    name: str


@dataclass(frozen=True)
class PupilRow:
    """A pupil in the overview; ``cells`` are percentages in the order of the units, None where not taken."""

    pupil: roster.Pupil
    cells: Sequence[int | None]

    @property
    def taken(self) -> list[int]:
        return [percent for percent in self.cells if percent is not None]

    @property
    def stuck(self) -> int:
        """In how many units the pupil is below 40 %."""
        return sum(percent < STUCK_BELOW for percent in self.taken)

    @property
    def need(self) -> tuple[int, float]:
        """Greatest need first: most stuck units, then the lowest mean; who took nothing comes last."""
        return -self.stuck, sum(self.taken) / len(self.taken) if self.taken else 101


@dataclass(frozen=True)
class ToSpeakTo:
    """A pupil whom the teacher may want to speak to, and the units that are why."""

    pupil: roster.Pupil
    units: list[str]


@dataclass(frozen=True)
class Overview:
    """A class in one subject. ``means`` are those of the class, in the order of the units."""

    units: list[Choice]
    rows: list[PupilRow]
    means: list[int | None]
    to_speak_to: list[ToSpeakTo]


@dataclass(frozen=True)
class UnitLine:
    """One unit of a sheet; ``percent`` is None where nothing was scored."""

    name: str
    percent: int | None
    count: int


@dataclass(frozen=True)
class Sheet:
    """One pupil's records of one subject in one period (``term`` None: since the beginning)."""

    subjects: list[Choice]
    subject: Choice | None
    terms: list[records.Term]
    term: records.Term | None
    units: list[UnitLine]
    latest: list[records.RecordLine]
    count: int


def _with_readings() -> str | None:
    """Japanese names come with readings, which the page takes out for readers who do not want them."""
    return "ja-easy" if (get_language() or "ja").startswith("ja") else None


def subject_choice(code: str) -> Choice:
    """A subject by its national code."""
    return Choice(code, curriculum.subject_name(code, _with_readings()))


def unit_choice(code: str, given: str = "") -> Choice:
    """A unit by its Course of Study code."""
    return Choice(code, curriculum.unit_title(code, given, _with_readings()))


def subjects_of_class(taught: roster.SchoolClass) -> list[Choice]:
    """The subjects that the course of study has for the class; those it is for, when it is a class of a subject."""
    own = set(filter(None, taught.subject_codes.split(",")))
    grades = set(taught.grades.split(","))
    codes = sorted({item.subject for item in ITEMS.values() if item.grade in grades})
    if not taught.is_homeroom and own & set(codes):
        codes = [code for code in codes if code in own]
    return [subject_choice(code) for code in codes]


def units_of(grades: Collection[str], subject: str, more: Iterable[str] = ()) -> list[Choice]:
    """The units of a subject in the grades by their codes, then further ones that have records."""
    planned = sorted(code for code, item in ITEMS.items() if item.subject == subject and item.grade in grades)
    further = sorted(set(more) - set(planned))
    return [unit_choice(code) for code in (*planned, *further)]


def overview(pupils: Sequence[roster.Pupil], grades: Collection[str], subject: str, order: str) -> Overview:
    """The class by units; ``order`` is "need" (greatest first) or "number". Two queries, whatever the class."""
    figures = records.unit_figures([pupil.person for pupil in pupils], subject)
    units = units_of(grades, subject, (code for mine in figures.values() for code in mine))
    rows = [PupilRow(pupil, _cells(figures.get(pupil.person, {}), units)) for pupil in pupils]
    columns = list(zip(*(row.cells for row in rows), strict=True)) if rows else [() for _unit in units]
    if order == "need":
        rows.sort(key=lambda row: row.need)
    return Overview(units, rows, [_mean(column) for column in columns], _to_speak_to(rows, units))


def _cells(figures: dict[str, records.Figure], units: Iterable[Choice]) -> list[int | None]:
    return [figures[unit.code].percent if unit.code in figures else None for unit in units]


def _mean(column: Iterable[int | None]) -> int | None:
    taken = [percent for percent in column if percent is not None]
    return round(sum(taken) / len(taken)) if taken else None


def _to_speak_to(rows: Iterable[PupilRow], units: Sequence[Choice]) -> list[ToSpeakTo]:
    """Those below 40 % in two units or more. The rule is the school's own and stands on the page."""
    chosen = sorted((row for row in rows if row.stuck >= STUCK_UNITS_TO_SPEAK), key=lambda row: row.need)
    return [ToSpeakTo(row.pupil, _stuck_units(row, units)) for row in chosen[:PUPILS_TO_SPEAK_TO]]


def _stuck_units(row: PupilRow, units: Sequence[Choice]) -> list[str]:
    low = [(cell, unit.name) for cell, unit in zip(row.cells, units, strict=True) if cell is not None]
    return [name for percent, name in sorted(low) if percent < STUCK_BELOW][:3]


def sheet(person: roster.Person, subject: str, term: str, within: Collection[str] | None = None) -> Sheet:
    """A pupil's sheet of the wanted subject and term, or of the first subject since the beginning.

    ``within`` limits it to subjects (a subject teacher sees what they teach); None for all.
    """
    subjects = [code for code in records.subjects_of(person.uuid) if within is None or code in within]
    chosen = subject if subject in subjects else next(iter(subjects), "")
    terms = records.terms()
    period = next((one for one in terms if one.id == term), None)
    days = {"since": period.first_day, "until": period.last_day} if period else {"since": None, "until": None}
    return Sheet(
        subjects=[subject_choice(code) for code in subjects],
        subject=subject_choice(chosen) if chosen else None,
        terms=terms,
        term=period,
        units=_unit_lines(person, chosen, **days) if chosen else [],
        latest=records.statements_about(person.uuid, subjects=[chosen], limit=LATEST, **days) if chosen else [],
        count=records.count_about(person.uuid, subjects=[chosen], **days) if chosen else 0,
    )


def _unit_lines(person: roster.Person, subject: str, since: date | None, until: date | None) -> list[UnitLine]:
    figures = records.unit_figures([person.uuid], subject, since=since, until=until).get(person.uuid, {})
    lines = []
    for unit in units_of([person.grade], subject, figures):
        figure = figures.get(unit.code)
        lines.append(UnitLine(unit.name, figure.percent if figure else None, figure.count if figure else 0))
    return lines


def subjects_taught(teacher: UUID, pupil: UUID) -> set[str]:
    """The subjects in which somebody teaches the pupil today."""
    return subjects_by_pupil(teacher).get(pupil, set())


def subjects_by_pupil(teacher: UUID) -> dict[UUID, set[str]]:
    """The pupils whom somebody teaches today outside a homeroom, each with the subjects."""
    found: dict[UUID, set[str]] = {}
    for taught in roster.classes_of_teacher(teacher):
        if not taught.is_homeroom:
            for pupil in roster.pupils_in(taught):
                found.setdefault(pupil.person, set()).update(filter(None, taught.subject_codes.split(",")))
    return found
