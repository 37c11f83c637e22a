"""When a consent ends: refused from that commit on, told to the other node until it answers, deleted with a receipt."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.kit import clock, jobs

from . import client, policy, succession, transfers, wire
from .datasets import Forgotten, provider_of
from .errors import Problem, not_found
from .models import Deletion, Grant, Partner
from .outbox import ask, send_soon
from .states import CONSUMER, ENDED, PROVIDER

SKEW = timedelta(minutes=10)  # how far the clock of another node may be ahead


def deletion_of(consent: access.Consent | UUID) -> Deletion | None:
    """What became of the recipient's copy: None while the consent lives, then waiting, confirmed or kept.

    On the holder's node it is what the recipient answered; on the recipient's node what it did itself.
    """
    number = consent if isinstance(consent, UUID) else consent.uuid
    return Deletion.objects.filter(consent=number).order_by("side").first()


def consent_happened(consent: access.Consent, event: access.ConsentEvent) -> None:
    """Called by access in the transaction of each event of a consent.

    The grants are locked whatever the event, so that a release under way is over before it, and a later one sees it.
    """
    grants = Grant.objects.select_for_update(no_key=True, of=("self",)).select_related("partner")
    for grant in grants.filter(consent=consent.uuid, ended_at=None):
        if event.kind in ("withdrawn", "declined", "lapsed"):
            end_grant(grant, event.kind, told_by_partner=event.by_node == grant.partner.uri)
        elif event.kind == "superseded":
            succession.pass_on(grant)
        elif event.kind in ("assented", "settled") and grant.side == PROVIDER:
            _go_on(grant)


def _go_on(grant: Grant) -> None:
    """What waited for somebody's word goes on by itself: an offer to be brought, transfers to begin."""
    jobs.wake("exchange.offer", grant=str(grant.uuid))
    for transfer in grant.transfers.filter(state="REQUESTED"):
        jobs.wake("exchange.transfer.start", transfer=transfer.pid)


def end_expired() -> None:
    """End the grants whose last day is over, each as if it had been withdrawn."""
    over = Grant.objects.filter(ended_at=None, valid_until__lt=clock.today()).values_list("pk", flat=True)
    for pk in list(over):
        with transaction.atomic():
            locked = Grant.objects.select_for_update(no_key=True, of=("self",)).select_related("partner")
            grant = locked.get(pk=pk)
            if grant.ended_at is None:
                end_grant(grant, "expired", told_by_partner=grant.side == CONSUMER)


def end_grant(grant: Grant, reason: str, *, told_by_partner: bool) -> None:
    """End a grant in the caller's transaction: transfers, notice, and at the recipient the copy."""
    grant.ended_at, grant.end_reason = clock.now(), reason
    grant.save(update_fields=["ended_at", "end_reason"])
    for transfer in grant.transfers.exclude(state__in=ENDED).select_related("partner"):
        transfers.end(transfer, "consent-not-living", tell=True)
    if grant.side == PROVIDER:
        Deletion.objects.get_or_create(
            consent=grant.consent, side=PROVIDER, partner=grant.partner, defaults={"asked_at": clock.now()}
        )
        _notice(grant, reason)
    else:
        if not told_by_partner:
            _notice(grant, reason)
        _settle_copy(grant)


def _notice(grant: Grant, reason: str) -> None:
    job = {
        "partner": grant.partner.uri,
        "consent": str(grant.consent),
        "side": grant.side,
        "reason": reason,
        "message_id": str(uuid.uuid4()),
    }
    jobs.enqueue("exchange.notice", job, key=f"notice:{grant.side}:{grant.consent}")


def bring_notice(job: dict[str, Any]) -> None:
    """Tell the other node that the consent has ended, until it answers."""
    waiting = Deletion.objects.filter(consent=job["consent"], side=job["side"], state="waiting")
    waiting.update(last_tried=clock.now())
    path = f"/exchange/consents/{job['consent']}/withdrawal"
    answer = ask(job, "POST", path, msgspec.json.encode({"reason": job["reason"]}))
    if answer.status >= 300:
        raise jobs.TryLater(f"the notice was refused: {client.refusal(answer)}")


# --- at the recipient ---


