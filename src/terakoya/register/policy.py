"""Whom the head and the office of a school keep in its register: all with a role there, whether in a class or not."""

from collections.abc import Iterator
from datetime import date

from terakoya.access import api as access
from terakoya.roster import api as roster

KINDS = {"principal": "head", "siteAdministrator": "office"}


def keeps_register(actor: access.Actor, on: date) -> Iterator[access.Ties]:
    """The head or the office of a school towards its pupils without a class, its staff and the guardians."""
    if actor.stakeholder != "school" or actor.person is None or actor.node:
        return
    held = roster.roles_of(actor.person, on)
    for role, kind in KINDS.items():
        if role in held:
            yield access.Ties(kind, roster.life.roles_at_schools_of(actor.person, role, on), "person_id")
