"""Takes over a OneRoster package: all of it or nothing."""

import hashlib
from collections.abc import Collection
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.conf import settings
from django.db import transaction

from terakoya.kit import clock, long_writes
from terakoya.roster import actions, beside
from terakoya.roster.changing import Writing, changing
from terakoya.roster.errors import PackageRefused
from terakoya.roster.findings import Findings, ImportReport
from terakoya.roster.loading import applied, progress
from terakoya.roster.loading.folders import work_folder
from terakoya.roster.models import Change, RosterImport
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import recognise

from .archive import READ_AT_ONCE, Contents, unpack
from .cells import check_cells
from .checks import LARGEST, Checks, Tables
from .chunks import ROW
from .held import Held
from .manifest import Manifest, read_manifest
from .table import Table, open_table
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
    report = ImportReport(name, _digest(source), [], dry_run=dry_run)
    with work_folder() as folder:
        tables = read_tables(source, folder, findings)
        report.profile = findings.profile
        is_long = sum(table.count for table in (tables or {}).values()) > LONG_ROWS
        with long_writes.announced() if is_long else nullcontext():
            _take_over(
                tables, report, findings, folder, by=by, kind=kind, origin=origin, confirm_removals=confirm_removals
            )
    return report


def _take_over(
    tables: Tables | None,
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
            if tables is not None:
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
                entry.change = writing.change
            report.findings = findings.list()
            if report.dry_run or report.errors or (report.needs_confirmation and not confirm_removals):
                raise _RolledBack
            _keep(entry, report)
            actions.tell(entry)
    except _RolledBack:
        if report.errors or not report.dry_run:
            _refuse(report, by)


def read_tables(source: Path | BinaryIO, folder: Path, findings: Findings) -> Tables | None:
    """The rostering files of a package, unpacked into a folder and checked; None when there are errors."""
    contents = unpack(source, folder, findings, largest=settings.LARGEST_IMPORT_BYTES)
    if findings.has_errors:
        return None
    manifest = read_manifest(contents, findings)
    if manifest.version in oneroster.EARLIER_VERSIONS or (findings.has_errors and not contents):
        return None
    tables = _open(contents, findings, manifest)
    headers = {name: table.header for name, table in tables.items() if table.mode != "absent"}
    profile = recognise(manifest.version, headers)
    findings.profile = profile.name if profile else ""
    japan = manifest.names_a_japan_profile or any(
        column.part == "japan" for table in tables.values() for column in table.columns
    )
    _check(tables, findings, japan=japan, deltas=manifest.deltas)
    return None if findings.has_errors else tables


def _open(contents: Contents, findings: Findings, manifest: Manifest) -> Tables:
    for name in contents:
        if name in oneroster.OTHER and name not in beside.kept_files():
            findings.add("file.not_taken", severity="note", file=f"{name}.csv")
    tables = {
        name: open_table(name, contents[name], findings)
        for name in (*oneroster.ROSTERING, *oneroster.OPTIONAL, *beside.kept_files())
        if name in contents
    }
    for name in (*oneroster.ROSTERING, *oneroster.OPTIONAL):
        if name in manifest.deltas and name in tables:
            tables[name].mode = "delta"
    if manifest.deltas:
        absent = [name for name in oneroster.ROSTERING if name not in tables]
        tables |= {name: Table(name, Path(), mode="absent") for name in absent}
    return tables


def _check(tables: Tables, findings: Findings, *, japan: bool, deltas: Collection[str]) -> None:
    """Cells first, then what rows say together: only when nothing was lost, as it would be missed there too."""
    if deltas:
        _check_changes(tables, findings, japan=japan, deltas=deltas)
        return
    is_whole = not findings.has_errors
    others = [name for name in tables if name != LARGEST]
    for name in others:
        for frame in tables[name].every_frame(findings):
            check_cells(tables[name], frame, findings, japan=japan, delta=False)
            progress.tell("check", _last_row(frame))
        is_whole &= tables[name].is_whole
    checks = Checks(tables, findings, japan=japan) if is_whole else None
    if checks is not None:
        checks.run(others)
    if LARGEST in tables:
        for frame in tables[LARGEST].every_frame(findings):
            check_cells(tables[LARGEST], frame, findings, japan=japan, delta=False)
            progress.tell("check", _last_row(frame))
            if checks is not None:
                checks.look_at(LARGEST, frame)
        if checks is not None:
            checks.finish(LARGEST)


def _check_changes(tables: Tables, findings: Findings, *, japan: bool, deltas: Collection[str]) -> None:
    """The same for a package of changes: what is older than what is held is checked, and then left out."""
    is_whole = not findings.has_errors
    for name, table in tables.items():
        for frame in table.every_frame(findings):
            check_cells(table, frame, findings, japan=japan, delta=name in deltas)
            progress.tell("check", _last_row(frame))
        is_whole &= table.is_whole
    if findings.has_errors or not is_whole:
        return
    for name, table in tables.items():
        if table.mode == "delta":
            table.older = applied.losing(name, table.moments())
    Checks(tables, findings, japan=japan, held=Held(tables)).run(tables)


def _note_moments(tables: Tables, writing: Writing) -> None:
    """Keep the moments of what came as changes; of what came whole none are kept."""
    of_changes = {name: table.moments() for name, table in tables.items() if table.mode == "delta"}
    for name, moments in of_changes.items():
        applied.note(name, moments, writing)
    whole = [name for name, table in tables.items() if table.mode == "bulk"]
    for name in applied.noted(whole):
        applied.forget(name, (key for frame in tables[name].frames() for key in frame["sourcedId"]), writing)


def _last_row(frame: pl.DataFrame) -> int:
    return int(frame[ROW][-1]) if frame.height else 0


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
        at=clock.now(), by=by, file_name=report.file_name[:255], digest=report.digest, outcome=outcome
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
