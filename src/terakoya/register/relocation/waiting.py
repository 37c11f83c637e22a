"""What waits at the desk about moves to and from other municipalities."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import ngettext

from terakoya.register.desk import Desk
from terakoya.register.waiting import Waiting, register_waiting

from .seen import moves_of


@register_waiting
def moves(desk: Desk) -> Iterator[Waiting]:
    """Pupils who came and are not taken in, and packages that were not sent or not delivered."""
    rows, page = moves_of(desk), reverse("register.relocations")
    if number := rows.filter(side="arriving", state="received").count():
        words = ngettext("%(number)s pupil from elsewhere", "%(number)s pupils from elsewhere", number)
        yield Waiting(words % {"number": number}, page, "people")
    if number := rows.filter(side="leaving", state__in=("prepared", "refused"), way="partner").count():
        words = ngettext("%(number)s pupil leaves, not sent", "%(number)s pupils leave, not sent", number)
        yield Waiting(words % {"number": number}, page, "mail")
