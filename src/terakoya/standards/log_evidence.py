"""Evidence from a node's log that anybody can check without the node: the proof of one entry, and a log as a file.

Both speak RFC 9162 (tree and proofs), C2SP tlog-checkpoint (checkpoints) and JSON. Whoever checks should compare the
root with a checkpoint that came by another way, best with one that other nodes have cosigned.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import merkle

PROOF, EXPORT = "terakoya-log-proof/1", "terakoya-log/1"


@dataclass
class Checked:
    """What a file says and what is wrong with it; ``entries`` were computed, ``checkpoints`` compared with the tree."""

    origin: str = ""
    size: int = 0
    root: bytes = merkle.EMPTY
    index: int | None = None
    entries: int = 0
    checkpoints: int = 0
    faults: list[str] = field(default_factory=list)


def check_proof(text: str) -> Checked:
    """Whether a proof file shows that its entry stands in the log below the root that it names."""
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
    except (ValueError, KeyError, TypeError, AttributeError):
        checked.faults.append("this is no proof of an entry")
        return checked
    if not merkle.verify_inclusion(leaf, checked.index, checked.size, proof, checked.root):
        checked.faults.append(f"the proof does not lead from entry {checked.index} to the root")
    if checkpoint is not None:
        _compare(checked, checkpoint, checked.size, checked.root)
    return checked


def check_export(lines: Iterable[str]) -> Checked:
    """Whether a log in a file has the root that it names, and all checkpoints in it; memory does not grow with it.

    The first line names log, size and root; each entry is a line; a checkpoint follows the last entry it covers.
    """
    checked, peaks, rows = Checked(), list[bytes](), iter(lines)
    try:
        header = json.loads(next(rows, ""))
        if header["format"] != EXPORT:
            raise ValueError(header["format"])
        checked.origin, checked.size, checked.root = header["origin"], header["size"], bytes.fromhex(header["root"])
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
    return checked


def _compare(checked: Checked, note: Any, size: int, root: bytes) -> None:
    """A checkpoint must name the root that the entries have at its size."""
    checked.checkpoints += 1
    try:
        origin, said_size, said_root = note.split("\n")[:3]
        right = (origin, said_size, base64.b64decode(said_root, validate=True)) == (checked.origin, str(size), root)
    except (ValueError, AttributeError, binascii.Error):
        right = False
    if not right:
        checked.faults.append(f"the checkpoint at {size} entries names another tree")
