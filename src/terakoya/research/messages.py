"""The message that carries a release to the nation, and what the nation refuses. Pure."""

import re
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from terakoya.standards.course_of_study import SUBJECTS

from .errors import ReleaseRefused
from .policy import Rules
from .suppression import ALL_GRADES, Shown

TOPIC = "research.release"
GRADE = re.compile(r"(P[1-6]|J[1-3]|H[1-3])?")
Count = Annotated[int, Meta(ge=1, le=10_000_000)]
Percent = Annotated[int, Meta(ge=0, le=100)]


class CellBody(Struct, forbid_unknown_fields=True):
    """One cell; ``pupils`` and ``mean`` are both null where it is suppressed."""

    grade: Annotated[str, Meta(max_length=10)]
    subject: Annotated[str, Meta(max_length=10)]
    pupils: Count | None
    mean: Percent | None


class ReleaseBody(Struct, forbid_unknown_fields=True):
    """One release: whose it is follows from the signature of the message, so it does not say."""

    release: UUID
    first_day: date
    last_day: date
    smallest_cell: Annotated[int, Meta(ge=1, le=1000)]
    made_at: datetime
    cells: Annotated[list[CellBody], Meta(min_length=1, max_length=500)]


def read_release(body: dict[str, Any], rules: Rules, on: date) -> ReleaseBody:
    """The release in a message. Raises ``ReleaseRefused`` when its shape or one of the rules is broken."""
    try:
        release = msgspec.convert(body, ReleaseBody)
    except msgspec.ValidationError as fault:
        raise ReleaseRefused(f"not a release: {fault}") from None
    if not release.first_day < release.last_day < on:
        raise ReleaseRefused("its term has not ended")
    if release.smallest_cell < rules.smallest_cell:
        raise ReleaseRefused(f"made with cells of {release.smallest_cell}; the least is {rules.smallest_cell}")
    for cell in release.cells:
        _check_cell(cell, release.smallest_cell, rules)
    for subject in {cell.subject for cell in release.cells}:
        _check_subject([cell for cell in release.cells if cell.subject == subject], release.smallest_cell)
    return release


def write_release(body: ReleaseBody) -> dict[str, Any]:
    """The message of a release, as JSON values."""
    message: dict[str, Any] = msgspec.to_builtins(body)
    return message


def cells_of(shown: list[Shown]) -> list[CellBody]:
    """The cells of a table as they travel."""
    return [CellBody(cell.grade, cell.subject, cell.pupils, cell.mean) for cell in shown]


def _check_cell(cell: CellBody, smallest: int, rules: Rules) -> None:
    name = f"{cell.subject} {cell.grade or 'all grades'}"
    if cell.subject not in SUBJECTS or not GRADE.fullmatch(cell.grade):
        raise ReleaseRefused(f"{name}: unknown subject or grade")
    if (cell.pupils is None) != (cell.mean is None):
        raise ReleaseRefused(f"{name}: half suppressed")
    if cell.pupils is not None and cell.pupils < smallest:
        raise ReleaseRefused(f"{name}: {cell.pupils} pupils, fewer than {smallest}")
    if cell.mean is not None and not rules.mean_least <= cell.mean <= rules.mean_most:
        raise ReleaseRefused(f"{name}: mean {cell.mean} is outside {rules.mean_least} to {rules.mean_most}")


def _check_subject(cells: list[CellBody], smallest: int) -> None:
    """Refuse what can be subtracted: the total less the cells that are shown must be no cell and no small group."""
    subject = cells[0].subject
    if len({cell.grade for cell in cells}) != len(cells):
        raise ReleaseRefused(f"{subject}: a grade stands twice")
    total = next((cell.pupils for cell in cells if cell.grade == ALL_GRADES), None)
    grades = [cell for cell in cells if cell.grade != ALL_GRADES]
    hidden = [cell for cell in grades if cell.pupils is None]
    if total is None:
        return
    rest = total - sum(cell.pupils or 0 for cell in grades)
    if hidden and (len(hidden) == 1 or rest < smallest):
        raise ReleaseRefused(f"{subject}: suppressed cells can be computed from the total")
    if not hidden and rest != 0:
        raise ReleaseRefused(f"{subject}: the total is not the sum of its cells")
