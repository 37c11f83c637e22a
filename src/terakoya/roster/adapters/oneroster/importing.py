"""Takes over a OneRoster package: all of it or nothing."""

import hashlib
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from django.db import transaction

from terakoya.kit import clock, long_writes
from terakoya.roster import actions, beside
from terakoya.roster.changing import Writing, changing, lock
from terakoya.roster.errors import PackageRefused
from terakoya.roster.findings import Findings, ImportReport
from terakoya.roster.loading import applied
from terakoya.roster.loading.folders import work_folder
from terakoya.roster.models import Change, RosterImport

from .archive import READ_AT_ONCE
from .checks import Tables
from .reading import Package, compare, read_package
from .translation import delivery_of

LONG_ROWS = 100_000  # from here on a change takes so long on SQLite that others are told of it


class _RolledBack(Exception):
    pass


def import_package(
    source: Path | BinaryIO,
    *,
    by: str,
    dry_run: bool = False,
    confirm_removals: bool = False,
    file_name: str = "",
    kind: str = Change.Kind.IMPORT,
    origin: str = "",
) -> ImportReport:
    """Take over a OneRoster package (CSV binding 1.2 and 1.2.1, Japan profiles), whole or of changes; what came of it.

    by: who does it, for the history
    dry_run: only look; nothing is written, the history neither. Then a finding that asks for confirmation is only told
    confirm_removals: a deliberate yes to ending more than a tenth of the enrolments
    file_name: how the file is called in the history, where ``source`` is no path
    kind: what kind of change it is, where it came by another way
    origin: the system it comes from, by its id in ``owners.toml`` (empty: the one that stands in); what it says of
    fields that another system owns is not written, but waits as proposals
    PackageRefused, with every finding, when it cannot be taken over; then nothing of it was written.
    Reading the same package again changes nothing.
    """
    name = file_name or (source.name if isinstance(source, Path) else "")
    findings = Findings()
    report = ImportReport(name, _digest(source), [], dry_run=dry_run, origin=origin)
    with work_folder() as folder:
        package = read_package(source, folder, findings)
        report.profile = findings.profile
        is_long = sum(table.count for table in (package.tables if package else {}).values()) > LONG_ROWS
        with long_writes.announced() if is_long else nullcontext():
            _take_over(
                package, report, findings, folder, by=by, kind=kind, origin=origin, confirm_removals=confirm_removals
            )
    return report


def _take_over(
    package: Package | None,
    report: ImportReport,
    findings: Findings,
    folder: Path,
    *,
    by: str,
    kind: str,
    origin: str,
    confirm_removals: bool,
) -> None:
    try:
        with transaction.atomic():
            entry = _entry(report, by, RosterImport.Outcome.IMPORTED)
            if package is not None:
                if not package.is_whole:
                    lock()
                    compare(package, findings)
                if not findings.has_errors:
                    entry.change = _write(package.tables, report, findings, folder, by=by, kind=kind, origin=origin)
            report.findings = findings.list()
            if report.dry_run or report.errors or (report.needs_confirmation and not confirm_removals):
                raise _RolledBack
            _keep(entry, report)
            actions.tell(entry)
    except _RolledBack:
        if report.errors or not report.dry_run:
            _refuse(report, by)


def _write(
    tables: Tables, report: ImportReport, findings: Findings, folder: Path, *, by: str, kind: str, origin: str
) -> Change:
    """Write what differs, as one change; with its counts in the report."""
    delivery = delivery_of(tables)
    more = [name for name in beside.kept_files() if name in tables]
    with changing(kind, by=by, note=report.file_name) as writing:
        report.counts = actions.replace(
            delivery,
            writing,
            day=clock.today(),
            findings=findings,
            work=folder,
            is_dry=report.dry_run and not more,  # what other rooms keep refers to what is new, too
            origin=origin,
        )
        if not findings.has_errors:
            _note_moments(tables, writing)
        if more and not findings.has_errors:
            report.counts |= _beside(tables, writing.change, by, findings)
    return writing.change


def _note_moments(tables: Tables, writing: Writing) -> None:
    """Keep the moments of what came as changes; of what came whole none are kept."""
    of_changes = {name: table.moments() for name, table in tables.items() if table.mode == "delta"}
    for name, moments in of_changes.items():
        applied.note(name, moments, writing)
    whole = [name for name, table in tables.items() if table.mode == "bulk"]
    for name in applied.noted(whole):
        applied.forget(name, (key for frame in tables[name].frames() for key in frame["sourcedId"]), writing)


def _beside(tables: Tables, change: Change, by: str, findings: Findings) -> beside.Counts:
    """What came of the files that other rooms keep; they refer to the roster as it is now."""
    files = {name: beside.file_of(tables[name].rows()) for name in beside.kept_files() if name in tables}
    spoken_of = set(tables["orgs"].frame("sourcedId")["sourcedId"])
    taking = beside.Taking(change.pk, by, beside.keys_of_organisations(spoken_of), findings)
    return beside.take_over(files, taking)


def _digest(source: Path | BinaryIO) -> str:
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        digest = hashlib.sha256()
        while some := file.read(READ_AT_ONCE):
            digest.update(some)
        file.seek(0)
    return digest.hexdigest()


def _entry(report: ImportReport, by: str, outcome: RosterImport.Outcome) -> RosterImport:
    return RosterImport.objects.create(
        at=clock.now(),
        by=by,
        file_name=report.file_name[:255],
        digest=report.digest,
        outcome=outcome,
        origin=report.origin[:150],
    )


def _keep(entry: RosterImport, report: ImportReport) -> None:
    report.entry = entry.uuid
    entry.counts, entry.profile = report.counts, report.profile
    entry.findings = [finding.as_json() for finding in report.findings]
    entry.save(update_fields=["counts", "findings", "change", "profile"])


def _refuse(report: ImportReport, by: str) -> None:
    if not report.dry_run:
        _keep(_entry(report, by, RosterImport.Outcome.REFUSED), report)
    raise PackageRefused(report)
