"""The door of the exchange: partners, data sets, agreements, grants, transfers, withdrawals, who looked."""

from .accesses import PartnerAccesses, fetch_accesses, subject_of
from .alongside import Part, parts_for, parts_known, parts_unknown, register_part
from .asking import asked_subject, begin_authorisation, complete_authorisation
from .authorisations import approve, pending_authorisation, refuse, terms_of, turn_back
from .datasets import (
    Dataset,
    DatasetProvider,
    Example,
    Forgotten,
    Invitation,
    InvitationsProvider,
    Page,
    count_covered,
    dataset,
    datasets,
    example_covered,
    register_catalog,
    register_dataset,
    register_invitations,
    register_receiver,
)
from .errors import PartnerAway
from .grants import ask_invitation, grants_of, offer_grant
from .guard import from_partner
from .models import Agreement, AuthorisationRequest, Deletion, Grant, Partner, Transfer
from .negotiations import agreement_with, ensure_agreement
from .outbox import bring, send
from .partners import partner, partners
from .queries import transfers_of
from .registry import enrol, refresh_registry
from .transfers import request_transfer
from .withdrawals import deletion_of

__all__ = [
    "Agreement",
    "AuthorisationRequest",
    "Dataset",
    "DatasetProvider",
    "Deletion",
    "Example",
    "Forgotten",
    "Grant",
    "Invitation",
    "InvitationsProvider",
    "Page",
    "Part",
    "Partner",
    "PartnerAccesses",
    "PartnerAway",
    "Transfer",
    "agreement_with",
    "approve",
    "ask_invitation",
    "asked_subject",
    "begin_authorisation",
    "bring",
    "complete_authorisation",
    "count_covered",
    "dataset",
    "datasets",
    "deletion_of",
    "enrol",
    "ensure_agreement",
    "example_covered",
    "fetch_accesses",
    "from_partner",
    "grants_of",
    "offer_grant",
    "partner",
    "partners",
    "parts_for",
    "parts_known",
    "parts_unknown",
    "pending_authorisation",
    "refresh_registry",
    "refuse",
    "register_catalog",
    "register_dataset",
    "register_invitations",
    "register_part",
    "register_receiver",
    "request_transfer",
    "send",
    "subject_of",
    "terms_of",
    "transfers_of",
    "turn_back",
]
