"""What ``terakoya log`` says: what was looked at, line by line, and the faults."""

import json
from typing import TextIO

import click

from terakoya.standards import log_evidence

Report = tuple[list[str], list[str]]


def on_node(*, quick: bool) -> Report:
    """The log of the node, in the quick form or computed anew."""
    from terakoya.audit import api as audit

    if quick:
        return [f"{audit.log_head().size} entries; head and latest entries looked at"], audit.quick_check()
    found = audit.verify()
    told = [
        f"{found.size} entries, root {found.root.hex()}",
        f"{found.past_retention} past their retention, {found.forgotten} places of persons who are forgotten",
    ]
    return told, list(found.faults)


def on_file(proof: TextIO | None, export: TextIO | None) -> Report:
    """A proof or a whole log from files; they may come from any node."""
    told, faults = list[str](), list[str]()
    if proof:
        checked = log_evidence.check_proof(proof.read())
        told += [f"entry {checked.index} of {checked.origin or 'no log'}", *_tree(checked)]
        faults += checked.faults
    if export:
        checked = log_evidence.check_export(export)
        told += [f"log of {checked.origin or 'nobody'}, {checked.entries} entries", *_tree(checked)]
        faults += checked.faults
    return told, faults


def proof(entry: int) -> str:
    """The proof of an entry as JSON."""
    from terakoya.audit import api as audit
    from terakoya.audit.errors import UnknownEntry

    try:
        return json.dumps(audit.proof_of(entry), ensure_ascii=False, indent=1)
    except UnknownEntry:
        raise click.ClickException(f"the log has no entry {entry}") from None


def _tree(checked: log_evidence.Checked) -> list[str]:
    compared = f"{checked.checkpoints} checkpoints compared; their signatures are not checked here"
    alone = "no checkpoint in it; compare the root with one that came by another way"
    tree = f"tree of {checked.size}, root {checked.root.hex()}"
    return [tree, compared if checked.checkpoints else alone] if checked.origin else []
