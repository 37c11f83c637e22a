"""Nodes watch over each other's logs: each asks some others to cosign its checkpoints, and cosigns theirs.

What a witness finds is told to the nation and to the node itself; what a node finds about itself stops its releases
(``audit.standing``).
"""

import hashlib
import logging
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from django.db import transaction

from terakoya.audit import api as audit
from terakoya.audit.errors import NotANote, NotSigned
from terakoya.identity import api as identity
from terakoya.kit import jobs
from terakoya.kit.models import Job

from . import client, messages, partners, wire
from .errors import Problem, Refused, UnknownPartner
from .models import Partner
from .outbox import ask, send_soon

log = logging.getLogger(__name__)
MOST_WITNESSES = 8
TOPIC = "log-fault"
PATH = "/exchange/witness"
TEXT = "text/plain"


def witnesses() -> list[Partner]:
    """The nodes that this one asks: the nation's, and of the others so many that each has about the same to do."""
    here = identity.node_uri()
    known = partners.partners()
    chosen = sorted(known, key=lambda one: (one.kind != "nation", _lot(here, one.uri)))
    return chosen[:MOST_WITNESSES]


def witness_logs() -> list[audit.Log]:
    """The nodes that this one asks, as the audit knows them."""
    return [as_log(one) for one in witnesses()]


def not_witnessed() -> Problem:
    """Records do not leave while nobody else watches over the log. The asker may come again: it resumes by itself."""
    return Problem(503, "log-not-witnessed", "The log of this node is not confirmed by others; nothing is released.")


# --- the log's side ---


def ask_witnesses() -> None:
    """Have the newest checkpoint cosigned: one job for each witness that has none waiting."""
    if audit.newest_checkpoint() is None or audit.standing().breaks:
        return
    for partner in witnesses():
        with transaction.atomic():
            if not Job.objects.filter(topic="exchange.witness", done_at=None, body__partner=partner.uri).exists():
                jobs.enqueue("exchange.witness", {"partner": partner.uri})


def bring_checkpoint(job: dict[str, Any]) -> None:
    """Bring the newest checkpoint to a witness and keep its cosignature; when it refuses, find out why."""
    checkpoint = audit.newest_checkpoint()
    if checkpoint is None:
        return
    answer = _submit(job, checkpoint, audit.size_known_by(job["partner"], checkpoint.origin))
    if answer.status == 409 and (size := _size(answer)) is not None:
        checkpoint = audit.newest_checkpoint() or checkpoint
        if size <= checkpoint.size:
            answer = _submit(job, checkpoint, size)
    if answer.status != 200:
        _find_out(job, checkpoint, answer)
        return
    try:
        audit.keep_cosignature(checkpoint, as_log(partners.partner(job["partner"])), answer.body)
    except (NotANote, NotSigned) as fault:
        raise jobs.TryLater(str(fault)) from fault


def _submit(job: dict[str, Any], checkpoint: audit.Checkpoint, old: int) -> client.Answer:
    proof = audit.consistency_proof(old, checkpoint.size) if 0 < old <= checkpoint.size else []
    body = bytes(audit.WitnessRequest(min(old, checkpoint.size), tuple(proof), checkpoint.note.encode()))
    return ask(job, "POST", f"{PATH}/add-checkpoint", body, content_type=TEXT)


def _size(answer: client.Answer) -> int | None:
    text = answer.body.decode("ascii", "replace").removesuffix("\n")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else None


def _find_out(job: dict[str, Any], checkpoint: audit.Checkpoint, refused: client.Answer) -> None:
    """A witness does not sign. Ask for what it holds: only this node's own signature is evidence against this node."""
    held = ask(job, "GET", f"{PATH}/checkpoint?origin={quote(checkpoint.origin)}")
    log.warning("%s does not cosign the log: %s %s", job["partner"], refused.status, refused.body[:200])
    if held.status != 200:
        return
    try:
        found = audit.check_against(held.body, job["partner"])
    except (NotANote, NotSigned) as fault:
        log.warning("%s shows no checkpoint that this node signed: %s", job["partner"], fault)
        return
    if found is not None:
        log.error("the log is not what it was: %s; nothing is released until it is acknowledged", found.kind)


# --- the witness's side ---


def take_checkpoint(partner: Partner, body: bytes, asked_at: datetime) -> audit.Verdict:
    """A node brings a checkpoint of its log. What comes to light is told, in the same transaction."""
    verdict = audit.witness(as_log(partner), body, asked_at)
    if verdict.fault is not None:
        tell(partner, verdict.fault)
    return verdict


def tell(partner: Partner, fault: audit.LogFault) -> None:
    """Tell the nation, and the node itself, what came to light about a log, in the caller's transaction."""
    log.error("the log of %s: %s", partner.uri, fault.kind)
    for other in _to_be_told(partner):
        send_soon(other, f"/exchange/messages/{TOPIC}", _report(fault))


def take_report(partner: Partner, body: dict[str, Any]) -> None:
    """A witness tells that a log was changed, another node's or this one's; its own signature must stand below it."""
    try:
        told = msgspec.convert(body, wire.LogFault)
        known, shown = told.known.encode(), told.shown.encode()
        if told.log == identity.node_uri():
            audit.check_against(known, partner.uri)
        else:
            audit.keep_report(as_log(partners.partner(told.log)), told.kind, known, shown, partner.uri)
    except (msgspec.ValidationError, UnicodeError, UnknownPartner, NotANote, NotSigned) as fault:
        raise Refused(f"The report is not taken: {fault}.") from fault


def _to_be_told(faulty: Partner) -> list[Partner]:
    return list({one.pk: one for one in [faulty, *partners.partners("nation")]}.values())


def _report(fault: audit.LogFault) -> dict[str, Any]:
    return {"log": fault.uri, "kind": fault.kind, "known": fault.known, "shown": fault.shown}


def as_log(partner: Partner) -> audit.Log:
    """A partner's log as the audit knows it."""
    return audit.Log(partner.uri, partner.name, messages.public_key(partner.jwk))


def _lot(here: str, there: str) -> bytes:
    return hashlib.sha256(f"{here}\n{there}".encode()).digest()
