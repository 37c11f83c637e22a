"""Writing the log: one leaf of the Merkle tree for each access, in the transaction of the release."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from terakoya.audit import api as audit

from .actors import Actor, actor_of
from .decisions import Decision, may_each
from .errors import NotPermitted


def open_record(
    request: HttpRequest, category: str, purpose: str, subjects: Iterable[UUID], what: str
) -> dict[UUID, Decision]:
    """For pages: decide for each person, and write one entry in the log about all who may be shown.

    Gives the decisions of those persons only; show nobody else. Raises ``NotPermitted`` when there is none.
    """
    actor = actor_of(request)
    with transaction.atomic():
        decisions = may_each(actor, category, purpose, subjects)
        permitted = {subject: decision for subject, decision in decisions.items() if decision.permitted}
        if not permitted:
            refusal = next(iter(decisions.values()), None)
            raise NotPermitted(refusal.sentence() if refusal else _("There is nobody to show here."))
        for basis in dict.fromkeys(_ground(decision) for decision in permitted.values()):
            same = [subject for subject, decision in permitted.items() if _ground(decision) == basis]
            record_access(actor, permitted[same[0]], same, category, purpose, what)
    return permitted


def record_access(
    actor: Actor,
    decision: Decision,
    subjects: Iterable[UUID],
    category: str,
    purpose: str,
    what: str,
    count: int = 1,
    reference: str = "",
) -> audit.LogEntry:
    """Write one leaf of the log about the persons, in the caller's transaction, so that there is no release without it.

    ``what`` is a short stable key ("pupil_records", "transfer_page"), ``count`` the number of records released,
    ``reference`` an id that ties it to a transfer or a deletion. Raises ``NoTransaction`` outside a transaction and
    ``NotPermitted`` when the decision is a refusal.
    """
    if not decision.permitted:
        raise NotPermitted(decision.sentence())
    return audit.append(
        {
            "actor": _actor_facts(actor, decision),
            "relation": decision.relation.kind,
            "detail": decision.relation.detail,
            "category": category,
            "purpose": purpose,
            "basis": decision.basis,
            "rule": decision.rule,
            "clause": decision.clause_id,
            "consent": str(decision.consent or ""),
            "what": what,
            "count": count,
            "reference": reference,
        },
        subjects,
    )


def _actor_facts(actor: Actor, decision: Decision) -> dict[str, Any]:
    facts = asdict(actor)
    return {
        **{key: facts[key] for key in ("role", "name", "organisation", "node")},
        "stakeholder": decision.stakeholder,
        "account": actor.account or 0,
    }


def _ground(decision: Decision) -> tuple[str, str, UUID | None]:
    return decision.rule, decision.relation.kind, decision.consent
