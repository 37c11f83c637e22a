"""From the entries of a node to its catalog in JSON-LD."""

from typing import Any

import msgspec

from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from ...entries import Entry
from .shapes import (
    ACCESS_RIGHT,
    CONTEXT,
    Catalog,
    Constraint,
    Dataset,
    Offer,
    Publisher,
    Purpose,
    Ref,
    Rule,
    Service,
    StandardRef,
    Text,
)

PROTOCOL = "https://w3id.org/dspace/2025/1"


def write_catalog(uri: str, name: str, kind: str, entries: list[Entry]) -> dict[str, Any]:
    """The catalog of the node at ``uri`` as a JSON-LD object (DCAT 3, dcat:Catalog)."""
    catalog = Catalog(
        context=CONTEXT,
        id=f"{uri}/catalog.jsonld",
        title=[Text(language="ja", value=name), Text(language="en", value=name)],
        publisher=Publisher(id=uri, name=name, kind=f"terakoya:node/{kind}"),
        services=[Service(id=f"{uri}/dsp", endpoint=f"{uri}/dsp", conforms_to=PROTOCOL)],
        datasets=[_dataset(uri, entry) for entry in entries],
    )
    result: dict[str, Any] = msgspec.to_builtins(catalog)
    return result


def _dataset(uri: str, entry: Entry) -> Dataset:
    category = CATEGORIES.get(entry.category)
    return Dataset(
        id=f"{uri}/catalog.jsonld#{entry.id}",
        identifier=entry.id,
        title=[Text(language=language, value=entry.title[language]) for language in ("ja", "en")],
        publisher=Ref(id=uri),
        theme=Ref(id=f"terakoya:category/{entry.category}"),
        conforms_to=[StandardRef(id=standard.uri, title=standard.name) for standard in entry.standards],
        access_rights=Ref(id=ACCESS_RIGHT + entry.access.upper()),
        policies=[_offer(uri, entry)] if entry.offered else [],
        purposes=[Purpose(id=f"terakoya:purpose/{id}", type=PURPOSES[id].dpv) for id in entry.purposes],
        personal_data=[Ref(id=category.dpv)] if category else [],
        storage=category.retention if category else "",
        importance=category.importance if category else "",  # type: ignore[arg-type]
        placement=entry.placement,  # type: ignore[arg-type]
    )


def _offer(uri: str, entry: Entry) -> Offer:
    """Use for the data set's purposes, under a living consent; never passing it on."""
    purposes = [f"terakoya:purpose/{purpose}" for purpose in entry.purposes]
    return Offer(
        id=f"{uri}/catalog.jsonld#offer-{entry.id}",
        permission=[
            Rule(
                action="odrl:use",
                constraints=[
                    Constraint(left="odrl:purpose", operator="odrl:isAnyOf", right=purposes),
                    Constraint(left="terakoya:consent", operator="odrl:eq", right=["terakoya:consent/living"]),
                ],
            )
        ],
        prohibition=[Rule(action="odrl:distribute")],
    )
