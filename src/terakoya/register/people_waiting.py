"""What waits at the desk about people: proposals of other systems."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import ngettext

from terakoya.access import api as access
from terakoya.roster import api as roster

from .desk import OFFICIAL, PURPOSE, Desk
from .waiting import Waiting, register_waiting


@register_waiting
def proposals(desk: Desk) -> Iterator[Waiting]:
    """Proposals about people whom the reader may see, and for the board those about schools and classes."""
    seen = roster.everybody().filter(access.visible(desk.actor, OFFICIAL, PURPOSE, "pk"))
    about = Q(person__in=seen.values("pk")) | (Q(person=None) if desk.is_board else Q(pk__in=()))
    if number := roster.who.proposals().filter(about).count():
        words = ngettext(
            "%(number)s value proposed by another system", "%(number)s values proposed by other systems", number
        )
        yield Waiting(words % {"number": number}, reverse("register.proposals"), "task")
