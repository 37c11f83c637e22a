"""A refused table or package, for correction: its rows at fault with marked cells, and a summary by cause."""

import contextlib
import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from terakoya.roster.findings import Finding

from . import words
from .drafts import Draft
from .repairs import shown
from .sheets import Page, workbook


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


def of_package(package: Path, findings: Sequence[Finding]) -> bytes:
    """A workbook about a OneRoster package (ZIP): what is to be mended, and of each file the rows at fault.

    A file that cannot be read as CSV in UTF-8, and a package that cannot be opened, stand in the summary alone.
    """
    pages = [summary(findings)]
    with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(package) as files:
        for name in sorted({one.file for one in findings if one.rows} & set(files.namelist())):
            with contextlib.suppress(UnicodeDecodeError, csv.Error), files.open(name) as data:
                pages.append(_page_of(name, data, [one for one in findings if one.file == name]))
    return workbook(pages)


def _page_of(name: str, data: IO[bytes], findings: Sequence[Finding]) -> Page:
    wanted = {row for one in findings for row in one.rows}
    table = csv.reader(io.TextIOWrapper(data, encoding="utf-8-sig", newline=""))
    rows = {number: row for number, row in enumerate(islice(table, max(wanted)), 1) if number in wanted or number == 1}
    headings, marks = rows[1], defaultdict(list)
    for one in findings:
        column = headings.index(one.header) if one.header in headings else 0
        for row in one.rows:
            marks[row, column].append(one)
    return at_fault(name, headings, rows, marks)


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
    return Page(_("Repairs"), [_("Row"), _("Column"), _("Repair"), _("Before the repair"), _("After the repair")], rows)
