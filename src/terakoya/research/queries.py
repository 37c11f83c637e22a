"""Reads: what a city would release, and the released figures as tables for people and programs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from terakoya.curriculum import api as curriculum
from terakoya.kit import clock

from .models import Cell, Release
from .policy import rules
from .suppression import ALL_GRADES

if TYPE_CHECKING:  # the nation has this room too, but no records
    from terakoya.records import api as records

STAGES = ("P", "J", "H")
_last_count: dict[str, int] = {}


def settled_term() -> "records.Term":
    """The latest school term that had ended ``settle_days`` ago (only where there is a record store)."""
    from terakoya.records import api as records

    return records.terms(clock.today() - timedelta(days=rules().settle_days))[1]


def release_of(term: "records.Term") -> Release | None:
    """The release that this city made of a term."""
    return Release.objects.filter(city=settings.NODE_URL, first_day=term.first_day, last_day=term.last_day).first()


def rows_of(term: "records.Term") -> "Iterator[records.PseudonymousRow]":
    """The pseudonymous rows of a term, in a grade; each reading draws new pseudonyms."""
    from terakoya.records import api as records

    rows = records.pseudonymous_rows(since=term.first_day, until=term.last_day)
    return (row for row in rows if row.grade)


def records_still_come() -> bool:
    """Whether the settled term has more or fewer records than when this was asked last (or was never asked)."""
    term = settled_term()
    count = sum(row.count for row in rows_of(term))
    before = _last_count.get(term.id)
    _last_count[term.id] = count
    return count != before


def releases() -> list[Release]:
    """All releases made (at a city) or received (at the nation), the latest term first."""
    return list(Release.objects.prefetch_related("cells"))


@dataclass(frozen=True)
class Figure:
    """One number as people see it: both None when it is suppressed, and then ``absent`` says there were no pupils."""

    pupils: int | None
    mean: int | None
    absent: bool = False

    @property
    def suppressed(self) -> bool:
        return self.pupils is None and not self.absent


ABSENT = Figure(None, None, absent=True)


@dataclass(frozen=True)
class SubjectRow:
    """One subject: its total, and a figure for each grade of the table."""

    subject: str
    name: str
    total: Figure
    figures: list[Figure]


@dataclass(frozen=True)
class StageTable:
    """The figures of one school stage (elementary, lower secondary): grades across, subjects down."""

    stage: str
    name: str
    grades: list[str]
    rows: list[SubjectRow]


@dataclass(frozen=True)
class Statistic:
    """The figures of the latest released term over all cities whose releases are here."""

    first_day: date
    last_day: date
    cities: list[str]
    smallest_cell: int
    received_at: object
    stages: list[StageTable]


def statistic() -> Statistic | None:
    """The latest term's figures; cities are weighted by their pupils, and only what each of them released is used."""
    latest = Release.objects.order_by("-last_day").first()
    if latest is None:
        return None
    term = list(Release.objects.filter(first_day=latest.first_day, last_day=latest.last_day))
    cells = Cell.objects.filter(release__in=term)
    return Statistic(
        first_day=latest.first_day,
        last_day=latest.last_day,
        cities=[release.city_name for release in term],
        smallest_cell=max(release.smallest_cell for release in term),
        received_at=max(release.received_at or release.made_at for release in term),
        stages=_stages(_merged(cells)),
    )


def grade_name(grade: str) -> str:
    """The name of a grade code (``P5``) in the reader's language; "" is all grades."""
    names = {
        "": _("all grades"),
        "P": _("elementary %(year)s") % {"year": grade[1:]},
        "J": _("junior high %(year)s") % {"year": grade[1:]},
        "H": _("high school %(year)s") % {"year": grade[1:]},
    }
    return names.get(grade[:1], grade)


def _merged(cells: Iterable[Cell]) -> dict[tuple[str, str], Figure]:
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.subject, cell.grade].append(cell)
    return {key: _merge(group) for key, group in groups.items()}


def _merge(cells: list[Cell]) -> Figure:
    shown = [(cell.pupils, cell.mean) for cell in cells if cell.pupils is not None and cell.mean is not None]
    if not shown:
        return Figure(None, None)
    pupils = sum(count for count, _mean in shown)
    return Figure(pupils, round(sum(count * mean for count, mean in shown) / pupils))


def _stages(figures: dict[tuple[str, str], Figure]) -> list[StageTable]:
    return [table for stage in STAGES if (table := _stage(stage, figures)).rows]


def _stage(stage: str, figures: dict[tuple[str, str], Figure]) -> StageTable:
    grades = sorted({grade for subject, grade in figures if grade.startswith(stage)})
    subjects = sorted({subject for subject, grade in figures if grade.startswith(stage)})
    names = {"P": _("Elementary school"), "J": _("Junior high school"), "H": _("High school")}
    rows = [
        SubjectRow(
            subject,
            curriculum.subject_name(subject),
            figures.get((subject, ALL_GRADES), ABSENT),
            [figures.get((subject, grade), ABSENT) for grade in grades],
        )
        for subject in subjects
    ]
    return StageTable(stage, names[stage], [grade_name(grade) for grade in grades], rows)
