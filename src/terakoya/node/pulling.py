"""``terakoya pull``: the roster of another server, fetched at a terminal while somebody looks on."""

import sys
import time
from collections.abc import Iterator

import click
from django.utils import translation

from terakoya.node.importing import lines_of
from terakoya.oneroster import api as oneroster
from terakoya.roster import api as roster

LOOKING_AGAIN_SECONDS = 1.0


def pull_and_tell(name: str, *, whole: bool, confirm_removals: bool) -> int:
    """Fetch what a server has; 0 when it was taken over, 1 when it was not, with the reason told."""
    origin = oneroster.Origin.objects.filter(name=name).first()
    if origin is None:
        known = ", ".join(oneroster.Origin.objects.values_list("name", flat=True)) or "none"
        raise click.ClickException(f"{name}: no server of this name is written down; known: {known}")
    with translation.override("en"):
        pull = oneroster.begin_pull(origin, by="terakoya pull", whole=whole, confirm_removals=confirm_removals)
        what = "everything" if pull.is_whole else f"what has changed since {origin.since:%Y-%m-%d %H:%M}"
        click.echo(f"Asking {origin.base} for {what}.")
        pull = _read(pull)
        click.echo("\n".join(_outcome(pull)), err=pull.state != oneroster.Pull.State.DONE)
    return 0 if pull.state == oneroster.Pull.State.DONE else 1


def _read(pull: oneroster.Pull) -> oneroster.Pull:
    """Read until the end, or until the server asks for patience; the node's own threads may read along."""
    while pull.state == oneroster.Pull.State.READING:
        done = oneroster.read_on()
        pull.refresh_from_db()
        _show_progress(pull)
        if not done and pull.fault:
            break
        if not done:
            time.sleep(LOOKING_AGAIN_SECONDS)
    return pull


def _show_progress(pull: oneroster.Pull) -> None:
    """One line that a terminal overwrites; nothing where nobody looks."""
    if sys.stderr.isatty():
        told = ", ".join(f"{name} {count:,}" for name, count in pull.counts.items())
        click.echo(f"\r{told:100}\r", err=True, nl=False)


def _outcome(pull: oneroster.Pull) -> Iterator[str]:
    states = oneroster.Pull.State
    entry = roster.RosterImport.objects.filter(uuid=pull.entry).first() if pull.entry else None
    if entry is not None:
        findings = [roster.Finding.from_json(stored) for stored in entry.findings]
        report = roster.ImportReport(entry.file_name, entry.digest, findings, entry.counts)
        yield from lines_of(report, is_refused=pull.state == states.REFUSED)
    if pull.state == states.READING:
        yield f"{pull.fault} The running node asks again by itself, and so does this command when it is given again."
    elif pull.state == states.STOPPED:
        yield pull.fault
    elif pull.state == states.DONE:
        yield f"Taken over from {pull.origin.name}." if entry else "Nothing has changed."
