"""The rows of a clerk's table as lines: each cell read by the field it stands for, with its repairs and faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import class_names, columns, days, repairs
from .headers import Header
from .reading import Sheet
from .repairs import Cell, Reader, Repair, Repaired, Unreadable

NAMES = {"pupils": ("name", "family", "person"), "staff": ("name", "family", "person"), "guardians": ("guardian_name",)}


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken over; ``column`` from 0, None for the whole row; ``code`` is a kind of finding."""

    code: str
    row: int
    column: int | None = None
    found: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Mended:
    """A repair and where it was made."""

    row: int
    column: int
    field: str
    repair: Repair


@dataclass(frozen=True)
class Line:
    """A row of the table: by field what it says; an empty cell says nothing and is not in it."""

    row: int
    values: Mapping[str, Any]


@dataclass
class Lines:
    """What a table says. ``passed_over``: rows without a name, and headers that stand in between once more."""

    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    mended: list[Mended] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


def read_lines(sheet: Sheet, header: Header, mapping: Mapping[str, int], kind: str, stages: Sequence[str]) -> Lines:
    """Read the rows below a header.

    mapping: by field the column (from 0) in which it stands; stages: the grade codes of the school
    """
    reading = _Reading(sheet, mapping, kind, stages)
    for row in range(header.row + 1, len(sheet.rows) + 1):
        cells = sheet.rows[row - 1]
        if all(cell is None for cell in cells):
            continue
        if not reading.has_name(cells) or _repeats(header, cells):
            reading.lines.passed_over.append(row)
        else:
            reading.read(row, cells)
    reading.fill_zeros()
    return reading.lines


def _repeats(header: Header, cells: Sequence[Cell]) -> bool:
    said = [(heading, repairs.shown(cell).strip()) for heading, cell in zip(header.headings, cells, strict=False)]
    return any(heading for heading, _ in said) and all(heading == cell for heading, cell in said if heading)


class _Reading:
    def __init__(self, sheet: Sheet, mapping: Mapping[str, int], kind: str, stages: Sequence[str]) -> None:
        self.mapping, self.kind, self.lines = mapping, kind, Lines()
        self.readers: dict[str, Reader] = {
            "grade": lambda cell: class_names.grade(cell, stages),
            "grade_section": lambda cell: class_names.grade_section(cell, stages),
            "section": class_names.section,
            "number": repairs.integer,
            "birth_date": lambda cell: days.day(cell, zero=sheet.zero),
            "child_birth_date": lambda cell: days.day(cell, zero=sheet.zero),
            "begins": lambda cell: days.day(cell, zero=sheet.zero),
            "sex": lambda cell: repairs.word(cell, columns.SEXES, "cell.sex"),
            "role": lambda cell: repairs.word(cell, columns.ROLES, "cell.role"),
            "phone": repairs.phone,
            "person": repairs.person_key,
            **dict.fromkeys(("identifier", "username", "email"), repairs.latin),
            **dict.fromkeys(("kana", "kana_family", "kana_given", "guardian_kana"), repairs.reading),
        }

    def has_name(self, cells: Sequence[Cell]) -> bool:
        return any(self._cell(cells, name) is not None for name in NAMES[self.kind])

    def read(self, row: int, cells: Sequence[Cell]) -> None:
        values: dict[str, Any] = {}
        for name, column in self.mapping.items():
            cell = self._cell(cells, name)
            if cell is None or not repairs.shown(cell).strip():
                continue
            try:
                one = self.readers.get(name, repairs.text)(cell)
            except Unreadable as fault:
                self.lines.faults.append(Fault(fault.code, row, column, repairs.shown(cell)))
                continue
            self._keep(row, column, name, one)
            values[name] = one.value
        if "grade_section" in values:
            values["grade"], values["section"] = values.pop("grade_section")
        self.lines.lines.append(Line(row, values))

    def fill_zeros(self) -> None:
        """Give the identifiers of the column back the zeros that a spreadsheet took."""
        lines = [line for line in self.lines.lines if "identifier" in line.values]
        filled = repairs.zero_filled([line.values["identifier"] for line in lines])
        new = {line.row: one for line, one in zip(lines, filled, strict=True) if one.repairs}
        for row, one in new.items():
            self._keep(row, self.mapping["identifier"], "identifier", one)
        self.lines.lines = [
            Line(line.row, {**line.values, "identifier": new[line.row].value}) if line.row in new else line
            for line in self.lines.lines
        ]

    def _cell(self, cells: Sequence[Cell], name: str) -> Cell:
        column = self.mapping.get(name)
        return None if column is None or column >= len(cells) else cells[column]

    def _keep(self, row: int, column: int, name: str, one: Repaired) -> None:
        self.lines.mended += [Mended(row, column, name, repair) for repair in one.repairs]
