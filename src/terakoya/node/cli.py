"""The command line of a node.

Each command acts on one node: the one that the environment describes (TERAKOYA_KIND, TERAKOYA_DATA_DIR, DATABASE_URL,
...), or the options --kind and --data-dir.
"""

import csv
import sys
from pathlib import Path
from typing import Any, TextIO

import click

from terakoya.node.commands import on_a_node
from terakoya.node.log_commands import log
from terakoya.node.roster_commands import COMMANDS as ROSTER
from terakoya.node.system_commands import system


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


for _command in (log, system, *ROSTER):
    cli.add_command(_command)


def main() -> None:
    cli(prog_name="terakoya")


if __name__ == "__main__":
    main()
