"""The node's catalog as the Dataspace Protocol gives it: each data set with the offers that may be negotiated."""

from typing import Any

from django.conf import settings

from terakoya.identity import api as identity

from . import datasets, policy, wire
from .datasets import Dataset
from .errors import UnknownDataset, not_found


def catalog_message() -> dict[str, Any]:
    """The catalog: what the catalog room says of the node, with the data sets and offers of the exchange."""
    uri = identity.node_uri()
    said = datasets.catalog() or {}
    described = {key: value for key, value in said.items() if key.startswith("dct:")}
    return {
        "@context": wire.CONTEXT,
        "@id": f"{uri}/catalog.jsonld",
        "@type": "Catalog",
        "participantId": uri,
        "title": settings.NODE_NAME,
        **described,
        "service": [{"@id": f"{uri}/dsp", "@type": "DataService", "endpointURL": f"{uri}/dsp"}],
        "dataset": [_dataset(found) for found in datasets.datasets()],
    }


def dataset_message(dataset_id: str) -> dict[str, Any]:
    """One data set with its offers. Problem 404."""
    try:
        return {"@context": wire.CONTEXT, **_dataset(datasets.dataset(dataset_id))}
    except UnknownDataset as fault:
        raise not_found("No such data set is offered here.") from fault


def _dataset(found: Dataset) -> dict[str, Any]:
    offers = [
        {"@id": policy.offer_id(found.id, purpose), "@type": "Offer", "permission": policy.permission(purpose)}
        for purpose in found.purposes
    ]
    return {
        "@id": found.id,
        "@type": "Dataset",
        "title": [{"@language": language, "@value": text} for language, text in found.title.items()],
        "conformsTo": list(found.conforms_to),
        "hasPolicy": offers,
        "distribution": [
            {"@type": "Distribution", "format": policy.FORMAT, "accessService": f"{identity.node_uri()}/dsp"}
        ],
    }
