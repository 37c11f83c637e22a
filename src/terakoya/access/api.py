"""The door of access: who may use what, for what, and who did."""

from terakoya.kit.declaration import Use, declares
from terakoya.kit.declaration import nothing as declares_nothing

from .accesses import AccessLine, accesses_of
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
from .matrix import Matrix, matrix
from .models import Consent, ConsentEvent
from .notices import Notice, notice_of, readable
from .queries import consent, consents_about, living_consent, state_of
from .receipts import receipt
from .recording import forget_in_log, open_case, open_record, record_access, record_event
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
    "declares",
    "declares_nothing",
    "forget_in_log",
    "give_consent",
    "living_consent",
    "matrix",
    "may",
    "may_each",
    "may_withdraw",
    "node_actor",
    "notice_of",
    "on_event",
    "open_case",
    "open_record",
    "partner_actor",
    "purpose_name",
    "readable",
    "receipt",
    "record_access",
    "record_copy",
    "record_event",
    "refuse_consent",
    "register_relation",
    "register_relations",
    "register_what",
    "role_name",
    "state_of",
    "what_name",
    "withdraw",
]
