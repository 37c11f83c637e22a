"""Commands about the log: checked, proved, written out."""

import sys
from typing import TextIO

import click

from terakoya.node.commands import on_a_node


@click.group()
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
