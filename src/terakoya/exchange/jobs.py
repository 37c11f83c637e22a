"""The jobs and duties of the exchange. Each handler bears being run twice: it looks at the state first."""

import logging
from datetime import timedelta
from typing import Any

from django.conf import settings

from terakoya.kit import clock, jobs

from . import (
    asking,
    authorisations,
    grants,
    negotiations,
    outbox,
    registry,
    releases,
    transfers,
    watching,
    withdrawals,
    witnessing,
)
from .errors import PartnerAway, StatementRefused
from .messages import YOUNG_ENOUGH
from .models import Answered, SeenNonce

log = logging.getLogger(__name__)
ANSWERS_KEPT = timedelta(days=30)

jobs.handles("exchange.send")(outbox.deliver)
jobs.handles("exchange.offer")(grants.bring_offer)
jobs.handles("exchange.notice")(withdrawals.bring_notice)
jobs.handles("exchange.redeem")(asking.redeem_by_job)
jobs.handles("exchange.transfer.request")(transfers.ask_for_transfer)
jobs.handles("exchange.transfer.pull")(transfers.pull)
jobs.handles("exchange.witness")(witnessing.bring_checkpoint)
jobs.handles("exchange.watch")(watching.look)
jobs.regularly("exchange.watch", seconds=settings.WITNESS_SECONDS)(watching.watch)
jobs.regularly("exchange.witness", seconds=settings.WITNESS_SECONDS)(witnessing.ask_witnesses)


@jobs.handles("exchange.negotiation.decide")
def decide(job: dict[str, Any]) -> None:
    negotiations.decide(job["negotiation"])


@jobs.handles("exchange.transfer.start")
def start(job: dict[str, Any]) -> None:
    releases.start(job["transfer"])


@jobs.handles("exchange.registry")
def read_news(job: dict[str, Any]) -> None:
    refresh()


@jobs.regularly("exchange.registry", seconds=30)
def refresh() -> None:
    """Read the nation's registry; what is known stays when the nation is away."""
    try:
        registry.refresh_registry()
    except PartnerAway as away:
        log.info("the registry cannot be read now: %s", away)
    except StatementRefused as fault:
        log.warning("the registry is not taken: %s", fault)


@jobs.regularly("exchange.ends", seconds=60)
def end_what_is_over() -> None:
    """End the grants whose time is over, and those that were never collected."""
    withdrawals.end_expired()
    authorisations.end_uncollected()


@jobs.regularly("exchange.renew", seconds=600)
def renew() -> None:
    """Ask for what is new under each living grant."""
    transfers.renew_transfers()


@jobs.regularly("exchange.tidy", seconds=600)
def tidy() -> None:
    """Forget nonces that no signature of theirs is young enough for, and answers that nobody asks for any more."""
    moment = clock.now()
    SeenNonce.objects.filter(seen_at__lt=moment - 3 * YOUNG_ENOUGH).delete()
    Answered.objects.filter(at__lt=moment - ANSWERS_KEPT).delete()