def take_notice(partner: Partner, consent: UUID, notice: wire.Notice) -> str:
    """The other node says that a consent has ended; from this transaction on nothing comes in under it.

    Said again, or before the consent itself arrived, it changes nothing more. Gives the state of the consent here.
    """
    grant = Grant.objects.filter(partner=partner, consent=consent).first()
    if grant is None:
        _remember_ended(partner, consent)
        return "withdrawn"
    by = access.partner_actor(partner.uri, partner.name, partner.kind)
    if notice.reason == "expired" and grant.valid_until < clock.today():
        end_expired()
    else:
        access.withdraw(consent, by=by, reason=notice.reason)
    return access.state_of(access.consent(consent))


def _settle_copy(grant: Grant) -> None:
    """Delete the copy, or keep what the purpose leaves with the learner; log it, and send the receipt."""
    if policy.deletes(grant.purpose):
        forgotten = _forget(grant)
        _receipt(grant.partner, grant.consent, "deleted", forgotten, [grant.subject], grant.category)
    else:
        _receipt(grant.partner, grant.consent, "kept", Forgotten(0, ""), [grant.subject], "rights.consent")


def _forget(grant: Grant) -> Forgotten:
    """Delete what came under the consent, and under those whose place it took."""
    forget = provider_of(grant.dataset_id).forget
    parts = [forget(grant.subject, number) for number in access.lineage(access.consent(grant.consent))]
    if len(parts) == 1:
        return parts[0]
    digest = hashlib.sha256("".join(part.digest for part in parts).encode()).hexdigest()
    return Forgotten(sum(part.count for part in parts), digest)


def _remember_ended(partner: Partner, consent: UUID) -> None:
    if not Deletion.objects.filter(side=CONSUMER, partner=partner, consent=consent).exists():
        _receipt(partner, consent, "nothing_held", Forgotten(0, ""), [], "rights.consent")


def _receipt(
    partner: Partner, consent: UUID, outcome: str, forgotten: Forgotten, subjects: list[UUID], category: str
) -> None:
    decision = access.may(access.node_actor(), category, "rights", subjects[0] if subjects else None)
    what = "deletion" if outcome == "deleted" else "copy_settled"
    entry = access.record_access(
        access.node_actor(),
        decision,
        subjects,
        category,
        "rights",
        what,
        count=forgotten.count,
        reference=str(consent),
    )
    moment, head = clock.now(), audit.log_head()
    receipt = {
        "outcome": outcome,
        "count": forgotten.count,
        "digest": forgotten.digest,
        "at": moment.isoformat(),
        "index": entry.index,
        "size": head.size,
        "leaf": bytes(entry.leaf).hex(),
        "root": head.root.hex(),
        "proof": [step.hex() for step in audit.inclusion_proof(entry.index, head.size)],
    }
    Deletion.objects.create(
        consent=consent,
        side=CONSUMER,
        partner=partner,
        state="kept" if outcome == "kept" else "confirmed",
        receipt=receipt,
        verified=True,
        asked_at=moment,
        confirmed_at=moment,
    )
    send_soon(partner, f"/exchange/consents/{consent}/deletion", receipt, key=f"deletion:{partner.pk}:{consent}")


# --- at the holder ---


def take_receipt(partner: Partner, consent: UUID, receipt: wire.DeletionReceipt) -> Deletion:
    """The recipient says what became of its copy; the place in its log is checked. Problem 400 or 404."""
    grant = Grant.objects.filter(side=PROVIDER, partner=partner, consent=consent).first()
    if grant is None:
        raise not_found("There is no such consent.")
    if receipt.at.tzinfo is None or receipt.at > clock.now() + SKEW:
        raise Problem(400, "wrong-time", "The receipt is of the future, or its time has no zone.")
    if not _proved(receipt):
        raise Problem(400, "wrong-proof", "The log proof does not show the entry below the root.")
    deletion, _ = Deletion.objects.select_for_update().get_or_create(
        consent=consent, side=PROVIDER, partner=partner, defaults={"asked_at": clock.now()}
    )
    if deletion.state == "waiting":
        deletion.state = "kept" if receipt.outcome == "kept" else "confirmed"
        deletion.receipt = msgspec.to_builtins(receipt)
        deletion.verified, deletion.confirmed_at = True, clock.now()
        deletion.save()
    return deletion


def _proved(receipt: wire.DeletionReceipt) -> bool:
    leaf, root = bytes.fromhex(receipt.leaf), bytes.fromhex(receipt.root)
    proof = [bytes.fromhex(step) for step in receipt.proof]
    return audit.verify_inclusion(leaf, receipt.index, receipt.size, proof, root)
