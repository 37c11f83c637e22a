"""Reads what a clerk sends: a workbook of Excel, or text of commas or tabs, as sheets of cells.

Text is decoded strictly as UTF-8, else as CP932, the Shift_JIS of Windows; nothing is guessed from its letters. A
workbook's macros and links are not read, formulas give what they last showed, and its parts are looked at before they
are unpacked.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .days import EXCEL_ZERO
from .repairs import Cell

LARGEST_FILE = 10_000_000  # bytes as sent
LARGEST_UNPACKED = 40_000_000  # bytes of all parts of a workbook
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 30, 20_000, 100
MOST_MERGED = 200_000  # cells under merged ones
FIRST_LINES = 20  # in which a tab says that tabs part the cells
MERGED = re.compile(rb"""mergeCell\s+ref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']""")
NOT_IN_CP932 = set("\x80\xa0\uf8f0\uf8f1\uf8f2\uf8f3")  # single bytes of no meaning that the codec lets through
ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MAC_ZERO = date(1904, 1, 1)


class Refused(Exception):
    """The file cannot be read; ``code`` is the kind of finding, ``details`` its places."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details

    def __str__(self) -> str:
        from .words import say

        return " ".join(filter(None, (say(self.code, part, self.details) for part in ("problem", "mend"))))


@dataclass
class Sheet:
    """A table as rows of cells; the first row is 1, as a spreadsheet counts. ``zero`` is its day 0.

    A row of a text may go over several lines; rows are counted all the same as a spreadsheet shows them.
    """

    name: str
    rows: list[list[Cell]]
    zero: date = EXCEL_ZERO
    encoding: str = ""

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


@dataclass
class Book:
    """The sheets of a file that have something in them; ``notes`` are kinds of findings that only tell."""

    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)


def read(data: bytes, most_rows: int = MOST_ROWS) -> Book:
    """The sheets of a file; ``Refused`` when it is too large, locked, or neither a workbook nor text."""
    if len(data) > LARGEST_FILE:
        raise Refused("table.too_large", limit=LARGEST_FILE // 1_000_000)
    if data.startswith(OLD_EXCEL):
        raise Refused("table.old_excel")  # .xls, or an .xlsx behind a password
    book = _workbook(data, most_rows) if data.startswith(ZIP) else Book([_text_sheet(data, most_rows)])
    book.sheets = [sheet for sheet in (_trimmed(one) for one in book.sheets) if sheet.rows]
    if not book.sheets:
        raise Refused("table.empty")
    return book


def decoded(data: bytes) -> tuple[str, str]:
    """A text and the encoding it was in: UTF-8, with or without a byte order mark, else CP932."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "cp932" and not NOT_IN_CP932.isdisjoint(text):
            break
        return text, encoding
    raise Refused("table.encoding")


def _text_sheet(data: bytes, most_rows: int) -> Sheet:
    text, encoding = decoded(data)
    if "\0" in text:
        raise Refused("table.unknown")
    tab = "\t"
    delimiter = tab if any(tab in line for line in text.splitlines()[:FIRST_LINES]) else ","
    rows: list[list[Cell]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append([cell if cell.strip() else None for cell in row])
            _check_size(len(rows), len(row), most_rows)
    except csv.Error:
        raise Refused("table.quotes", row=len(rows) + 1) from None
    return Sheet("", rows, encoding=encoding)


def _workbook(data: bytes, most_rows: int) -> Book:
    notes = _look_inside(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False, keep_vba=False)
    except Exception:
        raise Refused("table.damaged") from None
    if len(book.worksheets) > MOST_SHEETS:
        raise Refused("table.sheets", limit=MOST_SHEETS)
    zero = MAC_ZERO if book.epoch == CALENDAR_MAC_1904 else EXCEL_ZERO
    return Book([_sheet(one, zero, most_rows) for one in book.worksheets], notes)


def _sheet(sheet: Any, zero: date, most_rows: int) -> Sheet:
    _check_size(sheet.max_row, sheet.max_column, most_rows)
    rows = [[None if cell == "" else cell for cell in row] for row in sheet.iter_rows(values_only=True)]
    for merged in sheet.merged_cells.ranges:  # what a merged cell says, it says of every cell under it
        said = rows[merged.min_row - 1][merged.min_col - 1]
        for row in rows[merged.min_row - 1 : merged.max_row]:
            row[merged.min_col - 1 : merged.max_col] = [said] * (merged.max_col - merged.min_col + 1)
    return Sheet(sheet.title, rows, zero)


def _look_inside(data: bytes) -> list[str]:
    """What is to be told of the parts of a workbook; ``Refused`` before a part is read that could do harm."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [part.filename for part in parts.infolist()]
            if sum(part.file_size for part in parts.infolist()) > LARGEST_UNPACKED:
                raise Refused("table.unpacked", limit=LARGEST_UNPACKED // 1_000_000)
            if "xl/workbook.xml" not in names:
                raise Refused("table.unknown")
            if not all(_is_harmless(parts.read(name)) for name in names if name.endswith((".xml", ".rels"))):
                raise Refused("table.damaged")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise Refused("table.damaged") from None
    notes = {"table.macros": "vbaProject", "table.links": "externalLinks/"}
    return [code for code, sign in notes.items() if any(sign in name for name in names)]


def _is_harmless(part: bytes) -> bool:
    """Whether a part is plain XML, declares no entities, and merges no more cells than a table has."""
    begins = part[:16].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"<", b"")
    merged = MERGED.findall(part)
    area = sum(
        (column_index_from_string(right.decode()) - column_index_from_string(left.decode()) + 1)
        * (int(bottom) - int(top) + 1)
        for left, top, right, bottom in merged
    )
    is_told = len(merged) == len(re.findall(rb"mergeCell\b", part))
    return begins and b"\0" not in part and b"<!DOCTYPE" not in part and is_told and area <= MOST_MERGED


def _trimmed(sheet: Sheet) -> Sheet:
    """The sheet without the empty rows at its end."""
    while sheet.rows and all(cell is None for cell in sheet.rows[-1]):
        sheet.rows.pop()
    return sheet


def _check_size(rows: int, width: int, most_rows: int) -> None:
    if rows > most_rows:
        raise Refused("table.rows", limit=most_rows)
    if width > MOST_COLUMNS:
        raise Refused("table.columns", limit=MOST_COLUMNS)
