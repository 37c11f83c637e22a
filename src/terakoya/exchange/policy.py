"""What this node agrees to with partners: by its data sets, the purposes and the access matrix, all of them data."""

from typing import Any

from django.conf import settings

from terakoya.access import api as access
from terakoya.standards.purposes import PURPOSES

from .datasets import Dataset
from .models import Partner

PAGE_SIZE = 200
FORMAT = "terakoya-pages"


def objection(dataset: Dataset, purpose: str, partner: Partner) -> str:
    """Why the data set is not for this partner and purpose, in English; empty when it is."""
    known = PURPOSES.get(purpose)
    if known is None or known.banned or not known.by_consent:
        return f"The purpose {purpose!r} is none that anybody can agree to."
    if purpose not in dataset.purposes or dataset.category not in known.categories:
        return f"The data set {dataset.id} is not offered for the purpose {purpose}."
    stakeholder = access.partner_actor(partner.uri, partner.name, partner.kind).stakeholder
    if access.matrix().cell(stakeholder, dataset.category, purpose, settings.NODE_REGIME).basis == "never":
        return f"A node of the kind {partner.kind} has no use for the purpose {purpose}."
    return ""


def deletes(purpose: str) -> bool:
    """Whether a recipient deletes its copy when a consent to the purpose ends."""
    return PURPOSES[purpose].on_withdrawal == "delete"


def offer_id(dataset_id: str, purpose: str) -> str:
    """The id of the offer of a data set for a purpose."""
    return f"urn:terakoya:offer:{dataset_id}:{purpose}"


def permission(purpose: str) -> list[dict[str, Any]]:
    """The ODRL permission of an offer or agreement: use, for exactly one purpose."""
    constraint = {"leftOperand": "purpose", "operator": "eq", "rightOperand": purpose}
    return [{"action": "use", "constraint": [constraint]}]
