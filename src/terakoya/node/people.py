"""``terakoya propose`` and ``terakoya characters``: what came of it, told at a terminal."""

from pathlib import Path

import click

from terakoya.roster import api as roster
from terakoya.roster.errors import CannotDecide


def propose_and_tell(person: str, field: str, value: str, origin: str) -> str:
    """Write a field for a system; ``click.ClickException`` where that cannot be."""
    row = roster.who.by_identifier(person)
    if row is None:
        raise click.ClickException(f"nobody in the roster has the identifier {person}")
    try:
        written = roster.write(row, field, value, origin=origin, by=f"terakoya propose ({origin})")
    except ValueError as fault:
        raise click.ClickException(f"{field} is no field that is written alone") from fault
    except CannotDecide as fault:
        raise click.ClickException(f"{field} cannot hold {value!r}; dates are written as 2015-06-01") from fault
    if written is None:
        return "The roster says so already."
    if isinstance(written, roster.who.Proposal):
        return f"It waits at the desk: {written.owner} owns {field}."
    return f"Written, as change {written.pk}."


def read_forms_and_tell(glyphs: Path, shrink_map: Path) -> str:
    """Read the official lists; ``click.ClickException`` with the file that is none."""
    try:
        return f"{roster.who.read_lists(glyphs, shrink_map)} forms read."
    except roster.who.ListUnreadable as fault:
        raise click.ClickException(str(fault)) from fault
