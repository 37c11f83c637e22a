"""Writing the log: one leaf of the Merkle tree for each access, in the transaction of the release."""

import hmac
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.kit.keyfiles import load_or_make_secret

from . import merkle
from .actors import Actor, actor_of
from .decisions import Decision, may_each
from .errors import NotPermitted, NoTransaction
from .models import LogEntry, LogHead, LogNode, LogSubject


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
) -> LogEntry:
    """Write one leaf of the log about the persons, in the caller's transaction, so that there is no release without it.

    ``what`` is a short stable key ("pupil_records", "transfer_page"), ``count`` the number of records released,
    ``reference`` an id that ties it to a transfer or a deletion. Raises ``NoTransaction`` outside a transaction and
    ``NotPermitted`` when the decision is a refusal.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("record_access needs the transaction of the release")
    if not decision.permitted:
        raise NotPermitted(decision.sentence())
    people = sorted(set(subjects))
    head = _locked_head()
    at = clock.now()
    body = rfc8785.dumps(
        {
            "v": 1,
            "at": at.isoformat(),
            "actor": _actor_facts(actor, decision),
            "subjects": [commitment(head.size, person) for person in people],
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
        }
    )
    return _append(head, body, people, at)


def commitment(index: int, person: UUID) -> str:
    """What stands for a person in a leaf: only this node can tell whom it means, and no two leaves share one."""
    secret = load_or_make_secret(settings.DATA_DIR, "log.secret")
    return hmac.digest(secret, f"{index}:{person}".encode(), "sha256").hex()


def _locked_head() -> LogHead:
    """The head, locked until the transaction ends, so that leaves get their places one after the other."""
    head, _made = LogHead.objects.select_for_update().get_or_create(pk=1)
    return head


def _append(head: LogHead, body: bytes, people: list[UUID], at: datetime) -> LogEntry:
    leaf = merkle.leaf_hash(body)
    entry = LogEntry(index=head.size, leaf=leaf, body=body.decode(), at=at)
    entry.save()
    LogSubject.objects.bulk_create([LogSubject(entry=entry, person=person) for person in people])
    peaks, fresh = merkle.grow(head.size, [bytes.fromhex(peak) for peak in head.peaks], leaf)
    LogNode.objects.bulk_create([LogNode(level=level, index=index, digest=digest) for (level, index), digest in fresh])
    head.size, head.peaks = head.size + 1, [peak.hex() for peak in peaks]
    head.save()
    return entry


def _actor_facts(actor: Actor, decision: Decision) -> dict[str, Any]:
    facts = asdict(actor)
    return {
        **{key: facts[key] for key in ("role", "name", "organisation", "node")},
        "stakeholder": decision.stakeholder,
        "account": actor.account or 0,
    }


def _ground(decision: Decision) -> tuple[str, str, UUID | None]:
    return decision.rule, decision.relation.kind, decision.consent
