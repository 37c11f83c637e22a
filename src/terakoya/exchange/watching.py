"""Watching the logs that this node cosigns: does their node show everybody the tree that it showed here?

A log may show each witness a tree of its own. So each witness reads, like any stranger, what the node publishes, and
has it proved over the signed way that it continues what was cosigned here, or is continued by it.
"""

import logging
from typing import Any

from django.db import transaction

from terakoya.audit import api as audit
from terakoya.audit.errors import NotANote, NotSigned
from terakoya.kit import jobs

from . import client, partners, witnessing
from .errors import PartnerAway, UnknownPartner
from .models import Partner

log = logging.getLogger(__name__)


def watch() -> None:
    """One job for each log that was cosigned here."""
    for uri in audit.logs_watched():
        jobs.enqueue("exchange.watch", {"partner": uri})


def look(job: dict[str, Any]) -> None:
    """Read what a node publishes of its log and compare. One that is away is looked at in the next turn."""
    try:
        partner = partners.partner(job["partner"])
        note = client.get_public(f"{partner.uri}/log/checkpoint")
        found = audit.compare(witnessing.as_log(partner), note, lambda first, second: _proof(partner, first, second))
    except (PartnerAway, UnknownPartner) as reason:
        log.info("the log of %s cannot be looked at: %s", job["partner"], reason)
    except (NotANote, NotSigned) as fault:
        log.warning("%s publishes no checkpoint of its own: %s", job["partner"], fault)
    else:
        if found is not None:
            with transaction.atomic():
                witnessing.tell(partner, found)


def _proof(partner: Partner, first: int, second: int) -> bytes:
    """The proof in the node's signed answer; what is no proof is an answer too."""
    return client.call(partner, "GET", f"{witnessing.PATH}/consistency?from={first}&to={second}").body
