"""Commands about the roster: packages in and out, official lists, what another system proposes."""

import sys
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import click

from terakoya.node.commands import on_a_node

MORE = ("demographics", "gradebook", "resources")


@click.command("import")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "dry_run", is_flag=True, help="Only say what would change.")
@click.option("--confirm-removals", is_flag=True, help="Allow it to end more than a tenth of the enrolments.")
@click.option("--origin", default="", help="The system it comes from, as owners.toml names it.")
@on_a_node
def import_package(package: Path, dry_run: bool, confirm_removals: bool, origin: str) -> None:
    """Import a OneRoster 1.2 PACKAGE (ZIP). All of it or, when a row is wrong, nothing of it."""
    from terakoya.node.importing import import_and_tell

    sys.exit(import_and_tell(package, dry_run=dry_run, confirm_removals=confirm_removals, origin=origin))


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--profile", default="k12-schools-1.0", show_default=True, help="Such as base-1.2.1 or e-portal-4.00.")
@click.option("--school", "schools", multiple=True, help="Only this organisation, by code or sourcedId; repeatable.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="As the roster stood on a day.")
@click.option("--since", type=int, help="Only what was touched after the change with this number (delta).")
@click.option("--with", "more", multiple=True, type=click.Choice(MORE), help="What goes with it; repeatable.")
@on_a_node
def export_package(
    target: Path, profile: str, schools: tuple[str, ...], on: datetime | None, since: int | None, more: tuple[str, ...]
) -> None:
    """Write the roster out as a OneRoster package to TARGET, a file or a folder."""
    from terakoya.node.exporting import export_and_tell
    from terakoya.standards.oneroster_profiles import PROFILES

    if profile not in PROFILES:
        raise click.BadParameter(f"{profile}: expected one of {', '.join(PROFILES)}")
    if on and since is not None:
        raise click.BadParameter("--since says what is new since a change; it goes without --on")
    parts = ("userProfiles", *more)
    export_and_tell(target, profile=profile, schools=schools, on=on.date() if on else None, since=since, parts=parts)


@click.command()
@click.argument("origin")
@click.option("--whole", is_flag=True, help="Everything anew, not only what has changed since the last time.")
@click.option("--confirm-removals", is_flag=True, help="Allow it to end more than a tenth of the enrolments.")
@on_a_node
def pull(origin: str, whole: bool, confirm_removals: bool) -> None:
    """Fetch the roster of the OneRoster server ORIGIN, by the name under which it is written down."""
    from terakoya.node.pulling import pull_and_tell

    sys.exit(pull_and_tell(origin, whole=whole, confirm_removals=confirm_removals))


@click.command("work-on-package", hidden=True)
@click.argument("task", type=click.Choice(("check", "take-over", "write-out")))
@click.argument("entry", type=click.UUID)
@click.option("--by", required=True)
@click.option("--confirm-removals", is_flag=True)
@on_a_node
def work_on_package(task: str, entry: UUID, by: str, confirm_removals: bool) -> None:
    """What the pages begin for a large package in a process of its own."""
    from terakoya.roster import api as roster

    roster.work_on_package(task, entry, by=by, confirm_removals=confirm_removals)


@click.command()
@click.argument("person")
@click.argument("field")
@click.argument("value")
@click.option("--origin", required=True, help="The system that says so, by its id in owners.toml.")
@on_a_node
def propose(person: str, field: str, value: str, origin: str) -> None:
    """Write FIELD of PERSON (a sourcedId) for another system: at once where it owns the field, else as a proposal."""
    from terakoya.node.people import propose_and_tell

    click.echo(propose_and_tell(person, field, value, origin))


@click.command()
@click.argument("glyphs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("shrink_map", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="MAP")
@on_a_node
def characters(glyphs: Path, shrink_map: Path) -> None:
    """Read the official forms for characters of names: GLYPHS, the list of MJ characters (.xlsx, .csv); MAP (JSON)."""
    from terakoya.node.people import read_forms_and_tell

    click.echo(read_forms_and_tell(glyphs, shrink_map))


@click.group()
def codes() -> None:
    """The official lists of codes that rosters are held against."""


@codes.command()
@click.argument("file", type=click.File("rb"))
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Day of the list; default: today.")
@on_a_node
def load(file: BinaryIO, day: datetime | None) -> None:
    """Load FILE (.xlsx or CSV): MEXT's list of school codes, or MIC's list of codes of local governments."""
    from terakoya.kit import clock
    from terakoya.node.code_lists import tell

    click.echo(tell(file.read(), day.date() if day else clock.today()))


COMMANDS = (import_package, export_package, pull, work_on_package, propose, characters, codes)
