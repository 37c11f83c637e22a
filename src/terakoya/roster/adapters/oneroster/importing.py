"""Takes over a OneRoster package: all of it or nothing."""

import hashlib
import io
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction

from terakoya.kit import clock
from terakoya.roster import actions
from terakoya.roster.changing import changing
from terakoya.roster.errors import PackageRefused
from terakoya.roster.findings import Findings, ImportReport
from terakoya.roster.models import Change, RosterImport
from terakoya.standards import oneroster

from .archive import Contents, read_archive
from .cells import check_cells
from .checks import Tables, check_together
from .manifest import read_manifest
from .table import read_table
from .translation import delivery_of


class _RolledBack(Exception):
    pass


def import_package(
    source: Path | BinaryIO,
    *,
    by: str,
    dry_run: bool = False,
    confirm_removals: bool = False,
    file_name: str = "",
) -> ImportReport:
    """Take over a bulk OneRoster package (CSV binding 1.2 and 1.2.1, Japan profiles); what came of it.

    by: who does it, for the history
    dry_run: only look; nothing is written, the history neither. Then a finding that asks for confirmation is only told
    confirm_removals: a deliberate yes to ending more than a tenth of the enrolments
    file_name: how the file is called in the history, where ``source`` is no path
    PackageRefused, with every finding, when it cannot be taken over; then nothing of it was written.
    Reading the same package again changes nothing.
    """
    data = source.read_bytes() if isinstance(source, Path) else source.read()
    name = file_name or (source.name if isinstance(source, Path) else "")
    findings = Findings()
    report = ImportReport(name, hashlib.sha256(data).hexdigest(), [], dry_run=dry_run)
    tables = read_tables(data, findings)
    try:
        with transaction.atomic():
            entry = _entry(report, by, RosterImport.Outcome.IMPORTED)
            if tables is not None:
                delivery = delivery_of(tables)
                with changing(Change.Kind.IMPORT, by=by, note=name) as writing:
                    report.counts = actions.replace(delivery, writing, day=clock.today(), findings=findings)
                entry.change = writing.change
            report.findings = findings.list()
            if dry_run or report.errors or (report.needs_confirmation and not confirm_removals):
                raise _RolledBack
            _keep(entry, report)
            actions.tell(entry)
    except _RolledBack:
        if report.errors or not dry_run:
            _refuse(report, by)
    return report


def read_tables(data: bytes, findings: Findings) -> Tables | None:
    """The rostering files of a package, checked; None when there are errors."""
    contents = read_archive(io.BytesIO(data), findings, largest=settings.LARGEST_IMPORT_BYTES)
    if findings.has_errors:
        return None
    manifest = read_manifest(contents, findings)
    if manifest.version in oneroster.EARLIER_VERSIONS or (findings.has_errors and not contents):
        return None
    tables = _read(contents, findings)
    is_whole = not findings.has_errors  # with rows or columns lost, what they refer to would be missed as well
    japan = manifest.names_a_japan_profile or any(
        column.part == "japan" for table in tables.values() for column in table.columns
    )
    for table in tables.values():
        check_cells(table, findings, japan=japan, delta=manifest.has_deltas)
    if is_whole:
        check_together(tables, findings, japan=japan)
    return None if findings.has_errors else tables


def _read(contents: Contents, findings: Findings) -> Tables:
    for name in contents:
        if name in oneroster.OTHER:
            findings.add("file.not_taken", severity="note", file=f"{name}.csv")
    return {
        name: read_table(name, contents[name], findings)
        for name in (*oneroster.ROSTERING, *oneroster.OPTIONAL)
        if name in contents
    }


def _entry(report: ImportReport, by: str, outcome: RosterImport.Outcome) -> RosterImport:
    return RosterImport.objects.create(
        at=clock.now(), by=by, file_name=report.file_name[:255], digest=report.digest, outcome=outcome
    )


def _keep(entry: RosterImport, report: ImportReport) -> None:
    report.entry = entry.uuid
    entry.counts = report.counts
    entry.findings = [finding.as_json() for finding in report.findings]
    entry.save(update_fields=["counts", "findings", "change"])


def _refuse(report: ImportReport, by: str) -> None:
    if not report.dry_run:
        _keep(_entry(report, by, RosterImport.Outcome.REFUSED), report)
    raise PackageRefused(report)
