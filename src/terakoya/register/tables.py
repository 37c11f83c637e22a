"""Tables to take along: CSV that Excel reads as UTF-8, or a workbook."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from openpyxl import Workbook

from terakoya.kit.spreadsheets import harmless

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 31  # letters in the name of a sheet
Rows = Iterable[Sequence[object]]


def table(name: str, kind: str, heads: Sequence[object], rows: Rows) -> HttpResponse:
    """An answer with a table as a file; ``kind`` is ``csv`` or ``xlsx``, the name without it."""
    answer = _workbook(name, heads, rows) if kind == "xlsx" else _csv(heads, rows)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


def _csv(heads: Sequence[object], rows: Rows) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.write("\ufeff")  # tells spreadsheets that this is UTF-8
    writer = csv.writer(answer)
    writer.writerow([str(head) for head in heads])
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return answer


def _workbook(name: str, heads: Sequence[object], rows: Rows) -> HttpResponse:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:WIDEST])
    sheet.freeze_panes = "A2"
    sheet.append([str(head) for head in heads])
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return HttpResponse(made.getvalue(), content_type=SHEET)


def _harmless(cell: object) -> object:
    """A text that a spreadsheet does not take for a formula; numbers stay numbers."""
    if cell is None:
        return ""
    if isinstance(cell, int):
        return cell
    return harmless(str(cell))
