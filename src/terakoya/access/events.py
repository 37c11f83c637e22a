"""Recording what happens to consents, and telling the rooms that listen, in one transaction."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from terakoya.kit import clock

from .actors import Actor
from .errors import UnknownConsent
from .models import Consent, ConsentEvent, Deciding
from .states import ENDED, state_of

Listener = Callable[[Consent, ConsentEvent], None]
listeners: list[Listener] = []
REPEATED = ("disputed", "settled")


def on_event(listener: Listener) -> Listener:
    """Register a function that is called inside the transaction of each event of a consent."""
    listeners.append(listener)
    return listener


def happen(consent: Consent, kind: str, by: Actor | None, reason: str = "") -> None:
    """Add an event and tell the listeners. What can happen once and has happened, changes nothing.

    With a consent that somebody ends, ends what a learner gave to take its place from the 18th birthday on: the
    recipient has nothing left that could go on.
    """
    if kind not in REPEATED and consent.events.filter(kind=kind).exists():
        return
    event = ConsentEvent(
        consent=consent,
        kind=kind,
        at=clock.now(),
        by=by.person if by else None,
        by_name=by.name if by else "",
        by_node=by.node if by else "",
        reason=reason[:300],
    )
    event.save()
    for listener in listeners:
        listener(consent, event)
    if kind in ("withdrawn", "declined"):
        for heir in Consent.objects.filter(supersedes=consent.uuid).prefetch_related("events"):
            if state_of(heir) not in ENDED:
                happen(heir, "withdrawn", by, reason)


def take_turn(subject: UUID) -> None:
    """Wait until nobody else decides about the learner; in the caller's transaction, before anything else is locked."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a turn is taken in a transaction")
    turns = Deciding.objects.select_for_update().filter(subject=subject)
    if not list(turns):
        Deciding.objects.get_or_create(subject=subject)
        turns.get()


def locked(uuid: UUID) -> Consent:
    """The consent with its events, locked together with its learner's turn; raises ``UnknownConsent``."""
    subject = Consent.objects.filter(uuid=uuid).values_list("subject", flat=True).first()
    if subject is None:
        raise UnknownConsent(str(uuid))
    take_turn(subject)
    return Consent.objects.select_for_update().prefetch_related("events").get(uuid=uuid)
