"""Evidence from a node's log that anybody can check without the node: the proof of one entry, and a log as a file.

Both speak RFC 9162 (tree and proofs), C2SP tlog-checkpoint (checkpoints, with signatures) and JSON. The keys that a
file names itself tell only that it is of one piece; keys that came by another way (``trusted``) tell whose it is.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import merkle, signed_notes
from .signed_notes import VerifierKey

PROOF, EXPORT = "terakoya-log-proof/1", "terakoya-log/1"


@dataclass
class Signer:
    """A key, and under how many checkpoints of the file its signature is good; ``size`` is the largest of them."""

    key: VerifierKey
    trusted: bool
    count: int = 0
    size: int = 0
    missed: bool = False


@dataclass
class Checked:
    """What a file says and what is wrong with it; ``entries`` were computed, ``checkpoints`` compared with the tree."""

    signers: list[Signer] = field(default_factory=list)
    origin: str = ""
    size: int = 0
    root: bytes = merkle.EMPTY
    index: int | None = None
    entries: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)


def check_proof(text: str, trusted: Sequence[VerifierKey] = ()) -> Checked:
    """Whether a proof file shows that its entry stands in the log below the root that it names.

    Its checkpoint must bear a good signature of each of the ``trusted`` keys.
    """
    checked = Checked(entries=1)
    try:
        said = json.loads(text)
        if said["format"] != PROOF:
            raise ValueError(said["format"])
        checked.origin, checked.size, checked.index = str(said["origin"]), int(said["size"]), int(said["index"])
        checked.root = bytes.fromhex(said["root"])
        leaf = merkle.leaf_hash(said["body"].encode())
        proof = [bytes.fromhex(step) for step in said["proof"]]
        checkpoint = said["checkpoint"]
        checked.signers = _signers(trusted, said.get("keys", []))
    except (ValueError, KeyError, TypeError, AttributeError):
        checked.faults.append("this is no proof of an entry")
        return checked
    if not merkle.verify_inclusion(leaf, checked.index, checked.size, proof, checked.root):
        checked.faults.append(f"the proof does not lead from entry {checked.index} to the root")
    if checkpoint is not None:
        _compare(checked, checkpoint, checked.size, checked.root)
    _all_signed(checked)
    return checked


def check_export(lines: Iterable[str], trusted: Sequence[VerifierKey] = ()) -> Checked:
    """Whether a log in a file has the root that it names, and all checkpoints in it; memory does not grow with it.

    Each of the ``trusted`` keys must have signed: that of the log every checkpoint, that of a witness one at least.
    No signature of a key that is trusted, or that the file names, may be a wrong one.

    The first line names log, size, root and keys; each entry is a line; a checkpoint follows the last entry it covers.
    """
    checked, peaks, rows = Checked(), list[bytes](), iter(lines)
    try:
        header = json.loads(next(rows, ""))
        if header["format"] != EXPORT:
            raise ValueError(header["format"])
        checked.origin, checked.size, checked.root = header["origin"], header["size"], bytes.fromhex(header["root"])
        checked.signers = _signers(trusted, header.get("keys", []))
        for number, line in enumerate(rows, 2):
            said = json.loads(line)
            if "checkpoint" in said:
                _compare(checked, said["checkpoint"], checked.entries, merkle.root_of_peaks(peaks))
                continue
            if said["index"] != checked.entries:
                checked.faults.append(f"line {number}: entry {checked.entries} is missing")
                return checked
            peaks, _fresh = merkle.grow(checked.entries, peaks, merkle.leaf_hash(said["body"].encode()))
            checked.entries += 1
    except (ValueError, KeyError, TypeError, AttributeError):
        checked.faults.append(f"what follows entry {checked.entries - 1} is no log")
        return checked
    if (checked.entries, merkle.root_of_peaks(peaks)) != (checked.size, checked.root):
        checked.faults.append("the entries do not make the root that the file names")
    _all_signed(checked)
    return checked


def _signers(trusted: Sequence[VerifierKey], named: Sequence[str]) -> list[Signer]:
    known = {str(key): Signer(key, trusted=True) for key in trusted}
    return list({**{text: Signer(VerifierKey.read(text), trusted=False) for text in named}, **known}.values())


def _compare(checked: Checked, note: Any, size: int, root: bytes) -> None:
    """A checkpoint must name the root that the entries have at its size, and bear good signatures."""
    checked.checkpoints += 1
    try:
        parsed = signed_notes.parse(note.encode())
        origin, said_size, said_root = parsed.text.split("\n")[:3]
        right = (origin, said_size, base64.b64decode(said_root, validate=True)) == (checked.origin, str(size), root)
    except (ValueError, AttributeError, binascii.Error):
        right = False
    if not right:
        checked.faults.append(f"the checkpoint at {size} entries names another tree")
        return
    for signer in checked.signers:
        _signature(checked, signer, parsed, size)


def _signature(checked: Checked, signer: Signer, note: signed_notes.Note, size: int) -> None:
    good = signer.key.signed(note)
    if good:
        signer.count, signer.size = signer.count + 1, size
    elif (good is False or signer.key.kind == signed_notes.ED25519) and not signer.missed:
        signer.missed = True
        checked.faults.append(f"the checkpoint at {size} entries has no good signature of {signer.key.name}")


def _all_signed(checked: Checked) -> None:
    """Where somebody is trusted, something must bear their signature."""
    for signer in checked.signers:
        if signer.trusted and not signer.count and not signer.missed:
            checked.faults.append(f"no checkpoint has a good signature of {signer.key.name}")
