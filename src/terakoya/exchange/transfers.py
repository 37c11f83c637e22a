"""The recipient's side of a transfer (Dataspace Protocol 2025-1): ask, pull page by page, say that all is there."""

import hashlib
import logging
import uuid
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from django.conf import settings
from django.db import DatabaseError, transaction

from terakoya.access import api as access
from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from . import client, negotiations, policy, wire
from .datasets import provider_of
from .errors import Problem, WrongState, not_found
from .models import Arrival, Grant, Partner, Transfer
from .outbox import ask, follows, send_soon
from .states import CONSUMER, ENDED, PROVIDER, TRANSFER, step

RENEWED_EVERY = timedelta(hours=24)
log = logging.getLogger(__name__)


def request_transfer(grant: Grant) -> Transfer:
    """Ask the holder for the records of a grant; a transfer under way is returned instead of a second one.

    Records that are known already are passed over on arrival. WrongState when the grant has ended.
    """
    with transaction.atomic():
        grant = Grant.objects.select_for_update(no_key=True, of=("self",)).select_related("partner").get(pk=grant.pk)
        if grant.side != CONSUMER or not grant.lives:
            raise WrongState("Records are asked for by the recipient, under a living consent.")
        if under_way := grant.transfers.exclude(state__in=ENDED).first():
            return under_way
        transfer = Transfer.objects.create(
            pid=negotiations.new_pid(),
            side=CONSUMER,
            partner=grant.partner,
            grant=grant,
            state=step(TRANSFER, "", "REQUESTED", CONSUMER),
        )
        negotiations.ensure_agreement(grant.partner.uri, grant.dataset_id, grant.purpose)
        _then(transfer, "request", message_id=str(uuid.uuid4()))
    return transfer


def renew_transfers() -> None:
    """Ask again, once a day, for the records of each living grant: what is new since then comes in by itself."""
    before = clock.now() - RENEWED_EVERY
    living = Grant.objects.filter(side=CONSUMER, ended_at=None, valid_until__gte=clock.today())
    for grant in living:
        last = grant.transfers.order_by("-id").first()
        if last is None or (last.state in ENDED and (last.completed_at or last.created_at) < before):
            request_transfer(grant)


def ask_for_transfer(job: dict[str, Any]) -> None:
    """Send the request as soon as the agreement is in force."""
    transfer = _read(job)
    if transfer.state != "REQUESTED" or transfer.other_pid:
        return
    grant = transfer.grant
    agreement = negotiations.agreement_with(grant.partner.uri, grant.dataset_id, grant.purpose)
    if agreement is None:
        _wait_for_agreement(transfer)
        return
    body = {
        "@context": wire.CONTEXT,
        "@type": "TransferRequestMessage",
        "agreementId": agreement.agreement_id,
        "format": policy.FORMAT,
        "callbackAddress": negotiations.callback(),
        "consumerPid": transfer.pid,
        "terakoya:consent": grant.consent,
    }
    answer = ask(job, "POST", "/dsp/transfers/request", msgspec.json.encode(body))
    with transaction.atomic():
        transfer = lock(job["transfer"])
        if answer.status >= 300:
            end(transfer, client.refusal(answer).type)
            return
        transfer.agreement = agreement
        transfer.other_pid = transfer.other_pid or answer.text("providerPid")[:60]
        transfer.save(update_fields=["agreement", "other_pid"])


def _wait_for_agreement(transfer: Transfer) -> None:
    grant = transfer.grant
    last = negotiations.last_negotiation(grant.partner, grant.dataset_id, grant.purpose)
    if last is None or last.state != "TERMINATED":
        raise jobs.TryLater("the agreement is being negotiated")
    with transaction.atomic():
        end(lock(transfer.pid), f"no-agreement: {last.reason}")


def take_start(partner: Partner, pid: str, message: wire.TransferStart) -> None:
    """The holder is ready: begin to pull."""
    transfer = matched(partner, pid, CONSUMER, message.providerPid)
    if transfer.state in ("STARTED", *ENDED):
        return
    if message.dataAddress.endpoint != f"{partner.uri}{pages_path(transfer)}":
        raise Problem(400, "wrong-endpoint", f"The endpoint must be {partner.uri}{pages_path(transfer)}.")
    holder = access.partner_actor(partner.uri, partner.name, partner.kind)
    access.assented_elsewhere(transfer.grant.consent, holder)  # it would not begin before the child's yes
    advance(transfer, "STARTED", PROVIDER)
    transfer.expected = message.expected
    transfer.save(update_fields=["expected"])
    _then(transfer, "pull", number=transfer.pages)


