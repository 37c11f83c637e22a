"""What happens to accounts and sign-ins, told to whoever registered: the log above this room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from .models import Account

NAMES = (
    "signed_in",
    "signed_out",
    "sign_in_paused",
    "password_changed",
    "factor_added",
    "factor_removed",
    "factor_reset",
    "factor_used",
    "sessions_ended",
    "card_made",
    "card_taken_back",
    "account_opened",
    "account_closed",
    "account_renamed",
    "permission_changed",
)


@dataclass(frozen=True)
class Event:
    """Something that happened.

    what: one of ``NAMES``; by: the account that did it, None for the node itself or somebody unknown
    people: the persons it is about, by key; reference: what ties it to something else, such as an import
    """

    what: str
    by: Account | None
    people: tuple[UUID, ...] = ()
    reference: str = ""


Listener = Callable[[Event], None]
_listeners: list[Listener] = []


def on_event(listener: Listener) -> Listener:
    """Register a function called with each event, in the transaction of what happened."""
    _listeners.append(listener)
    return listener


def tell(what: str, by: Account | None, people: Iterable[UUID] = (), reference: str = "") -> None:
    """Tell the registered functions, in the transaction of what happened or in one of their own."""
    event = Event(what, by, tuple(people), reference)
    with transaction.atomic():
        for listener in _listeners:
            listener(event)


def tell_of(account: Account, what: str, by: Account | None, reference: str = "") -> None:
    """Tell of something that happened to one account."""
    tell(what, by, (account.person,) if account.person else (), reference)
