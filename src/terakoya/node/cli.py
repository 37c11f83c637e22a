"""The command line of a node.

Each command acts on one node: the one that the environment describes (TERAKOYA_KIND, TERAKOYA_DATA_DIR, DATABASE_URL,
...), or the options --kind and --data-dir.
"""

import csv
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, TextIO
from uuid import UUID

import click

from terakoya.kit.env import SettingError
from terakoya.node.kinds import KINDS

OPTIONS = (
    ("--kind", "TERAKOYA_KIND", "Kind of node.", click.Choice(tuple(KINDS))),
    ("--data-dir", "TERAKOYA_DATA_DIR", "Folder of the node's keys and, with SQLite, its database.", click.Path()),
    ("--base-url", "TERAKOYA_BASE_URL", "Address under which others reach the node.", str),
    ("--name", "TERAKOYA_NAME", "Name of the organisation, as people read it.", str),
)


MORE = ("demographics", "gradebook", "resources")


def on_a_node(command: Callable[..., Any] | None = None, *, unless: tuple[str, ...] = ()) -> Callable[..., Any]:
    """Give a command the options that say which node it acts on, and start Django for it.

    With one of the options ``unless`` it acts on no node.
    """
    if command is None:
        return lambda command: on_a_node(command, unless=unless)

    def start(**given: Any) -> Any:
        for option, variable, _, _ in OPTIONS:
            if value := given.pop(option.strip("-").replace("-", "_"), None):
                os.environ[variable] = str(value)
        if not any(given[option] for option in unless):
            _start_django()
        return command(**given)

    start.__doc__, start.__name__ = command.__doc__, command.__name__
    for option, variable, text, kind in reversed(OPTIONS):
        start = click.option(option, help=f"{text} [{variable}]", type=kind)(start)
    start.__click_params__ += getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    return start


def _start_django() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "terakoya.node.settings"
    try:
        django.setup()
    except SettingError as fault:
        raise click.ClickException(str(fault)) from None


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="terakoya", message="%(version)s")
def cli() -> None:
    """Terakoya: a node of a federation for education data.

    A newcomer starts with `terakoya demo`; an organisation with `terakoya serve --kind city`.
    """


@cli.command()
@click.option(
    "--root", type=click.Path(path_type=Path), default=Path("var"), show_default=True, help="Folder of the demo."
)
@click.option("--first-port", default=8101, show_default=True, help="Ports from here on, one a node.")
@click.option("--pupils", default=900, show_default=True, help="Size of the town.")
@click.option("--neighbour", is_flag=True, help="Start a second municipality too, from which a pupil moves here.")
def demo(root: Path, first_port: int, pupils: int, neighbour: bool) -> None:
    """Start a make-believe town: a city, a PDS, a cram school and the nation, with data in them."""
    from terakoya.node.demo import run

    sys.exit(run(root, first_port, pupils, neighbour=neighbour))


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, help="Port to listen on.")
@click.option(
    "--workers", default=1, show_default=True, help="Processes; more than one needs PostgreSQL and `terakoya work`."
)
@click.option("--threads", default=8, show_default=True, help="Requests answered at once by a process.")
@click.option("--prepare/--no-prepare", default=True, help="Bring database and static files up to date first.")
@on_a_node
def serve(host: str, port: int, workers: int, threads: int, prepare: bool) -> None:
    """Serve the node. Keys and database are made at the first start."""
    from terakoya.node.serving import prepare_node, serve_node

    if prepare:
        prepare_node()
    serve_node(host, port, workers, threads)


@cli.command()
@on_a_node
def work() -> None:
    """Do the node's jobs in a process of its own (beside `serve --workers 2` or more)."""
    import threading

    from terakoya.kit import jobs

    jobs.work(threading.Event())


@cli.command()
@on_a_node
def check() -> None:
    """Look at configuration, keys, database, log and clock; ends with 1 when something is wrong."""
    from terakoya.ops.api import check_node

    findings = check_node()
    for finding in findings:
        click.echo(f"{'ok   ' if finding.right else 'WRONG'} {finding.subject:16} {finding.seen}")
    sys.exit(0 if all(finding.right for finding in findings) else 1)


@cli.group()
def log() -> None:
    """The node's log of accesses: check it, prove an entry, hand it to somebody who checks."""


