"""What ``terakoya log`` says: what was looked at, line by line, and the faults."""

import json
from collections.abc import Sequence
from typing import TextIO

import click

from terakoya.standards import log_evidence
from terakoya.standards.signed_notes import NotANote, VerifierKey

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


def on_file(proof: TextIO | None, export: TextIO | None, trusted: Sequence[VerifierKey]) -> Report:
    """A proof or a whole log from files; they may come from any node. ``trusted`` keys must have signed them."""
    told, faults = list[str](), list[str]()
    if proof:
        checked = log_evidence.check_proof(proof.read(), trusted)
        told += [f"entry {checked.index} of {checked.origin or 'no log'}", *_tree(checked)]
        faults += checked.faults
    if export:
        checked = log_evidence.check_export(export, trusted)
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
    if not checked.origin:
        return []
    compared = f"{checked.checkpoints} checkpoints compared with the tree"
    alone = "no checkpoint in it; compare the root with one that came by another way"
    tree = f"tree of {checked.size}, root {checked.root.hex()}"
    return [tree, compared if checked.checkpoints else alone, *map(_signer, checked.signers)]


def _signer(signer: log_evidence.Signer) -> str:
    whence = "by the key that you gave" if signer.trusted else "by the key that the file itself names"
    largest = f", the largest at {signer.size} entries" if signer.count else ""
    return f"{signer.key.name}: {signer.count} signatures good {whence}{largest}"


def verifier_key(text: str) -> VerifierKey:
    """The key that somebody gave at the command line."""
    try:
        return VerifierKey.read(text)
    except NotANote as fault:
        raise click.BadParameter(str(fault)) from None
