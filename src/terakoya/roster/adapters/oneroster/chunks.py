"""Reads a CSV file in parts of whole records, each as a frame of texts; a file of any size in little memory.

A part that reads quickly accounts for every byte of it. Any other (empty rows, ragged rows, odd quotation marks) goes
through the ``csv`` module, which decides what it means, row by row.
"""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import polars as pl

BYTES_AT_ONCE = 32 << 20
ROW = "#"  # the column of row numbers, as a spreadsheet counts them
QUOTE, LINE = b'"', b"\n"
BOM = b"\xef\xbb\xbf"
csv.field_size_limit(min(sys.maxsize, 1 << 24))


class NotText(Exception):
    """A part that is no UTF-8. ``row``: the first row that is not."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class NotCsv(Exception):
    """From ``row`` on the file cannot be read."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class Part:
    """Some records of a file. ``frame``: by place ("0", "1", ...) and ``ROW``, without empty rows; ``ragged``: rows of
    another width, with their cells."""

    frame: pl.DataFrame
    ragged: list[tuple[int, int]]


def first_record(path: Path) -> tuple[list[str], int]:
    """The first record of a file and where the next begins, in bytes; no cells when it is empty.

    NotText, NotCsv
    """
    with path.open("rb") as file:
        piece = next(_pieces(file), b"")
    start = len(BOM) if piece.startswith(BOM) else 0
    end = next(_ends(piece, start), len(piece))
    rows = list(by_csv(piece[start:end], 0))
    return (rows[0][1], end) if rows else ([], end)


class Place(NamedTuple):
    """Where a part stands in its file, the rows before it, and whether it reads quickly: for the second reading."""

    start: int
    length: int
    before: int
    is_quick: bool


def parts(path: Path, width: int, start: int, places: list[Place]) -> Iterator[Part]:
    """The records of a file from a byte on, which is the beginning of row 2.

    places: empty at the first reading, which notes there what the next ones need not find out again
    NotText, NotCsv
    """
    with path.open("rb") as file:
        if places:
            for place in places:
                file.seek(place.start)
                piece = file.read(place.length)
                frame = _parsed(piece, width) if place.is_quick else None
                yield _part(piece, width, place.before, frame)[0]
            return
        file.seek(start)
        before, found = 1, list[Place]()
        for piece in _pieces(file):
            frame = _quickly(piece, width)
            part, count = _part(piece, width, before, frame)
            found.append(Place(start, len(piece), before, frame is not None))
            start, before = start + len(piece), before + count
            yield part
        places += found


def _part(piece: bytes, width: int, before: int, frame: pl.DataFrame | None) -> tuple[Part, int]:
    if frame is None:
        return _slowly(piece, width, before)
    numbers = pl.int_range(before + 1, before + frame.height + 1, eager=True).alias(ROW)
    return Part(frame.with_columns(numbers), []), frame.height


def _pieces(file: io.BufferedReader) -> Iterator[bytes]:
    """Whole records, about ``BYTES_AT_ONCE`` at a time; what never ends is the last piece."""
    length = BYTES_AT_ONCE
    while len(piece := file.read(length)) == length:
        if cut := _last_end(piece):
            yield piece[:cut]
            file.seek(cut - len(piece), io.SEEK_CUR)
            length = BYTES_AT_ONCE
            continue
        if length > 2 * BYTES_AT_ONCE:
            break  # no record is as long: a quotation mark is missing, and what is here tells where
        file.seek(-length, io.SEEK_CUR)
        length += BYTES_AT_ONCE
    if piece:
        yield piece


def _last_end(piece: bytes) -> int:
    """Where the last whole record ends: after a line feed with an even number of quotation marks before it."""
    if QUOTE not in piece:
        return piece.rfind(LINE) + 1
    marks, end = piece.count(QUOTE), len(piece)
    while (end := piece.rfind(LINE, 0, end)) >= 0:
        if (marks - piece.count(QUOTE, end)) % 2 == 0:
            return end + 1
    return 0


def _ends(piece: bytes, start: int) -> Iterator[int]:
    at = marks = 0
    at = start
    while (end := piece.find(LINE, at)) >= 0:
        marks += piece.count(QUOTE, at, end)
        at = end + 1
        if marks % 2 == 0:
            yield at


def _quickly(piece: bytes, width: int) -> pl.DataFrame | None:
    """The records, when every byte of them is accounted for."""
    if b"\r" in piece and piece.count(b"\r") != piece.count(b"\r\n"):
        return None
    frame = _parsed(piece, width)
    return frame if frame is not None and _accounts_for(frame, piece) else None


def _parsed(piece: bytes, width: int) -> pl.DataFrame | None:
    places = {str(place): pl.String for place in range(width)}
    try:
        return pl.read_csv(
            _ended(piece), has_header=False, schema=places, infer_schema=False, empty_string_is_null=False, glob=False
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None


def _ended(piece: bytes) -> bytes:
    return piece if piece.endswith(LINE) else piece + (b"\r\n" if b"\r\n" in piece else LINE)


def _accounts_for(frame: pl.DataFrame, piece: bytes) -> bool:
    piece = _ended(piece)
    cells = frame.select(pl.sum_horizontal(pl.all().str.len_bytes().cast(pl.Int64)).alias("bytes"))
    if cells["bytes"].null_count() or not (cells["bytes"] > 0).all():  # a short row, or one without any content
        return False
    marks = piece.count(QUOTE) if QUOTE in piece else 0
    length = int(cells["bytes"].sum()) + marks + frame.height * (frame.width - 1)
    ends = (frame.height, 2 * frame.height)
    if len(piece) - length in ends:
        return True
    inside = frame.select(pl.all().str.count_matches('"', literal=True).sum()).sum_horizontal()[0]
    return inside > 0 and len(piece) - length + inside in ends


def _slowly(piece: bytes, width: int, before: int) -> tuple[Part, int]:
    rows, ragged, count = list[list[str]](), list[tuple[int, int]](), 0
    numbers = list[int]()
    for number, cells in by_csv(piece, before):
        count = number - before
        if len(cells) == width and any(cells):
            rows.append(cells)
            numbers.append(number)
        elif any(cells):
            ragged.append((number, len(cells)))
    places = {str(place): pl.String for place in range(width)}
    frame = pl.DataFrame(rows, schema=places, orient="row").with_columns(pl.Series(ROW, numbers, pl.Int64))
    return Part(frame, ragged), count


def by_csv(piece: bytes, before: int) -> Iterator[tuple[int, list[str]]]:
    """The records of a piece with their numbers, counted on from ``before``. NotText, NotCsv"""
    try:
        text = piece.decode()
    except UnicodeDecodeError as fault:
        whole = piece[: fault.start].decode()
        inside = sum(1 for _ in csv.reader(io.StringIO(whole + "x", newline="")))
        raise NotText(before + max(1, inside)) from None
    number = before
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), before + 1):
            yield number, cells
    except csv.Error:
        raise NotCsv(number + 1) from None
