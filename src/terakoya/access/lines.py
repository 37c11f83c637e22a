"""Lines of 'who looked at my data' as people read them: by day, the machine's repeated ones as one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from terakoya.kit import clock

from . import words
from .accesses import AccessLine


@dataclass(frozen=True)
class Row:
    """One readable line. ``first`` and ``last`` are the first and last moment of what it puts together.

    ``id`` is that of its last line, by which one asks about it; ``each`` are the moments with the number of records,
    newest first.
    """

    id: int
    who: str
    name: str
    organisation: str
    place: str
    kind: str
    family: bool
    machine: bool
    what: str
    category: str
    purpose: str
    purpose_for_a_pupil: str
    rule: str
    clause: str
    clause_for_a_pupil: str
    records: int
    times: int
    first: datetime
    last: datetime
    each: tuple[tuple[datetime, int], ...] = ()


@dataclass(frozen=True)
class Day:
    """The rows of one day, newest first."""

    day: date
    rows: list[Row]


def by_day(lines: Iterable[AccessLine | dict[str, Any]]) -> list[Day]:
    """Lines (or their dicts) as days with rows. Alike lines of a day become one row with the number of times."""
    known = [line if isinstance(line, AccessLine) else AccessLine.from_dict(line) for line in lines]
    newest_first = sorted(known, key=lambda line: (line.at, line.id), reverse=True)
    return [Day(day, _rows(list(group))) for day, group in groupby(newest_first, _day)]


def _rows(lines: list[AccessLine]) -> list[Row]:
    alike: dict[tuple[str, ...], list[AccessLine]] = {}
    for line in lines:
        alike.setdefault(_likeness(line), []).append(line)
    return [_row(group) for group in alike.values()]


def _likeness(line: AccessLine) -> tuple[str, ...]:
    facts = (line.node, line.organisation, line.role, line.detail, line.name, line.what, line.category, line.purpose)
    return (*facts, line.rule, line.clause)


def _row(group: list[AccessLine]) -> Row:
    line = group[0]
    return Row(
        id=line.id,
        who=_who(line),
        name=line.name,
        organisation=line.organisation,
        place=line.node,
        kind=line.node_kind,
        family=line.stakeholder == "student" and line.role != "node",
        machine=line.role in ("node", "own_node", "keeps_for_the_person"),
        what=words.what_name(line.what),
        category=words.category_name(line.category),
        purpose=words.purpose_name(line.purpose),
        purpose_for_a_pupil=words.purpose_for_a_pupil(line.purpose),
        rule=line.rule,
        clause=words.clause_words(line.clause, line.stakeholder),
        clause_for_a_pupil=words.clause_for_a_pupil(line.clause, line.stakeholder),
        records=sum(entry.count for entry in group),
        times=len(group),
        first=group[-1].at,
        last=line.at,
        each=tuple((entry.at, entry.count) for entry in group),
    )


def _who(line: AccessLine) -> str:
    if line.role == "homeroom_teacher" and line.detail:
        # family
        return _("homeroom teacher of %(class)s") % {"class": line.detail}
    return words.role_name(line.role)


def _day(line: AccessLine) -> date:
    return line.at.astimezone(clock.JAPAN).date()
