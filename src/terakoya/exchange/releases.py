"""The holder's side of a transfer: each page is decided, logged and noted in the transaction in which it is given."""

import dataclasses
import hashlib
from typing import Any
from urllib.parse import quote

import msgspec
from django.db import transaction

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from . import negotiations, policy, transfers, wire, witnessing
from .datasets import provider_of
from .errors import Problem, not_found
from .models import Agreement, Grant, Partner, Release, Transfer
from .outbox import send_soon
from .states import CONSUMER, PROVIDER, TRANSFER, step

SCOPE = ("subjects", "from", "to")


def not_living() -> Problem:
    """The consent has ended, or never was; shaped as 404 like all that is not there for the asker."""
    return Problem(404, "consent-not-living", "There is no living consent for this.")


def not_now() -> Problem:
    """The consent rests; the recipient asks again another day and keeps what it has."""
    return Problem(404, "consent-paused", "The consent is paused.")


def take_request(partner: Partner, message: wire.TransferRequest) -> Transfer:
    """A recipient asks for the records of a grant. Asked twice, it is the same transfer. Problem 400 or 404."""
    negotiations.check_callback(partner, message.callbackAddress)
    known = Transfer.objects.filter(partner=partner, side=PROVIDER, other_pid=message.consumerPid).first()
    if known is not None:
        return known
    agreement = Agreement.objects.filter(
        partner=partner, side=PROVIDER, agreement_id=message.agreementId, in_force=True
    ).first()
    locked = Grant.objects.select_for_update(no_key=True)
    grant = locked.filter(partner=partner, side=PROVIDER, consent=message.consent).first()
    if agreement is None or grant is None or not _covers(agreement, grant):
        raise not_found("There is no such agreement and consent together.")
    if not grant.lives:
        raise not_living()
    if grant.collected_at is None:
        grant.collected_at = clock.now()
        grant.save(update_fields=["collected_at"])
    transfer = Transfer.objects.create(
        pid=negotiations.new_pid(),
        other_pid=message.consumerPid,
        side=PROVIDER,
        partner=partner,
        grant=grant,
        agreement=agreement,
        state=step(TRANSFER, "", "REQUESTED", CONSUMER),
    )
    jobs.enqueue("exchange.transfer.start", {"partner": partner.uri, "transfer": transfer.pid})
    return transfer


@transaction.atomic
def start(pid: str) -> None:
    """Begin a transfer that was asked for, or end it when the consent does not live any more."""
    transfer = transfers.lock(pid)
    if transfer.state != "REQUESTED":
        return
    grant = transfer.grant
    decision = decide(grant, transfer.partner)
    if decision is None and waits(grant):
        raise jobs.TryLater("the consent waits for somebody's word")
    if decision is None:
        transfers.end(transfer, "consent-not-living", tell=True)
        return
    transfers.advance(transfer, "STARTED", PROVIDER)
    transfer.expected = provider_of(grant.dataset_id).count(grant.subject, scope_of(decision))
    transfer.save(update_fields=["expected"])
    body = {
        "@context": wire.CONTEXT,
        "@type": "TransferStartMessage",
        **negotiations.pids(transfer),
        "dataAddress": {
            "@type": "DataAddress",
            "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
            "endpoint": identity.node_uri() + transfers.pages_path(transfer),
        },
        "terakoya:expected": transfer.expected,
    }
    send_soon(transfer.partner, f"/dsp/transfers/{quote(transfer.other_pid, safe=':')}/start", body)


def decide(grant: Grant, partner: Partner) -> access.Decision | None:
    """The decision to release under a grant, or None: the consent is read at the source, now.

    Its obligations hold the scope of this very consent, cut down to what every other guardian agreed to.
    """
    living = access.effective(access.consent(grant.consent)) if grant.lives else None
    if living is None:
        return None
    actor = access.partner_actor(partner.uri, partner.name, partner.kind)
    decision = access.may(actor, grant.category, grant.purpose, grant.subject)
    rest = {name: value for name, value in decision.obligations.items() if name not in SCOPE}
    duties = {**rest, **living.scope, "until": living.valid_until.isoformat()}
    decided = dataclasses.replace(decision, consent=grant.consent, obligations=duties)
    return decided if decision.permitted else None


