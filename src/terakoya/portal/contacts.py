"""The contacts of a child's guardians, as one of them may see them.

What is hidden looks exactly like what was never registered: a name, and nothing below it. So the page does not tell
that there is a protection.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from terakoya.access import api as access
from terakoya.roster import api as roster

CATEGORY = "subject.contact"


@dataclass(frozen=True)
class Contact:
    """A guardian with the address and telephone number that may be shown, or empty texts."""

    name: str
    kana: str
    mine: bool
    address: str = ""
    phone: str = ""


def shown_to(actor: access.Actor, child: UUID) -> list[Contact]:
    """The contacts of the child's guardians, one's own first; the look at those of others is logged."""
    if actor.person is None:
        return []
    guardians = sorted(roster.guardians_of(child), key=lambda one: one.uuid != actor.person)
    decision = access.may(actor, CATEGORY, "own_use", child)
    open_ones = {one.uuid for one in guardians if one.uuid == actor.person or _may_see(actor.person, one, decision)}
    if (others := open_ones - {actor.person}) and decision.permitted:
        with transaction.atomic():
            access.record_access(actor, decision, [child, *others], CATEGORY, "own_use", "contact", count=len(others))
    return [_contact(one, actor.person, one.uuid in open_ones) for one in guardians]


def _may_see(viewer: UUID, guardian: roster.Person, decision: access.Decision) -> bool:
    return decision.permitted and not roster.address_hidden_from(viewer, guardian.uuid)


def _contact(person: roster.Person, viewer: UUID, is_open: bool) -> Contact:
    mine = person.uuid == viewer
    if not is_open:
        return Contact(person.name, person.kana, mine)
    return Contact(person.name, person.kana, mine, person.address, person.sms or person.phone)
