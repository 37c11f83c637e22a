"""Reads one CSV file of a package: encoding, rows as a spreadsheet counts them, header."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from terakoya.roster.findings import ERROR, NOTE, Findings
from terakoya.standards import oneroster
from terakoya.standards.oneroster import Column

BOM = b"\xef\xbb\xbf"


@dataclass
class Row:
    """A row with its number as a spreadsheet shows it (the header is row 1)."""

    number: int
    cells: list[str]


@dataclass
class Table:
    """A file: its known columns with their places, and its rows."""

    name: str
    places: dict[str, int] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def has(self, column: str) -> bool:
        return column in self.places

    def value(self, row: Row, column: str) -> str:
        """The cell of a row under a column; empty where the file has no such column."""
        place = self.places.get(column)
        return "" if place is None else row.cells[place]

    def values(self, column: str) -> Iterator[tuple[Row, str]]:
        """The filled cells of a column."""
        place = self.places.get(column)
        if place is not None:
            for row in self.rows:
                if row.cells[place]:
                    yield row, row.cells[place]


def read_rows(name: str, data: bytes, findings: Findings) -> list[Row]:
    """The rows of a file, header first. Empty rows are left out but counted, as a spreadsheet does."""
    text = _decoded(name, data, findings)
    if text is None:
        return []
    rows: list[Row] = []
    number = 0
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, cells in enumerate(reader, 1):
            if any(cells):
                rows.append(Row(number, cells))
    except csv.Error:
        findings.add("file.csv", file=f"{name}.csv", row=number + 1)
        return []
    if not rows or rows[0].number != 1:
        findings.add("file.empty", file=f"{name}.csv", row=1)
        return []
    return rows


def read_table(name: str, data: bytes, findings: Findings) -> Table:
    """A rostering file with its header recognised and every row as wide as the header."""
    table = Table(name)
    rows = read_rows(name, data, findings)
    if rows:
        _recognise(table, rows[0].cells, findings)
        width = len(rows[0].cells)
        table.rows = [row for row in rows[1:] if _is_wide_enough(table, row, width, findings)]
    return table


def _decoded(name: str, data: bytes, findings: Findings) -> str | None:
    file = f"{name}.csv"
    if data.startswith(BOM):
        findings.add("file.bom", severity=NOTE, file=file, row=1)
        data = data[len(BOM) :]
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8")
        row = max(1, sum(1 for _ in csv.reader(io.StringIO(before + "x", newline=""))))
        code = "file.encoding_cp932" if _is_cp932(data) else "file.encoding"
        findings.add(code, file=file, row=row)
        return None


def _is_cp932(data: bytes) -> bool:
    try:
        data.decode("cp932")
    except UnicodeDecodeError:
        return False
    return b"\0" not in data


def _recognise(table: Table, header: list[str], findings: Findings) -> None:
    spellings = {
        spelling: column
        for column in oneroster.COLUMNS[table.name]
        for spelling in (column.name, column.also)
        if spelling
    }
    for index, heading in enumerate(header):
        column = spellings.get(heading)
        if column is not None and column.name not in table.places:
            table.places[column.name] = index
            table.columns.append(column)
        else:
            fault, severity = _fault_of(heading, known=column is not None)
            findings.add(
                fault,
                severity=severity,
                file=table.file,
                row=1,
                index=index,
                header=heading,
                found=heading,
                cause="" if heading else str(index),
            )
    _look_for_missing(table, findings)


def _fault_of(heading: str, *, known: bool) -> tuple[str, str]:
    """What is wrong with a heading, and how bad it is."""
    if not heading:
        return "header.empty", ERROR
    if known:
        return "header.twice", ERROR
    return ("header.extension", NOTE) if heading.startswith(oneroster.EXTENSION) else ("header.unknown", ERROR)


def _look_for_missing(table: Table, findings: Findings) -> None:
    known = oneroster.COLUMNS[table.name]
    for column in known:
        if column.must_be_there and column.name not in table.places:
            findings.add("header.missing", file=table.file, row=1, header=column.name, name=column.name)
    base = [column.name for column in known if column.must_be_there]
    if [column.name for column in table.columns if column.must_be_there] != base and not findings.has_errors:
        findings.add("header.order", severity=NOTE, file=table.file, row=1)


def _is_wide_enough(table: Table, row: Row, width: int, findings: Findings) -> bool:
    if len(row.cells) == width:
        return True
    findings.add("row.length", file=table.file, row=row.number, cells=len(row.cells), columns=width)
    return False
