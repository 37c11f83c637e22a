"""Grants: the recipient's copy of a consent, and offering or taking one without a browser, by invitation code."""

import uuid
from typing import Any
from urllib.parse import quote
from uuid import UUID

import msgspec
from django.db import connection, transaction

from terakoya.access import api as access
from terakoya.identity import api as identity
from terakoya.kit import jobs

from . import client, succession, transfers, wire
from .datasets import Invitation, InvitationsProvider, invitations
from .errors import (
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    PartnerRefused,
    Problem,
    WrongState,
    not_found,
)
from .models import Deletion, Grant, Partner
from .outbox import ask
from .partners import partner as partner_named
from .releases import not_living, waits
from .states import CONSUMER, PROVIDER

REASONS: dict[str, type[Exception]] = {
    "invitation-unknown": InvitationUnknown,
    "invitation-used": InvitationUsed,
    "invitation-expired": InvitationExpired,
}


def grants_of(person: UUID) -> list[Grant]:
    """All grants about a person of this node, newest first, living or ended."""
    return list(
        Grant.objects.filter(subject__in=access.keys_of([person])[person]).select_related("partner").order_by("-id")
    )


def keep_copy(partner: Partner, receipt: dict[str, Any], *, subject: UUID, pairwise: UUID) -> Grant:
    """Keep the copy of a consent that a holder recorded, and ask for its records; in the caller's transaction.

    ValueError, KeyError or TypeError when the receipt is not one of this holder for this node.
    """
    consent = access.record_copy(receipt, subject=subject, source_uri=partner.uri)
    known = Grant.objects.filter(side=CONSUMER, consent=consent.uuid).first()
    if known is not None:
        return known
    if (consent.holder, consent.recipient) != (partner.uri, identity.node_uri()):
        raise ValueError("the consent is between other nodes")
    (category,) = consent.categories
    grant = Grant.objects.create(
        side=CONSUMER,
        partner=partner,
        consent=consent.uuid,
        subject=subject,
        pairwise=pairwise,
        dataset_id=consent.dataset,
        category=category,
        purpose=consent.purpose,
        scope=consent.scope,
        valid_until=consent.valid_until,
    )
    transfers.request_transfer(grant)
    return grant


# --- the holder's side ---


def ask_invitation(partner_uri: str, code: str) -> Invitation:
    """What stands behind an invitation code at a partner. InvitationUnknown, InvitationUsed, InvitationExpired,
    PartnerAway, UnknownPartner."""
    code = code.strip()
    if not code or len(code) > 64:
        raise InvitationUnknown(code)
    path = f"/exchange/invitations/{quote(code, safe='')}"
    try:
        answer = client.call_for(partner_named(partner_uri), "GET", path)
    except PartnerRefused as fault:
        raise REASONS.get(fault.type, InvitationUnknown)(code) from fault
    return answer.shaped(Invitation)


def offer_grant(consent: access.Consent, *, code: str) -> Grant:
    """Bring a consent to its recipient, as the answer to an invitation code; in the transaction of the consent.

    The message goes out by itself until it is answered. When the recipient refuses it, the consent is withdrawn.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("offer_grant belongs into the transaction of the consent")
    recipient = partner_named(consent.recipient)
    (category,) = consent.categories
    grant = Grant.objects.create(
        side=PROVIDER,
        partner=recipient,
        consent=consent.uuid,
        subject=consent.subject,
        pairwise=identity.pairwise_id(consent.subject, recipient.uri),
        dataset_id=consent.dataset,
        category=category,
        purpose=consent.purpose,
        scope=access.consent(consent.uuid).scope,
        valid_until=consent.valid_until,
    )
    job = {"partner": recipient.uri, "grant": str(grant.uuid), "code": code, "message_id": str(uuid.uuid4())}
    jobs.enqueue("exchange.offer", job, key=f"offer:{grant.uuid}")
    return grant


def bring_offer(job: dict[str, Any]) -> None:
    """Bring the offer, unless the consent has ended in the meantime: then the notice of that goes instead."""
    grant = Grant.objects.get(uuid=job["grant"])
    if not grant.lives:
        return
    if waits(grant):
        raise jobs.TryLater("the consent waits for somebody's word")
    receipt = access.receipt(access.consent(grant.consent), subject=grant.pairwise)
    body = {"code": job["code"], "subject": grant.pairwise, "receipt": receipt}
    answer = ask(job, "POST", "/exchange/grants", msgspec.json.encode(body))
    if answer.status >= 300:
        access.withdraw(grant.consent, by=None, reason=client.refusal(answer).type)


# --- the recipient's side ---


def look_up(code: str) -> Invitation:
    """What stands behind a code of this node. Problem 404 or 410."""
    return _of_the_room(lambda room: room.look_up(code))


def take_offer(partner: Partner, offer: wire.GrantOffer) -> Grant:
    """A holder brings a consent. Brought twice, it is the same grant. Problem 400, 404, 410."""
    consent = _consent_of(offer.receipt)
    if Deletion.objects.filter(side=CONSUMER, partner=partner, consent=consent).exists():
        raise not_living()  # the news that it ended came before the consent itself
    known = Grant.objects.filter(side=CONSUMER, consent=consent).first()
    if known is not None:
        if known.partner_id != partner.pk:
            raise not_found()
        return known
    if earlier := succession.predecessor(partner, offer):
        return _take_over(earlier, partner, offer)
    wish = look_up(offer.code)
    person = _of_the_room(lambda room: room.accept(offer.code, consent, offer.subject))
    try:
        with transaction.atomic():
            grant = keep_copy(partner, offer.receipt, subject=person, pairwise=offer.subject)
    except (KeyError, TypeError, ValueError, WrongState) as fault:
        raise Problem(400, "wrong-receipt", f"The receipt cannot be taken: {fault}.") from fault
    if (grant.dataset_id, grant.purpose) != (wish.dataset_id, wish.purpose):
        raise Problem(400, "wrong-receipt", "The consent is not about what was wished for.")
    return grant


def _take_over(earlier: Grant, partner: Partner, offer: wire.GrantOffer) -> Grant:
    """The same records under a consent that takes the place of the earlier one; nothing of them is deleted."""
    try:
        with transaction.atomic():
            grant = keep_copy(partner, offer.receipt, subject=earlier.subject, pairwise=offer.subject)
            if (grant.dataset_id, grant.purpose) != (earlier.dataset_id, earlier.purpose):
                raise ValueError("the consent is about something else")
            access.supersede_copy(earlier.consent)
    except (KeyError, TypeError, ValueError, WrongState) as fault:
        raise Problem(400, "wrong-receipt", f"The receipt cannot be taken: {fault}.") from fault
    return grant


def _of_the_room(call: Any) -> Any:
    room: InvitationsProvider | None = invitations()
    if room is None:
        raise not_found("This node gives out no invitations.")
    try:
        return call(room)
    except InvitationUnknown as fault:
        raise Problem(404, "invitation-unknown", "No such invitation was given out.") from fault
    except InvitationUsed as fault:
        raise Problem(410, "invitation-used", "The invitation was used before.") from fault
    except InvitationExpired as fault:
        raise Problem(410, "invitation-expired", "The invitation is too old.") from fault


def _consent_of(receipt: dict[str, Any]) -> UUID:
    try:
        return UUID(receipt["dpv:hasRecordOfActivity"]["dct:identifier"])
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise Problem(400, "wrong-receipt", "The receipt names no consent.") from fault
