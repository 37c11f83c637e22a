"""A consent takes the place of another without a gap: the learner's own, when it follows a guardian's on a birthday.

The recipient keeps what it has, under the new consent; nothing is deleted in between.
"""

import uuid

from terakoya.access import api as access
from terakoya.kit import clock, jobs

from . import transfers, wire
from .errors import Problem
from .models import Grant, Partner
from .states import CONSUMER, ENDED, PROVIDER


def pass_on(grant: Grant) -> None:
    """End the grant of a consent that was superseded; at the holder the next one begins, and is brought by a job."""
    grant.ended_at, grant.end_reason = clock.now(), "superseded"
    grant.save(update_fields=["ended_at", "end_reason"])
    for transfer in grant.transfers.exclude(state__in=ENDED).select_related("partner"):
        transfers.end(transfer, "superseded", tell=grant.side == PROVIDER)
    heir = access.heir_of(grant.consent)
    if grant.side != PROVIDER or heir is None:
        return
    names = ("side", "partner", "subject", "pairwise", "dataset_id", "category", "purpose")
    new = Grant.objects.create(
        **{name: getattr(grant, name) for name in names},
        consent=heir.uuid,
        scope=heir.scope,
        valid_until=heir.valid_until,
        collected_at=clock.now(),
    )
    job = {"partner": grant.partner.uri, "grant": str(new.uuid), "code": "", "message_id": str(uuid.uuid4())}
    jobs.enqueue("exchange.offer", job, key=f"offer:{new.uuid}")


def predecessor(partner: Partner, offer: wire.GrantOffer) -> Grant | None:
    """The grant whose place an offered consent takes, if it names one of the same partner and person. Problem 400."""
    record = offer.receipt.get("dpv:hasRecordOfActivity")
    number = record.get("tk:supersedes") if isinstance(record, dict) else None
    if not number:
        return None
    try:
        earlier = uuid.UUID(str(number))
    except ValueError as fault:
        raise Problem(400, "wrong-receipt", "The receipt names no consent before it.") from fault
    known = Grant.objects.filter(side=CONSUMER, partner=partner, consent=earlier, pairwise=offer.subject)
    return known.filter(ended_at=None).first()
