"""The door of the catalog: the node's own catalog, what upper rooms add to it, and the nation's harvest."""

from typing import Any

from django.conf import settings

from terakoya.identity import api as identity

from .actions import harvest_all
from .adapters.dcat import write_catalog
from .entries import ANONYMISED, Entry, Standard, categories_of, own_entries, register_entries, standards_of
from .pages import register_home_part

__all__ = [
    "ANONYMISED",
    "Entry",
    "Standard",
    "categories_of",
    "harvest_all",
    "own_catalog",
    "own_entries",
    "register_entries",
    "register_home_part",
    "standards_of",
]


def own_catalog() -> dict[str, Any]:
    """The catalog of this node as a JSON-LD object (DCAT 3, ``dcat:Catalog``): data sets, never persons or counts."""
    return write_catalog(identity.node_uri(), settings.NODE_NAME, settings.NODE_KIND, own_entries())
