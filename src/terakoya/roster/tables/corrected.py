"""The table or package that was refused, for correction: its rows at fault with marked cells, and a summary by cause."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from terakoya.roster.findings import Finding

from . import words
from .drafts import Draft
from .repairs import shown
from .sheets import Page, workbook

Rows = Sequence[Sequence[Any]]


def of_draft(draft: Draft) -> bytes:
    """A workbook about a clerk's table: what is to be mended, the rows at fault, and every repair that is proposed."""
    findings = draft.findings.list()
    rows = {number: [shown(cell) for cell in row] for number, row in enumerate(draft.sheet.rows, 1)}
    marks = defaultdict(list)
    said = {(one.code, one.header): one for one in findings}
    for fault in draft.plan.faults:
        heading = draft.header.headings[fault.column] if fault.column is not None else ""
        if (finding := said.get((fault.code, heading))) is not None:
            marks[fault.row, fault.column or 0].append(finding)
    title = draft.sheet.name or draft.entry.file_name
    pages = [summary(findings), at_fault(title, draft.header.headings, rows, marks), _repairs(draft)]
    return workbook([page for page in pages if page.rows])


def of_package(files: Mapping[str, bytes], findings: Sequence[Finding]) -> bytes:
    """A workbook about a OneRoster package: what is to be mended, and of each file the rows at fault.

    files: by name in the package, as far as they can be read as CSV in UTF-8; the others stand in the summary alone
    """
    pages = [summary(findings)]
    for name, data in files.items():
        concerned = [one for one in findings if one.file == name and one.rows]
        table = _parsed(data) if concerned else []
        if table:
            marks = defaultdict(list)
            for one in concerned:
                column = table[0].index(one.header) if one.header in table[0] else 0
                for row in one.rows:
                    marks[row, column].append(one)
            pages.append(at_fault(name, table[0], dict(enumerate(table, 1)), marks))
    return workbook(pages)


def summary(findings: Sequence[Finding]) -> Page:
    """The findings, one a cause, with what to do about each."""
    headings = [_("Where"), _("What is wrong"), _("Found"), _("Expected"), _("Example"), _("How to mend it")]
    rows = [
        [one.place, one.problem, one.found, one.expected, one.example, one.mend, one.count, one.rows_shown]
        for one in findings
    ]
    return Page(_("To be mended"), [*headings, _("How many rows"), _("First rows")], rows)


def at_fault(
    title: str,
    headings: Sequence[str],
    rows: Mapping[int, Sequence[Any]],
    marks: Mapping[tuple[int, int], list[Finding]],
) -> Page:
    """The rows at fault as they stand, each with its number, cells marked with what is expected.

    marks: by row (as a spreadsheet counts) and column (from 0)
    """
    numbers = sorted({row for row, _column in marks if row in rows})
    place = {row: index for index, row in enumerate(numbers)}
    said = {
        (place[row], column + 1): "\n".join(_comment(one) for one in found)
        for (row, column), found in marks.items()
        if row in place
    }
    return Page(title, [_("Row"), *headings], [[row, *rows[row]] for row in numbers], said)


def _comment(finding: Finding) -> str:
    expected = f"{_('Expected')}: {finding.expected}" if finding.expected else ""
    example = f"{_('Example')}: {finding.example}" if finding.example else ""
    return "\n".join(filter(None, [finding.problem, expected, example]))


def _repairs(draft: Draft) -> Page:
    rows = [
        [
            one.row,
            draft.header.headings[one.column],
            words.repair_name(one.repair.name),
            one.repair.before,
            one.repair.after,
        ]
        for one in draft.lines.mended
    ]
    return Page(_("Repairs"), [_("Row"), _("Column"), _("Repair"), _("Before"), _("After")], rows)


def _parsed(data: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return []
