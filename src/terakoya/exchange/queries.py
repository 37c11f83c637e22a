from uuid import UUID

from .models import Transfer


def transfers_of(person: UUID) -> list[Transfer]:
    """All transfers of a person's records to or from this node, newest first."""
    found = Transfer.objects.filter(grant__subject=person).select_related("grant", "partner")
    return list(found.order_by("-id"))
