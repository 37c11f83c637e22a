"""``terakoya import``: what the importer found, told at a terminal: in English, as all of the command line."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from django.utils import translation

from terakoya.roster import api as roster
from terakoya.roster.errors import PackageRefused

LABELS = {"error": "ERROR  ", "confirm": "CONFIRM", "note": "note   "}


def import_and_tell(package: Path, *, dry_run: bool, confirm_removals: bool, origin: str = "") -> int:
    """Import a package; 0 when it was taken (or would be), 1 when it was refused, with every finding told."""
    with translation.override("en"):
        try:
            with roster.told_to(_show_progress):
                report = roster.import_package(
                    package, by="terakoya import", dry_run=dry_run, confirm_removals=confirm_removals, origin=origin
                )
        except PackageRefused as refusal:
            click.echo("\n".join(lines_of(refusal.report, is_refused=True)), err=True)
            return 1
        click.echo("\n".join([*lines_of(report, is_refused=False), _outcome(report)]))
    return 0


def lines_of(report: roster.ImportReport, *, is_refused: bool) -> list[str]:
    """All that was found, and what was counted, or why nothing was taken over."""
    return [*_findings(report), *([_why_refused(report)] if is_refused else report.count_lines())]


def _show_progress(stage: str, rows: int, of: int) -> None:
    """One line that a terminal overwrites; nothing where nobody looks."""
    if sys.stderr.isatty():
        told = f"checked up to row {rows:,}" if stage == "check" else f"{rows:,} of {of:,} rows taken over"
        click.echo(f"\r{told:60}\r", err=True, nl=False)


def _findings(report: roster.ImportReport) -> Iterator[str]:
    for finding in report.findings:
        yield f"{LABELS[finding.severity]} {finding}"
        if finding.example:
            yield f"        Example: {finding.example}"
        if finding.mend:
            yield f"        To mend it: {finding.mend}"


def _why_refused(report: roster.ImportReport) -> str:
    if not report.errors:
        return "Nothing was imported. If this is right, import it again with --confirm-removals."
    count = len(report.errors)
    return f"Nothing was imported: {count} {'error' if count == 1 else 'errors'} to mend first."


def _outcome(report: roster.ImportReport) -> str:
    if not report.dry_run:
        return f"Imported {report.file_name}."
    if report.needs_confirmation:
        return "Nothing was written (--check). The import itself needs --confirm-removals."
    return "Nothing was written (--check). The package can be imported."
