"""``terakoya import``: what the importer found, told to a person at a terminal."""

from pathlib import Path

import click

from terakoya.roster import api as roster
from terakoya.roster.errors import PackageRefused


def import_and_tell(package: Path, *, dry_run: bool, confirm_removals: bool) -> int:
    """Import a package; 0 when it was taken (or would be), 1 when it was refused, with every finding told."""
    try:
        report = roster.import_package(
            package, by="terakoya import", dry_run=dry_run, confirm_removals=confirm_removals
        )
    except PackageRefused as refusal:
        click.echo(str(refusal), err=True)
        return 1
    click.echo(str(report))
    return 0
