"""Commands about the systems that read and write by OneRoster: let in, list, renew the secret, shut out."""

import sys
from typing import Any

import click

from terakoya.node.commands import on_a_node


@click.group()
def system() -> None:
    """Systems that read the roster and write marks by OneRoster 1.2."""


@system.command()
@click.argument("called", metavar="NAME")
@click.option("--organisation", required=True, help="Who runs it.")
@click.option("--stakeholder", default="school_affairs_provider", show_default=True, help="Its row of the matrix.")
@click.option("--ground", required=True, help="The contract it rests on, in words.")
@click.option("--scope", "scopes", multiple=True, required=True, help="What it may do; all: everything.")
@click.option("--school", "schools", multiple=True, help="sourcedId of a school it may see; default: all of them.")
@on_a_node
def add(called: str, organisation: str, stakeholder: str, ground: str, scopes: tuple[str, ...], schools: Any) -> None:
    """Let the system NAME in; print its client id and secret, which is shown this once."""
    from terakoya.oneroster import api as oneroster
    from terakoya.oneroster.errors import NotASystem

    chosen = list(oneroster.SCOPES) if scopes == ("all",) else list(scopes)
    try:
        made, secret = oneroster.register(
            called,
            organisation=organisation,
            stakeholder=stakeholder,
            ground=ground,
            scopes=chosen,
            schools=[_school(school) for school in schools],
            by="command line",
        )
    except NotASystem as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"{made.client_id}:{secret}")


@system.command("list")
@on_a_node
def list_() -> None:
    """List the systems: client id, state, last token, name, scopes."""
    from terakoya.oneroster import api as oneroster

    for one in oneroster.systems():
        state = "revoked" if one.revoked_at else "open"
        used = f"{one.last_token_at:%Y-%m-%d}" if one.last_token_at else "never"
        click.echo(f"{one.client_id} {state} {used} {one.name}: {' '.join(one.scopes)}")


@system.command()
@click.argument("client_id")
@on_a_node
def renew(client_id: str) -> None:
    """Give CLIENT_ID a new secret and print it; the old one and all tokens are void at once."""
    from terakoya.oneroster import api as oneroster

    secret = oneroster.renew_secret(client_id, by="command line")
    if secret is None:
        raise click.ClickException(f"{client_id}: there is no such system, or it is shut out")
    click.echo(f"{client_id}:{secret}")


@system.command()
@click.argument("client_id")
@on_a_node
def revoke(client_id: str) -> None:
    """Shut CLIENT_ID out at once, with all its tokens."""
    from terakoya.oneroster import api as oneroster

    if not oneroster.revoke(client_id, by="command line"):
        click.echo(f"{client_id}: there is no such system, or it was shut out before", err=True)
        sys.exit(1)
    click.echo(f"{client_id}: shut out")


def _school(sourced_id: str) -> Any:
    from terakoya.roster import api as roster

    found = next((one for one in roster.organisations() if one.sourced_id == sourced_id), None)
    if found is None:
        raise click.ClickException(f"{sourced_id}: there is no such school")
    return found.uuid