@log.command()
@click.option("--quick", is_flag=True, help="Only the head and the latest entries.")
@click.option("--proof", type=click.File(encoding="utf-8"), help="A file of `log proof`; needs no node.")
@click.option("--file", "export", type=click.File(encoding="utf-8"), help="A file of `log export`; needs no node.")
@click.option("--key", "keys", multiple=True, help="Key that must have signed the file's checkpoints (`log keys`).")
@click.option("--witness", "witnesses", multiple=True, help="Key that must have cosigned one of them (`log keys`).")
@on_a_node(unless=("proof", "export"))
def verify(
    quick: bool, proof: TextIO | None, export: TextIO | None, keys: tuple[str, ...], witnesses: tuple[str, ...]
) -> None:
    """Check that nothing in the log was changed, removed or put in; ends with 1 and says where when it was."""
    from terakoya.node import log_reports

    trusted = [log_reports.verifier_key(text) for text in (*keys, *witnesses)]
    if trusted and not (proof or export):
        raise click.UsageError("--key and --witness are for a file: add --file or --proof")
    told, faults = log_reports.on_file(proof, export, trusted) if proof or export else log_reports.on_node(quick=quick)
    for line in told:
        click.echo(line)
    for fault in faults:
        click.echo(f"WRONG {fault}")
    sys.exit(1 if faults else 0)


@log.command()
@click.argument("entry", type=click.IntRange(min=0))
@on_a_node
def proof(entry: int) -> None:
    """Print the proof (JSON) that ENTRY is in the log. It names nobody; `log verify --proof` checks it anywhere."""
    from terakoya.node import log_reports

    click.echo(log_reports.proof(entry))


@log.command()
@click.argument("file", type=click.File("w", encoding="utf-8"))
@on_a_node
def export(file: TextIO) -> None:
    """Write leaves and checkpoints to FILE for somebody outside who checks them. It names nobody."""
    from terakoya.audit import api as audit

    click.echo(f"{audit.export_log(file.write)} entries", err=True)


@log.command()
@on_a_node
def keys() -> None:
    """Print the keys that verify this node's checkpoints and its cosignatures, to be told by another way."""
    from terakoya.audit import api as audit

    click.echo(audit.verifier_key())
    click.echo(audit.own_witness_key())


@log.command()
@click.option("--by", required=True, help="Who has looked into it.")
@click.argument("reason")
@on_a_node
def acknowledge(reason: str, by: str) -> None:
    """Let the node release records again after a break of its log, for a REASON that is written in the log."""
    from terakoya.audit import api as audit
    from terakoya.audit.errors import NothingToAcknowledge

    try:
        audit.acknowledge(reason, by)
    except NothingToAcknowledge as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"acknowledged; the log is called {audit.own_origin()} from now on")


@cli.command("import")
@click.argument("package", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "dry_run", is_flag=True, help="Only say what would change.")
@click.option("--confirm-removals", is_flag=True, help="Allow it to end more than a tenth of the enrolments.")
@on_a_node
def import_package(package: Path, dry_run: bool, confirm_removals: bool) -> None:
    """Import a OneRoster 1.2 PACKAGE (ZIP). All of it or, when a row is wrong, nothing of it."""
    from terakoya.node.importing import import_and_tell

    sys.exit(import_and_tell(package, dry_run=dry_run, confirm_removals=confirm_removals))


@cli.command("export")
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


@cli.command("work-on-package", hidden=True)
@click.argument("task", type=click.Choice(("check", "take-over")))
@click.argument("entry", type=click.UUID)
@click.option("--by", required=True)
@click.option("--confirm-removals", is_flag=True)
@on_a_node
def work_on_package(task: str, entry: UUID, by: str, confirm_removals: bool) -> None:
    """What the pages begin for a large package in a process of its own."""
    from terakoya.roster import api as roster

    roster.work_on_package(task, entry, by=by, confirm_removals=confirm_removals)


