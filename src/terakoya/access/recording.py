"""Writing the log: one leaf of the Merkle tree for each access, in the transaction of the release."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from terakoya.audit import api as audit

from .actors import Actor, actor_of
from .decisions import Decision, may_each
from .errors import NotKnown, NotPermitted
from .keys import all_keys

ACCOUNT, OPERATION = "operation.account", "operation"
LOG, RIGHTS = "rights.access_log", "rights"
SAFETY = {"public": "appi-66", "private": "appi-23"}


def open_record(
    request: HttpRequest, category: str, purpose: str, subjects: Iterable[UUID], what: str
) -> dict[UUID, Decision]:
    """For pages: decide for each person, and write one entry in the log about all who may be shown.

    Gives the decisions of those persons only; show nobody else. The entry is on the disk when it returns. Raises
    ``NotPermitted`` when there is none.
    """
    actor = actor_of(request)
    decisions = may_each(actor, category, purpose, subjects)
    permitted = {subject: decision for subject, decision in decisions.items() if decision.permitted}
    if not permitted:
        raise _refusal(decisions.values())
    releases = []
    for ground in dict.fromkeys(_ground(decision) for decision in permitted.values()):
        same = [subject for subject, decision in permitted.items() if _ground(decision) == ground]
        facts = _facts(actor, permitted[same[0]], category, purpose, what)
        releases.append(audit.Release(facts, same))
    audit.append_together(releases)
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
    *,
    in_case_of: UUID | None = None,
    sealed: UUID | None = None,
    request_hash: str = "",
) -> audit.Leaf:
    """Write one leaf of the log about the persons, in the caller's transaction, so that there is no release without it.

    ``what`` is a short stable key ("pupil_records", "transfer_page"), ``count`` the number of records released,
    ``reference`` an id that ties it to a transfer or a deletion, ``request_hash`` the SHA-256 of the signature of the
    request it answers. With ``in_case_of`` only that person is shown the entry, not the others it touches. ``sealed``
    is a case of child protection: nobody is shown the entry before :func:`open_case`. Raises ``NoTransaction`` outside
    a transaction and ``NotPermitted`` when the decision is a refusal.
    """
    if not decision.permitted:
        raise decision.refusal()
    facts = _facts(actor, decision, category, purpose, what)
    facts.update(count=count, reference=reference, request=request_hash)
    return audit.append(facts, subjects, in_case_of=in_case_of, sealed=sealed)


def record_event(actor: Actor, what: str, subjects: Iterable[UUID], reference: str = "") -> audit.Leaf:
    """Write one leaf about something that is no release of data: a sign-in, a lock-out, a change of permissions.

    In the caller's transaction; shown to the persons in their own part of the log. Give ``what`` words by
    :func:`register_what`.
    """
    people = list(subjects)
    relation = "self" if actor.person in people else ""
    return audit.append(_event(actor, ACCOUNT, OPERATION, what, reference, relation), people)


def open_case(case: UUID, by: Actor, reason: str) -> audit.Leaf:
    """Show the sealed entries of a case to whom they are about, from now on; this itself stands in their log.

    In the caller's transaction. ``reason`` is a reference to the decision, not told in words. Raises ``UnknownCase``
    when there is no such case or it is open.
    """
    return audit.open_case(case, _event(by, LOG, RIGHTS, "case_opened", reason))


def forget_in_log(person: UUID, by: Actor, reason: str) -> audit.Leaf | None:
    """Make a person's part of the log unreadable for ever, in the caller's transaction; None when there is none.

    ``reason`` is a reference that does not tell who the person is: the entry about it stays.
    """
    forgotten = [
        audit.forget_person(key, _event(by, LOG, RIGHTS, "forgotten", reason)) for key in sorted(all_keys([person]))
    ]
    return next((leaf for leaf in forgotten if leaf is not None), None)


def facts_of_use(actor: Actor, decision: Decision, what: str, *, count: int, reference: str) -> dict[str, Any]:
    """The facts of a use that is permitted, as the log keeps them. Raises ``NotPermitted`` for another."""
    if not decision.permitted:
        raise decision.refusal()
    facts = _facts(actor, decision, decision.category, decision.purpose, what)
    return {**facts, "count": count, "reference": reference}


def _facts(actor: Actor, decision: Decision, category: str, purpose: str, what: str) -> dict[str, Any]:
    return {
        "actor": _actor_facts(actor, decision.stakeholder),
        "relation": decision.relation.kind,
        "detail": decision.relation.detail,
        "category": category,
        "purpose": purpose,
        "basis": decision.basis,
        "rule": decision.rule,
        "clause": decision.clause_id,
        "consent": str(decision.consent or ""),
        "what": what,
        "count": 1,
        "reference": "",
        "request": "",
    }


def _event(actor: Actor, category: str, purpose: str, what: str, reference: str, relation: str = "") -> dict[str, Any]:
    """The facts of what nobody needed to decide: it follows from the duty to keep the data safe (APPI art. 23, 66)."""
    return {
        "actor": _actor_facts(actor, actor.stakeholder),
        "relation": relation,
        "detail": "",
        "category": category,
        "purpose": purpose,
        "basis": "law",
        "rule": "",
        "clause": SAFETY[settings.NODE_REGIME],
        "consent": "",
        "what": what,
        "count": 1,
        "reference": reference,
        "request": "",
    }


def _actor_facts(actor: Actor, stakeholder: str) -> dict[str, Any]:
    facts = asdict(actor)
    return {
        **{key: facts[key] for key in ("role", "name", "organisation", "node")},
        "stakeholder": stakeholder,
        "account": actor.account or 0,
    }


def _refusal(decisions: Iterable[Decision]) -> NotPermitted:
    """Of several refusals the one towards somebody whom the actor knows; without any tie nobody is known to exist."""
    refusals = [decision.refusal() for decision in decisions]
    known = (refusal for refusal in refusals if not isinstance(refusal, NotKnown))
    return next(known, refusals[0] if refusals else NotKnown(_("There is nobody to show here.")))


def _ground(decision: Decision) -> tuple[str, str, UUID | None]:
    return decision.rule, decision.relation.kind, decision.consent
