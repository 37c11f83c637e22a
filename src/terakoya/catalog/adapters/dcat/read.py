"""From a catalog that another node serves to its entries; what has not exactly the shape is refused."""

import msgspec

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from ...entries import ANONYMISED, Entry, Standard
from ...errors import CatalogRefused
from .shapes import ACCESS_RIGHT, CONTEXT, Catalog, Dataset


def read_catalog(body: bytes, uri: str) -> list[Entry]:
    """The entries of the catalog that the node at ``uri`` serves. Raises ``CatalogRefused`` with the reason."""
    try:
        catalog = msgspec.json.decode(body, type=Catalog)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise CatalogRefused(f"not a catalog: {fault}") from None
    if catalog.context != CONTEXT:
        raise CatalogRefused("its @context is not the one of the profile")
    if (catalog.id, catalog.publisher.id) != (f"{uri}/catalog.jsonld", uri):
        raise CatalogRefused("it is published by another node")
    entries = [_entry(dataset, uri) for dataset in catalog.datasets]
    if len({entry.id for entry in entries}) != len(entries):
        raise CatalogRefused("two data sets have the same identifier")
    return entries


def _entry(dataset: Dataset, uri: str) -> Entry:
    if dataset.publisher.id != uri:
        raise CatalogRefused(f"{dataset.identifier} is published by another node")
    if sorted(text.language for text in dataset.title) != ["en", "ja"]:
        raise CatalogRefused(f"{dataset.identifier} has not one title in Japanese and one in English")
    return Entry(
        id=dataset.identifier,
        title={text.language: text.value for text in dataset.title},
        category=_known(dataset.theme.id, "terakoya:category/", {*CATEGORIES, ANONYMISED}),
        standards=tuple(Standard(standard.id, standard.title) for standard in dataset.conforms_to),
        purposes=tuple(_known(purpose.id, "terakoya:purpose/", set(PURPOSES)) for purpose in dataset.purposes),
        access=_known(dataset.access_rights.id, ACCESS_RIGHT, {"PUBLIC", "RESTRICTED", "NON_PUBLIC"}).lower(),
        placement=dataset.placement,
        offered=bool(dataset.policies),
    )


def _known(term: str, prefix: str, known: set[str]) -> str:
    value = term.removeprefix(prefix)
    if not term.startswith(prefix) or value not in known:
        raise CatalogRefused(f"unknown term {term[:100]!r}")
    return value
