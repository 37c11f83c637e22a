"""A table that says what becomes of each pupil of a planned year, class and number too: all or nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Placement, PlannedClass, Rollover

from . import years
from .placing import place


@dataclass(frozen=True)
class Line:
    """A line of the table; ``row`` counts as a spreadsheet does, ``pupil`` is the sourced id, the rest as written."""

    row: int
    pupil: str
    outcome: str
    title: str
    number: str


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line, in the reader's words: where, what was found, what helps."""

    row: int
    found: str
    sentence: str


def recut(rollover: Rollover, lines: Iterable[Line], schools: Collection[UUID] | None = None) -> list[Fault]:
    """Place pupils as a table says; pupils that it does not name stay as planned. With faults nothing is written.

    schools: those whose pupils may be placed; None: all
    """
    with transaction.atomic():
        rollover = years.locked(rollover)
        rows = rollover.placements.select_related("pupil", "rollover")
        known = {one.pupil.sourced_id: one for one in (rows if schools is None else rows.filter(school__in=schools))}
        rooms = {(one.school_id, one.title): one for one in rollover.classes.filter(homeroom=None)}
        faults = [fault for line in lines if (fault := _place(line, known, rooms))]
        faults += _twice(rollover, schools)
        if faults:
            transaction.set_rollback(True)
        return sorted(faults, key=lambda fault: fault.row)


def _place(line: Line, known: Mapping[str, Placement], rooms: Mapping[tuple[UUID, str], PlannedClass]) -> Fault | None:
    one = known.get(line.pupil)
    if one is None:
        return Fault(line.row, line.pupil, _("No pupil of this plan has this ID. Take it from the table you got here."))
    if line.number and not (line.number.isascii() and line.number.isdigit() and 0 < int(line.number) < 1000):
        return Fault(line.row, line.number, _("An attendance number is a whole number, such as 12."))
    keeps = line.outcome == one.outcome == "graduated"
    next_school = one.next_school_id if keeps else None
    room = rooms.get((next_school or one.school_id, line.title))
    if line.title and room is None:
        return Fault(line.row, line.title, _("No planned class of the school has this title, such as 5-1."))
    try:
        number = int(line.number) if line.number else None
        place(one, line.outcome, planned=room, number=number, next_school=next_school)
    except CannotChange as refusal:
        return Fault(line.row, line.title or line.outcome, refusal.sentence)
    return None


def _twice(rollover: Rollover, schools: Collection[UUID] | None) -> list[Fault]:
    """Numbers that two pupils of a class have."""
    rows = rollover.placements.exclude(planned=None).exclude(number=None)
    if schools is not None:
        rows = rows.filter(planned__school__in=schools)
    seen, faults = set[tuple[int | None, int | None]](), []
    for title, key, number in rows.values_list("planned__title", "planned_id", "number"):
        if (key, number) in seen:
            faults.append(Fault(0, f"{title} {number}", _("Two pupils of the class have the same number.")))
        seen.add((key, number))
    return faults
