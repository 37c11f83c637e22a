"""What is told of rows that are no more: the end of a list that asks for changes or for what is to be deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from terakoya.roster import api as roster
from terakoya.roster.api import tombstones
from terakoya.standards.oneroster_query import Clause, Filter

from .filtering import CHANGE, STATUS, By, moment_of
from .readers import Reader


@dataclass(frozen=True)
class Gone:
    """The rows of a table that are no more and that a question asks for, in the order in which they went."""

    parts: tuple[tombstones.Part, ...]
    reader: Reader

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(part.rows for part in self.parts)

    def between(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Those from one place to before another."""
        found, before = list[dict[str, Any]](), 0
        for part in self.parts:
            first, last = max(start - before, 0), min(stop - before, part.rows)
            if first < last:
                found += tombstones.rows_of(part.number, self.reader.schools, self.reader.change)[first:last]
            before += part.rows
        return found


def gone_of(table: str, reader: Reader, asked: Filter | None, by: Mapping[str, By]) -> Gone:
    """Those of a table that a filter asks for: one about moments and status alone; any other asks for what is there."""
    if not table or asked is None or any(by[clause.field].kind not in (CHANGE, STATUS) for clause in asked.clauses):
        return Gone((), reader)
    parts = tombstones.parts_of(table, reader.schools, reader.change)
    return Gone(tuple(part for part in parts if part.rows and _fits(part, asked, by)), reader)


def _fits(part: tombstones.Part, asked: Filter, by: Mapping[str, By]) -> bool:
    fits = [_applies(part, clause, by[clause.field].kind) for clause in asked.clauses]
    return any(fits) if asked.join == "OR" else all(fits)


def _applies(part: tombstones.Part, clause: Clause, kind: str) -> bool:
    if kind == STATUS:
        return (clause.value == "tobedeleted") is (clause.operator == "=")
    moment = moment_of(clause)
    at, after = roster.first_change_from(moment), roster.first_change_from(moment, after=True)
    found = {
        ">=": part.change >= at,
        ">": part.change >= after,
        "<": part.change < at,
        "<=": part.change < after,
        "=": at <= part.change < after,
        "!=": not at <= part.change < after,
    }
    return found[clause.operator]