@cli.command()
@click.argument("username")
@click.option("--display-name", help="Name that is shown; default: the user name.")
@click.option("--administrator", is_flag=True, help="A clerk of the node: imports, accounts.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@on_a_node
def account(username: str, display_name: str | None, administrator: bool, password: str) -> None:
    """Make an account, or set the password of one that came in with a roster."""
    from terakoya.identity import api as identity

    if identity.account_named(username) is None:
        identity.create_account(username, display_name=display_name or username, is_administrator=administrator)
    _set_password(username, password)
    click.echo(f"{username}: ready to sign in")


@cli.command()
@click.argument("file", type=click.File(encoding="utf-8-sig"))
@on_a_node
def passwords(file: TextIO) -> None:
    """Set first passwords from a CSV FILE of two columns, user name and password (- for standard input)."""
    from terakoya.identity import api as identity

    for number, row in enumerate(csv.reader(file), 1):
        if len(row) != 2 or identity.account_named(row[0]) is None:
            raise click.ClickException(f"row {number}: expected a known user name and a password")
        _set_password(row[0], row[1])


def _set_password(username: str, password: str) -> None:
    from django.core.exceptions import ValidationError

    from terakoya.identity import api as identity

    try:
        identity.set_password(username, password)
    except ValidationError as fault:
        raise click.ClickException(f"{username}: {' '.join(fault.messages)}") from None


@cli.group()
def factor() -> None:
    """Second factors of staff: give them, or take them away."""


@factor.command()
@click.argument("usernames", nargs=-1, required=True)
@on_a_node
def give(usernames: tuple[str, ...]) -> None:
    """Give USERNAMES an authenticator app each, in place of an earlier one; print what the app must be told."""
    from terakoya.identity import api as identity

    for username in usernames:
        account = _account(username)
        secret = identity.new_secret()
        identity.give_codes(account, secret)
        click.echo(identity.provisioning_uri(account, secret))


@factor.command()
@click.argument("username")
@on_a_node
def reset(username: str) -> None:
    """Take all second factors of USERNAME away, for one who lost them; the log and USERNAME are told."""
    from terakoya.identity import api as identity

    identity.reset_factors(_account(username), None)
    click.echo(f"{username}: sets up a new second factor at the next sign-in")


def _account(username: str) -> Any:
    from terakoya.identity import api as identity

    account = identity.account_named(username)
    if account is None:
        raise click.ClickException(f"{username}: there is no such user name")
    return account


@cli.command()
@click.argument("source")
@click.option("--scope", "scopes", multiple=True, default=["statements/write"], show_default=True)
@on_a_node
def credential(source: str, scopes: tuple[str, ...]) -> None:
    """Issue a key and secret with which SOURCE (an application) may send learning records."""
    from terakoya.records import api as records

    key, secret = records.issue_credential(source, list(scopes))
    click.echo(f"{key}:{secret}")


@cli.command()
@on_a_node
def key() -> None:
    """Print the thumbprint of the node's key (RFC 7638), to be told to others by another way than the network."""
    from terakoya.identity import api as identity

    click.echo(identity.thumbprint(identity.public_jwk()))


@cli.command()
@click.argument("nodes", nargs=-1, required=True, metavar="URL=THUMBPRINT...")
@on_a_node
def enrol(nodes: tuple[str, ...]) -> None:
    """On the nation's node: take nodes into the registry after comparing the thumbprints of their keys."""
    from terakoya.exchange import api as exchange

    for node in nodes:
        url, _, thumbprint = node.partition("=")
        partner = exchange.enrol(url, thumbprint)
        click.echo(f"{partner.uri}: {partner.name} ({partner.kind})")


@cli.command()
@click.argument("person")
@click.argument("field")
@click.argument("value")
@click.option("--origin", required=True, help="The system that says so, by its id in owners.toml.")
@on_a_node
def propose(person: str, field: str, value: str, origin: str) -> None:
    """Write FIELD of PERSON (a sourcedId) for another system: at once where it owns the field, else as a proposal."""
    from terakoya.node.people import propose_and_tell

    click.echo(propose_and_tell(person, field, value, origin))


@cli.command()
@click.argument("glyphs", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("shrink_map", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="MAP")
@on_a_node
def characters(glyphs: Path, shrink_map: Path) -> None:
    """Read the official forms for characters of names: GLYPHS, the list of MJ characters (.xlsx, .csv); MAP (JSON)."""
    from terakoya.node.people import read_forms_and_tell

    click.echo(read_forms_and_tell(glyphs, shrink_map))


@cli.group()
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


def main() -> None:
    from terakoya.node.system_commands import system

    cli.add_command(system)
    cli(prog_name="terakoya")


if __name__ == "__main__":
    cli()
