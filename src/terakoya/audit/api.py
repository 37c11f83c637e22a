"""The door of audit: the node's log, its proofs, and the check that nothing was changed."""

from .appending import append, commitment
from .log import Head, consistency_proof, inclusion_proof, log_head, root_at, verify_log
from .merkle import verify_consistency, verify_inclusion
from .models import LogEntry
from .reading import Entry, entries_about

__all__ = [
    "Entry",
    "Head",
    "LogEntry",
    "append",
    "commitment",
    "consistency_proof",
    "entries_about",
    "inclusion_proof",
    "log_head",
    "root_at",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
]
