"""Reads a OneRoster package: its files, and everything that is wrong with them."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import polars as pl
from django.conf import settings

from terakoya.roster import beside
from terakoya.roster.findings import Findings
from terakoya.roster.loading import applied, progress
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import recognise

from .archive import Contents, unpack
from .cells import check_cells
from .checks import LARGEST, Checks, Tables
from .chunks import ROW
from .held import Held
from .manifest import Manifest, read_manifest
from .table import Table, open_table


@dataclass(frozen=True)
class Package:
    """The tables of a package that was read, and whether it says what the Japan profiles add."""

    tables: Tables
    japan: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing in it is said by changes alone."""
        return all(table.mode == "bulk" for table in self.tables.values())


def read_package(source: Path | BinaryIO, folder: Path, findings: Findings) -> Package | None:
    """The rostering files of a package, unpacked into a folder and checked; None when there are errors.

    Of one that holds changes only the cells are checked: ``compare`` does the rest.
    """
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
    if manifest.deltas:
        _check_cells(tables, findings, japan=japan)
    else:
        _check(tables, findings, japan=japan)
    return None if findings.has_errors else Package(tables, japan)


def compare(package: Package, findings: Findings) -> None:
    """Hold a package of changes against the roster: what is older than what is held is left out, the rest checked.

    While nobody else changes the roster: what was found holds until it was taken over.
    """
    for name, table in package.tables.items():
        if table.mode == "delta":
            table.older = applied.losing(name, table.moments())
    Checks(package.tables, findings, japan=package.japan, held=Held(package.tables)).run(package.tables)


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


def _check(tables: Tables, findings: Findings, *, japan: bool) -> None:
    """Cells first, then what rows say together: only when nothing was lost, as it would be missed there too."""
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


def _check_cells(tables: Tables, findings: Findings, *, japan: bool) -> None:
    for table in tables.values():
        for frame in table.every_frame(findings):
            check_cells(table, frame, findings, japan=japan, delta=table.mode == "delta")
            progress.tell("check", _last_row(frame))


def _last_row(frame: pl.DataFrame) -> int:
    return int(frame[ROW][-1]) if frame.height else 0
