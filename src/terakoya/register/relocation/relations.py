"""Who is something to a pupil on the way: the next school until it has decided, and the desk where it waits."""

from collections.abc import Iterator
from datetime import date

from terakoya.access import api as access
from terakoya.register.models import Relocation
from terakoya.roster import api as roster

from .states import UNDER_WAY

# by role in the roster: what somebody of a school is to whoever waits there
KINDS = {"principal": "head", "siteAdministrator": "office"}


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
    elif actor.stakeholder == "school" and actor.person:
        held = roster.roles_of(actor.person, on)
        schools = [school.uuid for school in roster.life.schools_kept_by(actor.person)] if held & set(KINDS) else []
        for role, kind in KINDS.items():
            if role in held and schools:
                yield access.Ties(kind, coming.filter(school__in=schools), "person")
