"""One CSV file of a package: its encoding, its header, and its rows as frames."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from terakoya.kit.ahead import ahead
from terakoya.roster.findings import ERROR, NOTE, Findings
from terakoya.standards import oneroster
from terakoya.standards.oneroster import Column

from . import chunks
from .chunks import ROW, NotCsv, NotText

HELD_BYTES = 192 << 20  # files up to this size are read once; what stands in them stays in memory
GONE = "tobedeleted"
Row = Mapping[str, Any]


@dataclass
class Table:
    """A file: the places of its known columns. ``is_whole``: whether all of it could be read so far.

    mode: ``bulk``, ``delta``, or ``absent``. older: identifiers of the rows of a delta that lost against newer ones
    """

    name: str
    path: Path
    places: dict[str, int] = field(default_factory=dict)
    columns: list[Column] = field(default_factory=list)
    header: tuple[str, ...] = ()
    width: int = 0
    start: int = 0
    is_whole: bool = True
    held: list[pl.DataFrame] | None = None
    pieces: list[chunks.Place] = field(default_factory=list)
    count: int = 0  # of rows, once they were read
    mode: str = "bulk"
    older: set[str] = field(default_factory=set)

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def has(self, column: str) -> bool:
        return column in self.places

    def frames(self) -> Iterator[pl.DataFrame]:
        """The rows that say how things are: of a delta those that are active, and not older than what is held."""
        for frame in self.every_frame():
            yield self._newest(frame).filter(pl.col("status") != GONE) if self.mode == "delta" else frame

    def gone(self) -> list[str]:
        """The identifiers that a delta takes away."""
        if self.mode != "delta":
            return []
        frames = map(self._newest, self.every_frame())
        return [key for frame in frames for key in frame.filter(pl.col("status") == GONE)["sourcedId"]]

    def moments(self) -> dict[str, datetime]:
        """When the rows of a delta were last changed, by their identifiers."""
        pairs = (frame.select("sourcedId", "dateLastModified").iter_rows() for frame in self.every_frame())
        return {key: datetime.fromisoformat(at) for part in pairs for key, at in part if key not in self.older}

    def _newest(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(~pl.col("sourcedId").is_in(list(self.older))) if self.older else frame

    def every_frame(self, findings: Findings | None = None) -> Iterator[pl.DataFrame]:
        """All rows, some at a time: every column that the standard knows (empty where the file has it not) and ``ROW``.

        findings: where to tell of what cannot be read; once a file is enough
        """
        if self.held is not None:
            yield from map(self._completed, self.held)
            return
        if not self.width:
            return
        count = 0
        held: list[pl.DataFrame] | None = [] if self.path.stat().st_size <= HELD_BYTES else None
        for part in self._parts(findings):
            frame = part.select(ROW, **{column.name: str(self.places[column.name]) for column in self.columns})
            count += frame.height
            if held is not None:
                held.append(_filled(frame))
            yield self._completed(frame)
        self.held, self.count = held, count

    def frame(self, *columns: str) -> pl.DataFrame:
        """Some columns of all rows at once."""
        parts = [frame.select(ROW, *columns) for frame in self.frames()]
        return pl.concat(parts) if parts else pl.DataFrame(schema={ROW: pl.Int64} | dict.fromkeys(columns, pl.String))

    def rows(self) -> Iterator[Row]:
        """The rows one by one, for files that are never large."""
        for frame in self.frames():
            yield from frame.iter_rows(named=True)

    def _completed(self, frame: pl.DataFrame) -> pl.DataFrame:
        names = [column.name for column in oneroster.COLUMNS[self.name]]
        missing = [pl.lit("").alias(name) for name in names if name not in frame.columns]
        return frame.with_columns(missing)

    def _parts(self, findings: Findings | None) -> Iterator[pl.DataFrame]:
        findings = findings if findings is not None else Findings()
        try:
            for part in ahead(chunks.parts(self.path, self.width, self.start, self.pieces)):
                for number, cells in part.ragged:
                    self.is_whole = False
                    findings.add("row.length", file=self.file, row=number, cells=cells, columns=self.width)
                yield part.frame
        except (NotText, NotCsv) as fault:
            self.is_whole = False
            _tell(self.name, self.path, fault, findings)


def read_rows(name: str, path: Path, findings: Findings) -> list[tuple[int, list[str]]]:
    """The rows of a small file with their numbers, header first, whatever their width. Empty rows are left out but
    counted, as a spreadsheet does."""
    data = path.read_bytes()
    _tell_of_mark(name, data, findings)
    try:
        rows = list(chunks.by_csv(data.removeprefix(chunks.BOM), 0))
    except (NotText, NotCsv) as fault:
        _tell(name, path, fault, findings)
        return []
    filled = [(number, cells) for number, cells in rows if any(cells)]
    if not filled or filled[0][0] != 1:
        findings.add("file.empty", file=f"{name}.csv", row=1)
        return []
    return filled


def open_table(name: str, path: Path, findings: Findings) -> Table:
    """A rostering file with its header recognised; its rows are not read yet."""
    table = Table(name, path)
    with path.open("rb") as file:
        _tell_of_mark(name, file.read(len(chunks.BOM)), findings)
    try:
        header, table.start = chunks.first_record(path)
    except (NotText, NotCsv) as fault:
        _tell(name, path, fault, findings)
        table.is_whole = False
        return table
    if any(header):
        table.header, table.width = tuple(header), len(header)
        _recognise(table, header, findings)
    else:
        findings.add("file.empty", file=table.file, row=1)
        table.is_whole = False
    return table


def _tell_of_mark(name: str, data: bytes, findings: Findings) -> None:
    if data.startswith(chunks.BOM):
        findings.add("file.bom", severity=NOTE, file=f"{name}.csv", row=1)


def _tell(name: str, path: Path, fault: NotText | NotCsv, findings: Findings) -> None:
    code = "file.csv"
    if isinstance(fault, NotText):
        code = "file.encoding_cp932" if _is_cp932(path) else "file.encoding"
    findings.add(code, file=f"{name}.csv", row=fault.row)


def _is_cp932(path: Path) -> bool:
    try:
        with path.open(encoding="cp932", newline="") as file:
            while text := file.read(1 << 20):
                if "\0" in text:
                    return False
    except UnicodeDecodeError:
        return False
    return True


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


def _filled(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame without the columns in which nothing stands."""
    return frame.select(name for name in frame.columns if name == ROW or (frame[name] != "").any())
