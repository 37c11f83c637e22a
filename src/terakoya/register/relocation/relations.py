"""Who is something to a pupil on the way: the next school until it has decided, and the desk where it waits."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Q

from terakoya.access import api as access
from terakoya.register.models import Relocation
from terakoya.roster import api as roster

from .states import UNDER_WAY

# what somebody of a school is to whoever waits there: by the role one acts in, the role in the roster and the relation
ROLES = {"principal": ("principal", "head"), "office": ("siteAdministrator", "office")}


def takes_over(actor: access.Actor, on: date) -> Iterator[access.Ties]:
    """The municipality to which a pupil moves, towards that pupil (School Education Act rules, art. 24)."""
    if actor.node and actor.stakeholder == "school":
        going = Relocation.objects.filter(side="leaving", partner=actor.node, state__in=UNDER_WAY)
        yield access.Ties("receiving_school", going, "person")


def waits_for(actor: access.Actor, on: date) -> Iterator[access.Ties]:
    """The desk towards pupils whose package waits for it: the board for all, a school for its own."""
    if actor.node:
        return
    coming = Relocation.objects.filter(side="arriving", state="received")
    if actor.stakeholder == "establisher" and actor.role == "administrator":
        yield access.Ties("own_municipality", coming, "person")
    elif actor.stakeholder == "school" and actor.role in ROLES:
        role, kind = ROLES[actor.role]
        held = roster.rows_of("Role").filter(person=actor.person, name=role, closed_by=None, begins__lte=on)
        schools = held.filter(Q(ends=None) | Q(ends__gt=on)).values("organisation")
        yield access.Ties(kind, coming.filter(school__in=schools), "person")
