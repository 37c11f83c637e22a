"""What the first page says of a child: how much is here, from whom, who receives it, who looked."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import UnknownPartner
from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.records import api as records

from . import looked, sharing
from .models import Child, Membership


@dataclass(frozen=True)
class Card:
    """A child as the family's first page shows it; no record stands in it."""

    child: Child
    summary: records.Summary
    sources: list[str]
    shared: list[sharing.Shared]
    accesses: list[access.AccessLine]
    connected: bool
    seen: bool
    guardian: bool


def card_of(membership: Membership) -> Card:
    child = membership.child
    summary = records.summary_of(child.person)
    all_shared = sharing.shared_of(child.person)
    lines = access.accesses_of(child.person, clock.now() - timedelta(days=30))
    return Card(
        child,
        summary,
        [name_of(uri) for uri in summary.holders],
        [shared for shared in all_shared if shared.outward and shared.living],
        looked.by_people(lines, 3),
        connected=any(not shared.outward and shared.living for shared in all_shared),
        seen=any(line.what == "child_page" for line in lines),
        guardian=membership.capacity == Membership.Capacity.GUARDIAN,
    )


def name_of(uri: str) -> str:
    """The name of the organisation behind a node; the address of one that is no partner any more."""
    if not uri or uri == node_uri():
        return str(settings.NODE_NAME)
    try:
        return exchange.partner(uri).name
    except UnknownPartner:
        return uri
