"""Messages to partners as jobs: written with their cause, sent until answered, and what follows then."""

import logging
import uuid
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction

from terakoya.kit import jobs

from . import client
from .errors import PartnerAway, UnknownPartner
from .models import Partner
from .partners import partner

log = logging.getLogger(__name__)
Follower = Callable[[str, client.Answer], None]
_followers: dict[str, Follower] = {}


def follows(name: str) -> Callable[[Follower], Follower]:
    """Register what is done, in one transaction, when a message's answer is there: with what it was about."""

    def register(follow: Follower) -> Follower:
        _followers[name] = follow
        return follow

    return register


def send_soon(
    to: Partner, path: str, body: dict[str, Any], *, then: str = "", about: str = "", key: str | None = None
) -> None:
    """Write a message to the outbox in the caller's transaction. It keeps its message id however often it is sent."""
    jobs.enqueue(
        "exchange.send",
        {
            "partner": to.uri,
            "path": path,
            "body": body,
            "message_id": str(uuid.uuid4()),
            "then": then,
            "about": about,
        },
        key=key,
    )


def send(partner_uri: str, topic: str, body: dict[str, Any], *, key: str | None = None) -> None:
    """Send a message of a topic to a partner, in the caller's transaction; once for a key. UnknownPartner.

    At the other end it reaches what was registered by ``register_receiver``.
    """
    send_soon(partner(partner_uri), f"/exchange/messages/{topic}", body, key=key)


def bring(partner_uri: str, topic: str, body: dict[str, Any], *, message_id: str | None = None) -> Any:
    """Bring a message of a topic to a partner now, and give what it answers; for what must not lie in the outbox.

    The same message id makes it the same message to the partner. UnknownPartner, PartnerAway, PartnerRefused.
    """
    path, content = f"/exchange/messages/{topic}", msgspec.json.encode(body)
    return client.call_for(partner(partner_uri), "POST", path, content, message_id=message_id).json()


def deliver(job: dict[str, Any]) -> None:
    """Send one message of the outbox and do what follows its answer. TryLater while the partner is away."""
    answer = ask(job, "POST", job["path"], msgspec.json.encode(job["body"]))
    if answer.status >= 400:
        refusal = client.refusal(answer)
        log.warning("%s refused %s: %s %s", job["partner"], job["path"], refusal.status, refusal.type)
    if follow := _followers.get(job["then"]):
        with transaction.atomic():
            follow(job["about"], answer)


def ask(job: dict[str, Any], method: str, path: str, body: bytes = b"", **more: Any) -> client.Answer:
    """Call the partner of a job under the job's own message id. TryLater while it is away or not in the registry."""
    try:
        return client.call(partner(job["partner"]), method, path, body, message_id=job.get("message_id"), **more)
    except (PartnerAway, UnknownPartner) as reason:
        raise jobs.TryLater(str(reason)) from reason
