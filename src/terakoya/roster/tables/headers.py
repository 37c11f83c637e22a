"""Finds the header of a clerk's table, below titles and blank rows, in one row or in two."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from . import columns, repairs
from .reading import Sheet
from .repairs import Cell

FIRST_ROWS = 20  # in which a header is looked for
FEWEST_FIELDS = 2


@dataclass(frozen=True)
class Header:
    """``row``: the last row of the header, as a spreadsheet counts; the table's rows follow it."""

    row: int
    headings: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What stands for this set of headings where a mapping is remembered for it."""
        return hashlib.sha256("\n".join(columns.plain(one) for one in self.headings).encode()).hexdigest()


def at(sheet: Sheet, row: int, kind: str) -> Header:
    """The header whose last row is this one; the row above is part of it where both together name fields as well."""
    single = Header(row, _headings(sheet.rows[row - 1], sheet.width))
    if row == 1:
        return single
    double = Header(row, _joined(sheet.rows[row - 2], sheet.rows[row - 1], sheet.width, kind))
    both, one = columns.proposal(double.headings, kind), columns.proposal(single.headings, kind)
    return double if both != one and len(both) >= len(one) else single  # a name of both rows says more


def found(sheet: Sheet, kind: str) -> Header | None:
    """The header of a sheet: the row among the first that names most fields, and at least two; None without one."""
    rows = range(1, min(FIRST_ROWS, len(sheet.rows)) + 1)
    best = max((at(sheet, row, kind) for row in rows), key=lambda one: (_fields(one, kind), -one.row), default=None)
    return best if best and _fields(best, kind) >= FEWEST_FIELDS else None


def _fields(header: Header, kind: str) -> int:
    return len(columns.proposal(header.headings, kind))


def _headings(row: Sequence[Cell], width: int) -> tuple[str, ...]:
    cells = [*row, *[None] * (width - len(row))]
    return tuple(repairs.shown(cell).strip() for cell in cells)


def _joined(upper: Sequence[Cell], lower: Sequence[Cell], width: int, kind: str) -> tuple[str, ...]:
    """Headings of two rows: both together where that names a field, else the lower one, else the upper one."""
    pairs = zip(_headings(upper, width), _headings(lower, width), strict=True)
    return tuple(_one_of(above, below, kind) for above, below in pairs)


def _one_of(above: str, below: str, kind: str) -> str:
    ways = [f"{above}{below}" if above != below else below, below, above]
    return next((way for way in ways if columns.field_called(way, kind)), below or above)
