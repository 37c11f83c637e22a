"""What other rooms register here: data sets and their providers, invitations, the catalog, receivers of messages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

from .errors import UnknownDataset
from .models import Partner


@dataclass(frozen=True)
class Dataset:
    """A kind of record that can be handed over, one learner at a time.

    category: a category id of ``standards.categories``; purposes: ids of ``standards.purposes`` it may be asked for.
    title: by language ("ja", "en", ...). conforms_to: addresses of the standards its records are in.
    """

    id: str
    category: str
    purposes: tuple[str, ...]
    title: dict[str, str]
    conforms_to: tuple[str, ...] = ()
    description: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """Records in a fixed order; ``next_cursor`` is where the next page begins, None after the last."""

    items: list[dict[str, Any]]
    next_cursor: str | None


@dataclass(frozen=True)
class Example:
    """One record in the reader's words, and the day it is of."""

    day: date
    words: str


@dataclass(frozen=True)
class Forgotten:
    """What was deleted: how many records, and a hex digest over their sorted ids."""

    count: int
    digest: str


class DatasetProvider(Protocol):
    """A room that holds a data set, or can take it in. All are called inside a transaction of the caller."""

    dataset: Dataset

    def count(self, subject: UUID, scope: dict[str, Any]) -> int:
        """How many records of the person the scope covers now."""
        ...

    def example(self, subject: UUID, scope: dict[str, Any]) -> Example | None:
        """One of the records that the scope covers, for whoever decides about them; None when there is none."""
        ...

    def page(self, subject: UUID, scope: dict[str, Any], cursor: str | None, limit: int, recipient_uri: str) -> Page:
        """Records for a recipient, with every id of a person or record replaced by the recipient's pairwise one.

        The same cursor gives the same records until the holder's records themselves change.
        """
        ...

    def receive(self, subject: UUID, items: list[dict[str, Any]], *, holder_uri: str, consent: UUID) -> int:
        """Store records as the person's; the number of new ones. Known ones are passed over."""
        ...

    def forget(self, subject: UUID, consent: UUID) -> Forgotten:
        """Delete all that came under the consent. Nothing left to delete is no fault."""
        ...


@dataclass(frozen=True)
class Invitation:
    """What a cram school wishes to receive, behind the code that it gave a family."""

    code: str
    organisation: str
    dataset_id: str
    purpose: str
    scope: dict[str, Any]
    valid_until: date
    expires_at: datetime


class InvitationsProvider(Protocol):
    """The room that gives out invitation codes."""

    def look_up(self, code: str) -> Invitation:
        """The invitation of a code. InvitationUnknown, InvitationUsed or InvitationExpired."""
        ...

    def accept(self, code: str, consent: UUID, pairwise: UUID) -> UUID:
        """Use the code up for this consent; the key of the invited person on this node.

        Called in the transaction of the grant. The same consent again gives the same person. Errors as ``look_up``.
        """
        ...


Receiver = Callable[[Partner, dict[str, Any]], dict[str, Any] | None]

_datasets: dict[str, DatasetProvider] = {}
_receivers: dict[str, Receiver] = {}
_invitations: list[InvitationsProvider] = []
_catalogs: list[Callable[[], dict[str, Any]]] = []


def register_dataset(provider: DatasetProvider) -> None:
    """Register the room that provides a data set; called in ``apps.ready()``."""
    _datasets[provider.dataset.id] = provider


def datasets() -> list[Dataset]:
    """The data sets that rooms of this node registered."""
    return [provider.dataset for provider in _datasets.values()]


def provider_of(dataset_id: str) -> DatasetProvider:
    """The provider of a data set. UnknownDataset."""
    try:
        return _datasets[dataset_id]
    except KeyError:
        raise UnknownDataset(dataset_id) from None


def dataset(dataset_id: str) -> Dataset:
    """The data set of an id. UnknownDataset."""
    return provider_of(dataset_id).dataset


def count_covered(dataset_id: str, subject: UUID, scope: dict[str, Any]) -> int:
    """How many records of the person here a scope covers, to be said before someone agrees to it."""
    return provider_of(dataset_id).count(subject, scope)


def example_covered(dataset_id: str, subject: UUID, scope: dict[str, Any]) -> Example | None:
    """One of the records that a scope covers, to be shown before someone agrees; the caller has asked ``access``."""
    return provider_of(dataset_id).example(subject, scope)


def register_invitations(provider: InvitationsProvider) -> None:
    """Register the room that gives out invitation codes; one a node."""
    _invitations[:] = [provider]


def invitations() -> InvitationsProvider | None:
    """The room that gives out invitation codes, if this node has one."""
    return _invitations[0] if _invitations else None


def register_catalog(make: Callable[[], dict[str, Any]]) -> None:
    """Register the function that gives the node's DCAT catalog (JSON-LD); one a node."""
    _catalogs[:] = [make]


def catalog() -> dict[str, Any] | None:
    """The node's catalog, if a room makes one."""
    return _catalogs[0]() if _catalogs else None


def register_receiver(topic: str, receive: Receiver) -> None:
    """Register what takes messages of a topic from partners. It runs in the message's transaction, raises Refused
    for what it cannot take, and what it returns is the answer."""
    _receivers[topic] = receive


def receiver_of(topic: str) -> Receiver | None:
    """What takes messages of the topic, if anything."""
    return _receivers.get(topic)
