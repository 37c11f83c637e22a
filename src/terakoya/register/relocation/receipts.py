"""The receipt for a pupil who was taken in: the digest of the package, and a place in the new municipality's log."""

from datetime import datetime
from typing import Any

import msgspec

from terakoya.audit import api as audit
from terakoya.kit import clock


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """``leaf`` stands at ``index`` in a log of ``size`` entries below ``root`` (RFC 9162); hashes in hex."""

    digest: str
    at: datetime
    index: int
    size: int
    leaf: str
    root: str
    proof: list[str]


def receipt(digest: str, entry: audit.Leaf) -> dict[str, Any]:
    """The receipt for a package, with the entry that was written about it; in the transaction of the entry."""
    head = audit.log_head()
    made = Receipt(
        digest=digest,
        at=clock.now(),
        index=entry.index,
        size=head.size,
        leaf=bytes(entry.leaf).hex(),
        root=head.root.hex(),
        proof=[step.hex() for step in audit.inclusion_proof(entry.index, head.size)],
    )
    plain: dict[str, Any] = msgspec.to_builtins(made)
    return plain


def is_good(given: Receipt, digest: str) -> bool:
    """Whether a receipt is for the package of the digest, and its entry stands below its root."""
    try:
        leaf, root = bytes.fromhex(given.leaf), bytes.fromhex(given.root)
        proof = [bytes.fromhex(step) for step in given.proof]
    except ValueError:
        return False
    return given.digest == digest and audit.verify_inclusion(leaf, given.index, given.size, proof, root)
