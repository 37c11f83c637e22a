"""From pseudonymous rows to a table that tells about groups only. Pure: no database, no names, no ids in the result.

Two steps. Primary suppression takes away each cell with fewer pupils than ``smallest_cell``. Secondary suppression
takes away further cells of the same subject until those that are missing are at least two and hold ``smallest_cell``
pupils together, so that 'total less what is shown' is never one cell and never a small group. Where no cell is left
to take, the total goes. Subjects have totals, grades have none: then each subject is one equation and this suffices.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from .policy import Rules

ALL_GRADES = ""


class Row(Protocol):
    """Mean score (-1 to 1) and number of results of a pupil in a unit; ``pupil`` is a name for this reading only."""

    @property
    def grade(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def pupil(self) -> str: ...
    @property
    def scaled(self) -> float: ...
    @property
    def count(self) -> int: ...


@dataclass(frozen=True)
class Group:
    """A cell before suppression: how many pupils, and the sum of each one's mean score (0 to 1)."""

    grade: str
    subject: str
    pupils: int
    points: float


@dataclass(frozen=True)
class Shown:
    """A cell of the release. ``pupils`` and ``mean`` (per cent, rounded) are both None where it is suppressed."""

    grade: str
    subject: str
    pupils: int | None
    mean: int | None


def table(rows: Iterable[Row], rules: Rules) -> list[Shown]:
    """The release table of the rows, by subject and grade, the total of each subject (grade ``""``) first."""
    by_subject: dict[str, list[Group]] = defaultdict(list)
    for group in groups(rows):
        by_subject[group.subject].append(group)
    return [cell for subject in sorted(by_subject) for cell in protected(by_subject[subject], rules)]


def groups(rows: Iterable[Row]) -> list[Group]:
    """One group for each grade and subject; each pupil counts once, with the mean of the own results."""
    results: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        results[row.grade, row.subject][row.pupil].append(row)
    return [
        Group(grade, subject, len(pupils), sum(_mean(results_of) for results_of in pupils.values()))
        for (grade, subject), pupils in sorted(results.items())
    ]


def _mean(rows: list[Row]) -> float:
    mean = sum(row.scaled * row.count for row in rows) / sum(row.count for row in rows)
    return min(max(mean, 0.0), 1.0)


def protected(subject: list[Group], rules: Rules) -> list[Shown]:
    """The total and the cells of one subject after primary and secondary suppression."""
    hidden = [group for group in subject if group.pupils < rules.smallest_cell]
    shown = sorted((group for group in subject if group not in hidden), key=lambda g: (g.pupils, g.grade))
    while shown and not _safe(hidden, rules):
        hidden.append(shown.pop(0))
    total = Group(ALL_GRADES, subject[0].subject, sum(g.pupils for g in subject), sum(g.points for g in subject))
    return [
        _cell(total, not _safe(hidden, rules), rules),
        *(_cell(group, group in hidden, rules) for group in subject),
    ]


def _safe(hidden: list[Group], rules: Rules) -> bool:
    return not hidden or (len(hidden) > 1 and sum(g.pupils for g in hidden) >= rules.smallest_cell)


def _cell(group: Group, suppressed: bool, rules: Rules) -> Shown:
    if suppressed:
        return Shown(group.grade, group.subject, None, None)
    mean = round(100 * group.points / group.pupils)
    return Shown(group.grade, group.subject, group.pupils, min(max(mean, rules.mean_least), rules.mean_most))
