"""What the store does by itself: fetch what is new from the schools that are connected."""

from datetime import timedelta
from uuid import UUID

from terakoya.exchange import api as exchange
from terakoya.exchange.errors import ExchangeError
from terakoya.kit import clock
from terakoya.kit.jobs import regularly

from .models import Child

PAUSE = timedelta(days=1)


@regularly("pds.fetch_new_records", seconds=600)
def fetch_new_records() -> None:
    """Ask each connected school again once the last delivery is old enough; the child's page grows by itself."""
    for person in Child.objects.values_list("person", flat=True):
        fetch_for(person)


def fetch_for(person: UUID) -> None:
    """Ask again under each living grant. Records that are known already are passed over on arrival."""
    transfers = [each for each in exchange.transfers_of(person) if each.side == "recipient"]
    for grant in exchange.grants_of(person):
        last = next((each for each in transfers if each.grant_id == grant.pk), None)
        if grant.side != "recipient" or not grant.lives or last is None or last.created_at > clock.now() - PAUSE:
            continue
        try:
            exchange.request_transfer(grant)
        except ExchangeError:
            continue  # it has just ended; the next round sees that
