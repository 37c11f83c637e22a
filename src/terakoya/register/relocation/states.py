"""The states of a relocation at either side, and what may happen in each."""

from terakoya.access.api import Actor
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation, RelocationEvent

from .words import no_such_step

Kind = RelocationEvent.Kind
# by side: what may happen in a state, and the state it leads to
STEPS: dict[str, dict[str, dict[str, str]]] = {
    "leaving": {
        "": {"prepared": "prepared"},
        "prepared": {"sent": "sent", "handed": "handed", "withdrawn": "withdrawn"},
        "sent": {
            "received": "received",
            "refused": "refused",
            "withdrawing": "withdrawing",
            "accepted": "accepted",
            "declined": "declined",
        },
        "received": {"withdrawing": "withdrawing", "accepted": "accepted", "declined": "declined"},
        "withdrawing": {"withdrawn": "withdrawn", "accepted": "accepted", "declined": "declined"},
        "refused": {"sent": "sent", "withdrawn": "withdrawn"},
        "accepted": {"taken_back": "received"},
        "handed": {"withdrawn": "withdrawn"},
    },
    "arriving": {
        "": {"asked": "asked", "received": "received", "withdrawn": "withdrawn"},
        "asked": {"received": "received", "withdrawn": "withdrawn"},
        "received": {"accepted": "accepted", "declined": "declined", "withdrawn": "withdrawn"},
        "accepted": {"taken_back": "received"},
    },
}
# what the new municipality decides; the old one is told all of them in order
DECISIONS = ("accepted", "declined", "taken_back")
# the old municipality may still be asked about the pupil, and the new one may be told
UNDER_WAY = ("prepared", "sent", "received", "withdrawing", "refused")
WAITING = ("asked", "received")


def may(relocation: Relocation, kind: str) -> bool:
    """Whether something may happen to a relocation as it stands."""
    return kind in STEPS[relocation.side].get(relocation.state, {})


def check(relocation: Relocation, kind: str) -> None:
    """CannotRelocate where something may not happen to a relocation as it stands."""
    if not may(relocation, kind):
        raise CannotRelocate(no_such_step(relocation))


def happen(relocation: Relocation, kind: str, by: Actor | str, **facts: object) -> RelocationEvent:
    """Write an event down with the state it leads to, in the caller's transaction. CannotRelocate."""
    check(relocation, kind)
    relocation.state = STEPS[relocation.side][relocation.state][kind]
    relocation.save()
    name = by if isinstance(by, str) else by.name or by.organisation
    return RelocationEvent.objects.create(relocation=relocation, kind=kind, by=name[:150], **facts)


def locked(relocation: Relocation) -> Relocation:
    """The relocation as it stands now, kept from others until the transaction ends."""
    return Relocation.objects.select_for_update().get(pk=relocation.pk)
