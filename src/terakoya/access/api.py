"""The door of access: who may use what, for what, and who did."""

from terakoya.kit.declaration import Use, declares
from terakoya.kit.declaration import nothing as declares_nothing

from .actions import (
    check_terms,
    give_consent,
    may_withdraw,
    on_event,
    record_copy,
    refuse_consent,
    withdraw,
)
from .actors import NOBODY, Actor, actor_of, actor_of_account, node_actor, partner_actor
from .decisions import Decision, may, may_each
from .log import Head, consistency_proof, inclusion_proof, log_head, root_at, verify_log
from .matrix import Matrix, matrix
from .merkle import verify_consistency, verify_inclusion
from .models import Consent, ConsentEvent, LogEntry
from .notices import Notice, notice_of, readable
from .queries import (
    AccessLine,
    accesses_of,
    consent,
    consents_about,
    living_consent,
    state_of,
)
from .receipts import receipt
from .recording import open_record, record_access
from .relations import Relation, register_relation, register_relations
from .terms import Terms
from .words import category_name, clause_words, purpose_name, register_what, role_name, what_name

__all__ = [
    "NOBODY",
    "AccessLine",
    "Actor",
    "Consent",
    "ConsentEvent",
    "Decision",
    "Head",
    "LogEntry",
    "Matrix",
    "Notice",
    "Relation",
    "Terms",
    "Use",
    "accesses_of",
    "actor_of",
    "actor_of_account",
    "category_name",
    "check_terms",
    "clause_words",
    "consent",
    "consents_about",
    "consistency_proof",
    "declares",
    "declares_nothing",
    "give_consent",
    "inclusion_proof",
    "living_consent",
    "log_head",
    "matrix",
    "may",
    "may_each",
    "may_withdraw",
    "node_actor",
    "notice_of",
    "on_event",
    "open_record",
    "partner_actor",
    "purpose_name",
    "readable",
    "receipt",
    "record_access",
    "record_copy",
    "refuse_consent",
    "register_relation",
    "register_relations",
    "register_what",
    "role_name",
    "root_at",
    "state_of",
    "verify_consistency",
    "verify_inclusion",
    "verify_log",
    "what_name",
    "withdraw",
]
