"""Writes workbooks that a clerk opens: texts stay texts, whatever they begin with, and cells can be marked."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from terakoya.kit import spreadsheets

HEADING, MARK = PatternFill("solid", fgColor="E8F1FE"), PatternFill("solid", fgColor="FFD2D2")
NARROWEST, WIDEST = 8, 60
LONGEST_TITLE, LONGEST_CELL = 31, 32_000
NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
TO_BE_SEEN = {code: None for code in range(32) if code not in (9, 10, 13)}  # XML has no place for the others
COMMENTATOR = "Terakoya"


@dataclass
class Page:
    """A sheet to be written. ``marks``: by row (from 0, below the headings) and column what is said of a cell."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Any]]
    marks: Mapping[tuple[int, int], str] = field(default_factory=dict)
    lead: str = ""  # a line above the headings


def workbook(pages: Sequence[Page]) -> bytes:
    """The pages as an Excel workbook."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for page in pages:
        _write(book, page)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _write(book: openpyxl.Workbook, page: Page) -> None:
    sheet = book.create_sheet(page.title.translate(NOT_IN_TITLES)[:LONGEST_TITLE])
    first = 2 if page.lead else 1
    if page.lead:
        _put(sheet.cell(1, 1), page.lead)
    for column, heading in enumerate(page.headings, 1):
        cell = sheet.cell(first, column)
        _put(cell, heading)
        cell.font, cell.fill = Font(bold=True), HEADING
    for number, row in enumerate(page.rows):
        for column, value in enumerate(row):
            cell = sheet.cell(first + 1 + number, column + 1)
            _put(cell, value)
            if (said := page.marks.get((number, column))) is not None:
                cell.fill = MARK
                cell.comment = Comment(said, COMMENTATOR, width=360, height=140)
    sheet.freeze_panes = f"A{first + 1}"
    for column in range(len(page.headings)):
        longest = max((_width(row[column]) for row in [page.headings, *page.rows] if column < len(row)), default=0)
        sheet.column_dimensions[get_column_letter(column + 1)].width = min(max(longest + 2, NARROWEST), WIDEST)


def _put(cell: Any, value: Any) -> None:
    """A text as a text, never a formula; what it shows is not run when somebody edits it either."""
    if value is None or isinstance(value, (bool, int, float, date)):
        cell.value = value
        return
    cell.value = str(value).translate(TO_BE_SEEN)[:LONGEST_CELL]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text="\n" in str(value), vertical="top")
    cell.quotePrefix = str(value).startswith(spreadsheets.RUN)


def _width(value: Any) -> int:
    """How wide a value is, in digits: a full-width sign counts two."""
    return sum(2 if ord(sign) > 0x2E7F else 1 for sign in str("" if value is None else value))
