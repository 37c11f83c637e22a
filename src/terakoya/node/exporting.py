"""``terakoya export``: the roster written out, told at a terminal in English, as all of the command line."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import click
from django.utils import translation

from terakoya.roster import api as roster

BY = "terakoya export"


def export_and_tell(
    target: Path, *, profile: str, schools: Iterable[str], on: date | None, since: int | None, parts: Iterable[str]
) -> None:
    """Write a package into a folder or a file, and tell what it holds and what its profile could not carry."""
    chosen = [_organisation(one) for one in schools] or None
    with translation.override("en"):
        told = [f"note    {one}" for one in roster.export_losses(profile, chosen, on=on)]
        path = target / roster.package_name(profile, chosen) if target.is_dir() else target
        export = roster.export_package(
            path, by=BY, profile=profile, organisations=chosen, on=on, since=since, parts=tuple(parts)
        )
    click.echo("\n".join([*told, *_lines(export, path)]))


def _lines(export: roster.Export, path: Path) -> Iterator[str]:
    yield from (f"{name}.csv: {count}" for name, count in export.counts.items())
    yield f"Written: {path} ({export.profile.title}, {export.mode})."
    yield f"What changes from now on is written by --since {export.change}."


def _organisation(code: str) -> UUID:
    """An organisation by its code or identifier."""
    found = [one.uuid for one in roster.organisations() if code in (one.code, one.sourced_id)]
    if len(found) != 1:
        raise click.BadParameter(f"{code}: expected the code or the sourcedId of one organisation of the roster")
    return found[0]
