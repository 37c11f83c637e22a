"""The door of access: who may use what, for what, and who did."""

from terakoya.kit.declaration import Use, declares
from terakoya.kit.declaration import nothing as declares_nothing

from .accesses import AccessLine, accesses_of
from .actions import assented_elsewhere, give_consent, record_copy, refuse_consent, supersede_copy, withdraw
from .actors import NOBODY, Actor, actor_named, actor_of, actor_of_account, node_actor, partner_actor
from .ages import Birth, by_grade, register_births
from .answering import Choices, choices
from .asked import Asked, asked_of
from .assent import answer, stop
from .capacity import Deciders, deciders, may_withdraw
from .ceilings import check_terms
from .decisions import Decision, may, may_each
from .disagreements import open_disagreements
from .events import on_event
from .keys import keys_of
from .lists import visible
from .machine_reads import note_list, note_one
from .majority import continue_alone, lapsing_soon
from .matrix import Matrix, matrix
from .models import Consent, ConsentEvent
from .notices import Notice, notice_of, readable, sealed, shown, unsealed
from .queries import (
    agreed_before,
    consent,
    consents_about,
    effective,
    heir_of,
    lineage,
    living_consent,
    living_consents,
    revoked_consents,
)
from .receipts import receipt
from .recording import forget_in_log, open_case, open_record, record_access, record_event
from .relations import Relation, Ties, register_relations
from .states import state_of
from .terms import Terms
from .words import category_name, clause_words, purpose_name, register_what, role_name, stakeholder_name, what_name

__all__ = [
    "NOBODY",
    "AccessLine",
    "Actor",
    "Asked",
    "Birth",
    "Choices",
    "Consent",
    "ConsentEvent",
    "Deciders",
    "Decision",
    "Matrix",
    "Notice",
    "Relation",
    "Terms",
    "Ties",
    "Use",
    "accesses_of",
    "actor_named",
    "actor_of",
    "actor_of_account",
    "agreed_before",
    "answer",
    "asked_of",
    "assented_elsewhere",
    "by_grade",
    "category_name",
    "check_terms",
    "choices",
    "clause_words",
    "consent",
    "consents_about",
    "continue_alone",
    "deciders",
    "declares",
    "declares_nothing",
    "effective",
    "forget_in_log",
    "give_consent",
    "heir_of",
    "keys_of",
    "lapsing_soon",
    "lineage",
    "living_consent",
    "living_consents",
    "matrix",
    "may",
    "may_each",
    "may_withdraw",
    "node_actor",
    "note_list",
    "note_one",
    "notice_of",
    "on_event",
    "open_case",
    "open_disagreements",
    "open_record",
    "partner_actor",
    "purpose_name",
    "readable",
    "receipt",
    "record_access",
    "record_copy",
    "record_event",
    "refuse_consent",
    "register_births",
    "register_relations",
    "register_what",
    "revoked_consents",
    "role_name",
    "sealed",
    "shown",
    "stakeholder_name",
    "state_of",
    "stop",
    "supersede_copy",
    "unsealed",
    "visible",
    "what_name",
    "withdraw",
]
