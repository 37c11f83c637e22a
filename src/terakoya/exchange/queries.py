from uuid import UUID

from terakoya.access import api as access

from .models import Transfer


def transfers_of(person: UUID) -> list[Transfer]:
    """All transfers of a person's records to or from this node, newest first."""
    found = Transfer.objects.filter(grant__subject__in=access.keys_of([person])[person]).select_related(
        "grant", "partner"
    )
    return list(found.order_by("-id"))
