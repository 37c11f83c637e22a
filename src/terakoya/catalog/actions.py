"""The harvest: each registered node's catalog is fetched, checked and stored whole, or the old one stays."""

from django.conf import settings
from django.db import transaction

from terakoya.exchange import api as exchange
from terakoya.identity import api as identity
from terakoya.kit import clock

from .adapters.dcat import read_catalog
from .entries import Entry, own_entries
from .errors import CatalogRefused, NodeUnreachable
from .fetching import fetch_catalog
from .models import Harvest, HarvestedDataset


def harvest_all() -> None:
    """Visit every registered node and this node itself; forget nodes that are registered no longer."""
    partners = {partner.uri: partner for partner in exchange.partners()}
    for partner in partners.values():
        harvest(partner.uri, partner.name, partner.kind)
    own = identity.node_uri()
    _store(own, settings.NODE_NAME, settings.NODE_KIND, own_entries())
    Harvest.objects.exclude(uri__in=[*partners, own]).delete()


def harvest(uri: str, name: str, kind: str) -> None:
    """Fetch the catalog of one node. A fault is noted beside what was harvested before, which stays."""
    try:
        entries = read_catalog(fetch_catalog(uri), uri)
    except NodeUnreachable as fault:
        _note(uri, name, kind, "unreachable", str(fault))
    except CatalogRefused as fault:
        _note(uri, name, kind, "refused", str(fault))
    else:
        _store(uri, name, kind, entries)


@transaction.atomic
def _store(uri: str, name: str, kind: str, entries: list[Entry]) -> None:
    moment = clock.now()
    found = {"name": name, "kind": kind, "tried_at": moment, "harvested_at": moment, "fault": "", "detail": ""}
    visit, _ = Harvest.objects.update_or_create(uri=uri, defaults=found)
    visit.datasets.all().delete()
    HarvestedDataset.objects.bulk_create(_row(visit, entry) for entry in entries)


def _note(uri: str, name: str, kind: str, fault: str, detail: str) -> None:
    found = {"name": name, "kind": kind, "tried_at": clock.now(), "fault": fault, "detail": detail[:300]}
    Harvest.objects.update_or_create(uri=uri, defaults=found)


def _row(visit: Harvest, entry: Entry) -> HarvestedDataset:
    return HarvestedDataset(
        harvest=visit,
        identifier=entry.id,
        title_ja=entry.title["ja"],
        title_en=entry.title.get("en", entry.title["ja"]),
        category=entry.category,
        standards=[{"uri": standard.uri, "name": standard.name} for standard in entry.standards],
        purposes=list(entry.purposes),
        access=entry.access,
        placement=entry.placement,
        offered=entry.offered,
    )