def pages_path(transfer: Transfer) -> str:
    """Where the holder serves the pages of a transfer, by the holder's own id of it."""
    provider_pid = transfer.other_pid if transfer.side == CONSUMER else transfer.pid
    return f"/exchange/transfers/{quote(provider_pid, safe=':')}/pages"


def pull(job: dict[str, Any]) -> None:
    """Pull one page; storing it writes the job for the next."""
    transfer = _read(job)
    if transfer.state != "STARTED" or transfer.pages != job["number"]:
        return
    query = urlencode({"cursor": transfer.cursor}) if transfer.cursor else ""
    answer = ask(job, "GET", pages_path(transfer) + (f"?{query}" if query else ""))
    if answer.status != 200:
        reason = client.refusal(answer).type
        if reason == "consent-paused":  # the holder tells when it has ended; until then it may go on any minute
            raise jobs.TryLater("the consent rests at the holder")
        _not_given(job, reason)
        return
    try:
        _store(job, msgspec.json.decode(answer.body, type=wire.PageMessage))
    except (_NotTaken, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        log.warning("a page of %s is refused: %s", job["transfer"], type(fault.__cause__ or fault).__name__)
        with transaction.atomic():
            transfer = lock(job["transfer"])
            if transfer.state not in ENDED:
                end(transfer, "records-refused", tell=True)


class _NotTaken(Exception):
    """The room that keeps the records will not take what came; asking again would bring the same."""


@transaction.atomic
def _store(job: dict[str, Any], page: wire.PageMessage) -> None:
    """Records, cursor, log entry and the next job: all or nothing, and nothing after the consent has ended."""
    transfer = lock(job["transfer"])
    grant = transfer.grant
    if transfer.state != "STARTED" or transfer.pages != job["number"] or not grant.lives:
        return
    decision = access.may(_own_node(), grant.category, grant.purpose, grant.subject)
    if not decision.permitted:
        end(transfer, "consent-not-living", tell=True)
        return
    items = msgspec.json.decode(page.items, type=list[dict[str, Any]])
    new = _taken(grant, items)
    arrival = Arrival.objects.create(
        transfer=transfer,
        number=transfer.pages,
        cursor=transfer.cursor,
        count=len(items),
        new=new,
        digest=hashlib.sha256(page.items).hexdigest(),
        at=clock.now(),
    )
    count_page(transfer, arrival.count, arrival.digest)
    access.record_access(
        _own_node(),
        decision,
        [grant.subject],
        grant.category,
        grant.purpose,
        "received_page",
        count=arrival.count,
        reference=transfer.pid,
    )
    _go_on(transfer, page.next)


def _taken(grant: Grant, items: list[dict[str, Any]]) -> int:
    """The number of new records. What the room raises is about the records, unless the database itself failed."""
    receive = provider_of(grant.dataset_id).receive
    try:
        return receive(grant.subject, items, holder_uri=grant.partner.uri, consent=grant.consent)
    except DatabaseError:
        raise
    except Exception as fault:
        raise _NotTaken from fault


def _go_on(transfer: Transfer, next_cursor: str | None) -> None:
    transfer.cursor = next_cursor or transfer.cursor
    transfer.save()
    if next_cursor is not None:
        _then(transfer, "pull", number=transfer.pages)
        return
    body = {
        "@context": wire.CONTEXT,
        "@type": "TransferCompletionMessage",
        **negotiations.pids(transfer),
        "terakoya:count": transfer.received,
        "terakoya:digest": transfer.digest,
    }
    path = f"/dsp/transfers/{quote(transfer.other_pid, safe=':')}/completion"
    send_soon(transfer.partner, path, body, then="transfer.acknowledged", about=transfer.pid)


@follows("transfer.acknowledged")
def acknowledged(pid: str, answer: client.Answer) -> None:
    """The holder has compared count and digest: the same at both ends, or the transfer has failed."""
    transfer = lock(pid)
    if transfer.state in ENDED:
        return
    if answer.status >= 300:
        end(transfer, client.refusal(answer).type, tell=True)
        return
    advance(transfer, "COMPLETED", CONSUMER)
    transfer.completed_at = clock.now()
    transfer.save(update_fields=["completed_at"])


def _not_given(job: dict[str, Any], reason: str) -> None:
    """The holder refuses a page. A consent that has ended there has ended here."""
    with transaction.atomic():
        transfer = lock(job["transfer"])
        if transfer.state in ENDED:
            return
        if reason == "consent-not-living":
            holder = access.partner_actor(transfer.partner.uri, transfer.partner.name, transfer.partner.kind)
            access.withdraw(transfer.grant.consent, by=holder, reason="ended at the holder")
            transfer.refresh_from_db()
        if transfer.state not in ENDED:
            end(transfer, reason)


# --- what both sides do with a transfer ---


def find(partner: Partner, pid: str, side: str = "") -> Transfer:
    """The partner's own transfer of this id, locked; Problem 404 for another's, and for none."""
    found = Transfer.objects.filter(partner=partner, pid=pid)
    if not (found.filter(side=side) if side else found).exists():
        raise not_found("There is no such transfer.")
    return lock(pid)


def lock(pid: str) -> Transfer:
    """A transfer with its grant, both locked: always the grant first, as a withdrawal does."""
    held = Grant.objects.select_for_update(no_key=True).filter(transfers__pid=pid)
    list(held)
    locked = Transfer.objects.select_for_update(of=("self",)).select_related("grant__partner", "partner")
    return locked.get(pid=pid)


def matched(partner: Partner, pid: str, side: str, other_pid: str) -> Transfer:
    """As ``find``, and the partner's own id of it is the one that is known; it is learnt when it is not known yet."""
    transfer = find(partner, pid, side)
    if not transfer.other_pid:
        transfer.other_pid = other_pid[:60]
        transfer.save(update_fields=["other_pid"])
    if transfer.other_pid != other_pid:
        raise not_found("There is no such transfer.")
    return transfer


def take_termination(partner: Partner, pid: str, message: wire.TransferTermination) -> None:
    """The partner ends the transfer. What a withdrawal demands beyond that comes by its own notice."""
    transfer = find(partner, pid)
    if transfer.state == "TERMINATED":
        return
    advance(transfer, "TERMINATED", PROVIDER if transfer.side == CONSUMER else CONSUMER)
    transfer.error = (message.code or "terminated")[:500]
    transfer.save(update_fields=["error"])


def take_suspension(partner: Partner, pid: str, message: wire.TransferSuspension) -> None:
    """The partner pauses the transfer: nothing is pulled or given until it is started again."""
    transfer = find(partner, pid)
    if transfer.state != "SUSPENDED":
        advance(transfer, "SUSPENDED", PROVIDER if transfer.side == CONSUMER else CONSUMER)


def advance(transfer: Transfer, to: str, by: str) -> None:
    """Take a step of the state machine; Problem 400 where it does not lead."""
    try:
        transfer.state = step(TRANSFER, transfer.state, to, by)
    except WrongState as fault:
        raise negotiations.wrong_state(transfer, fault, "TransferError") from fault
    transfer.save(update_fields=["state"])


def end(transfer: Transfer, reason: str, *, tell: bool = False) -> None:
    """End a live transfer from this side, in the caller's transaction; one that has ended meanwhile stays as it is."""
    if transfer.state in ENDED:
        return
    advance(transfer, "TERMINATED", transfer.side)
    transfer.error = reason[:500]
    transfer.save(update_fields=["error"])
    if tell and transfer.other_pid:
        body = {
            "@context": wire.CONTEXT,
            "@type": "TransferTerminationMessage",
            **negotiations.pids(transfer),
            "code": reason[:500],
            "reason": [],
        }
        send_soon(transfer.partner, f"/dsp/transfers/{quote(transfer.other_pid, safe=':')}/termination", body)


def count_page(transfer: Transfer, count: int, digest: str) -> None:
    """Add a page to the numbers of a transfer; its digest runs over the pages in order."""
    transfer.pages += 1
    transfer.received += count
    transfer.digest = hashlib.sha256(f"{transfer.digest}{digest}".encode()).hexdigest()


def _own_node() -> access.Actor:
    """This node as the recipient that a consent names."""
    return access.partner_actor(identity.node_uri(), settings.NODE_NAME, settings.NODE_KIND)


def _then(transfer: Transfer, what: str, **more: Any) -> None:
    jobs.enqueue(
        f"exchange.transfer.{what}",
        {"partner": transfer.partner.uri, "transfer": transfer.pid, **more},
        key=":".join(["transfer", what, transfer.pid, str(more.get("number", ""))]),
    )


def _read(job: dict[str, Any]) -> Transfer:
    return Transfer.objects.select_related("grant__partner", "partner").get(pid=job["transfer"])
