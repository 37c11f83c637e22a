"""The door of audit: the node's log, its proofs, and the check that nothing was changed."""

from terakoya.standards.merkle import verify_consistency, verify_inclusion

from .appending import Leaf, Release, append, append_many
from .cases import open_case
from .checkpoints import Log, log_name, make_checkpoint, newest_checkpoint, own_origin, published, verifier_key
from .cosigning import Request as WitnessRequest
from .cosigning import (
    Verdict,
    keep_cosignature,
    logs_watched,
    own_witness_key,
    proof_lines,
    size_known_by,
    witness,
    witnessed_note,
)
from .evidence import export_log, proof_of
from .grouping import append_together
from .log import Head, consistency_proof, inclusion_proof, log_head, root_at
from .reading import Entry, entries_about, entry_at
from .retention import forget_expired, forget_person
from .standing import (
    Standing,
    acknowledge,
    check_against,
    check_own_checkpoint,
    check_whole_log,
    may_release,
    register_witnesses,
    standing,
)
from .timestamps import is_good, newest_stamp
from .verifying import Verification, quick_check, verify, verify_log
from .walks import PageRead, page_read, reads_about
from .witness_faults import compare, faults_of_others, keep_report
from .witness_models import Checkpoint, LogFault

__all__ = [
    "Checkpoint",
    "Entry",
    "Head",
    "Leaf",
    "Log",
    "LogFault",
    "PageRead",
    "Release",
    "Standing",
    "Verdict",
    "Verification",
    "WitnessRequest",
    "acknowledge",
    "append",
    "append_many",
    "append_together",
    "check_against",
    "check_own_checkpoint",
    "check_whole_log",
    "compare",
    "consistency_proof",
    "entries_about",
    "entry_at",
    "export_log",
    "faults_of_others",
    "forget_expired",
    "forget_person",
    "inclusion_proof",
    "is_good",
    "keep_cosignature",
    "keep_report",
    "log_head",
    "log_name",
    "logs_watched",
    "make_checkpoint",
    "may_release",
    "newest_checkpoint",
    "newest_stamp",
    "open_case",
    "own_origin",
    "own_witness_key",
    "page_read",
    "proof_lines",
    "proof_of",
    "published",
    "quick_check",
    "reads_about",
    "register_witnesses",
    "root_at",
    "size_known_by",
    "standing",
    "verifier_key",
    "verify",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
    "witness",
    "witnessed_note",
]
