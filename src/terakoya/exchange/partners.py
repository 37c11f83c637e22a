"""Other nodes as this node knows them."""

from django.db import transaction

from terakoya.kit import clock, jobs

from .errors import UnknownPartner
from .models import Partner


def partner(uri: str) -> Partner:
    """The active node of an address. UnknownPartner."""
    found = Partner.objects.filter(uri=uri.rstrip("/"), status="active").first()
    if found is None:
        raise UnknownPartner(uri)
    return found


def partners(kind: str | None = None) -> list[Partner]:
    """All active nodes, or those of a kind, by name."""
    found = Partner.objects.filter(status="active").order_by("name", "uri")
    return list(found.filter(kind=kind) if kind else found)


def heard_from(found: Partner) -> None:
    """Note that the partner is there: what waited for it is tried now."""
    if found.unreachable_since is None:
        return
    with transaction.atomic():
        Partner.objects.filter(pk=found.pk).update(unreachable_since=None)
        jobs.wake("exchange.", partner=found.uri)
    found.unreachable_since = None


def missed(found: Partner) -> None:
    """Note that the partner did not answer."""
    if found.unreachable_since is None:
        found.unreachable_since = clock.now()
        Partner.objects.filter(pk=found.pk, unreachable_since=None).update(unreachable_since=found.unreachable_since)