def scope_of(decision: access.Decision) -> dict[str, Any]:
    """The school subjects and days that a release keeps to."""
    return {name: value for name, value in decision.obligations.items() if name in SCOPE}


def waits(grant: Grant) -> bool:
    """Whether the consent may come to life by itself: a child or a guardian has not answered, a day is to come."""
    return grant.lives and access.state_of(access.consent(grant.consent)) in ("awaiting_assent", "paused", "scheduled")


def release(partner: Partner, pid: str, cursor: str, request_hash: str) -> dict[str, Any]:
    """Give one page, in the caller's transaction. The same page again is neither logged nor counted twice.

    ``request_hash`` is the SHA-256 of the signature of the request, for the log.
    """
    transfer = transfers.find(partner, pid, PROVIDER)
    grant = transfer.grant
    decision = decide(grant, partner)
    if decision is None:
        raise not_now() if waits(grant) else not_living()
    if transfer.state != "STARTED":
        raise not_found("The transfer is not running.")
    if not audit.may_release():
        raise witnessing.not_witnessed()
    if cursor and not transfer.releases.filter(next_cursor=cursor).exists():
        raise Problem(400, "wrong-cursor", "The cursor is none that this transfer gave.")
    page = provider_of(grant.dataset_id).page(
        grant.subject, scope_of(decision), cursor or None, policy.PAGE_SIZE, partner.uri
    )
    items = msgspec.json.encode(page.items)
    given = _note(transfer, grant, decision, cursor, page.next_cursor, len(page.items), items, request_hash)
    return {"items": msgspec.Raw(items), "number": given.number, "next": page.next_cursor}


def _note(
    transfer: Transfer,
    grant: Grant,
    decision: access.Decision,
    cursor: str,
    next_cursor: str | None,
    count: int,
    items: bytes,
    request_hash: str,
) -> Release:
    digest = hashlib.sha256(items).hexdigest()
    known = transfer.releases.filter(cursor=cursor).first()
    if known is not None and known.digest == digest:
        return known
    partner = transfer.partner
    entry = access.record_access(
        access.partner_actor(partner.uri, partner.name, partner.kind),
        decision,
        [grant.subject],
        grant.category,
        grant.purpose,
        "transfer_page",
        count=count,
        reference=transfer.pid,
        request_hash=request_hash,
    )
    columns = {
        "next_cursor": next_cursor or "",
        "count": count,
        "digest": digest,
        "log_index": entry.index,
        "at": clock.now(),
    }
    if known is None:
        return Release.objects.create(transfer=transfer, number=transfer.releases.count(), cursor=cursor, **columns)
    for name, value in columns.items():  # the records changed between two tellings of the same page
        setattr(known, name, value)
    known.save()
    return known


def take_completion(partner: Partner, pid: str, message: wire.TransferCompletion) -> None:
    """The recipient has all: compare what left with what arrived. Problem 409 when they differ."""
    transfer = transfers.matched(partner, pid, PROVIDER, message.consumerPid)
    if transfer.state == "COMPLETED":
        return
    transfer.pages, transfer.received, transfer.digest = 0, 0, ""
    for given in transfer.releases.order_by("number"):
        transfers.count_page(transfer, given.count, given.digest)
    if transfer.state == "STARTED" and (transfer.received, transfer.digest) != (message.count, message.digest):
        raise Problem(409, "count-differs", "What arrived is not what was released.")
    transfers.advance(transfer, "COMPLETED", CONSUMER)
    transfer.completed_at = clock.now()
    transfer.save()


def _covers(agreement: Agreement, grant: Grant) -> bool:
    return (agreement.dataset_id, agreement.purpose) == (grant.dataset_id, grant.purpose)
