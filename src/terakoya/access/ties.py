"""The ties that this room finds by itself: oneself, one's family, one's pupils, one's organisation, and nodes."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from terakoya.identity.api import node_uri

from .actors import Actor, has_roster
from .models import Consent
from .relations import Ties

# the roles in the roster that tie somebody to all pupils of a school, those that count most first
SCHOOL_WIDE = {
    "principal": "head",
    "ext:nurse": "nurse",
    "counselor": "counselor",
    "siteAdministrator": "office",
}
KEEPERS = (
    "principal",
    "siteAdministrator",
)  # they keep the register of the school: guardians and staff stand in it too


def themselves(actor: Actor, on: date) -> Iterator[Ties]:
    """The person whom the data are about."""
    if actor.person and not actor.node:
        yield Ties("self", frozenset({actor.person}))


def children(actor: Actor, on: date) -> Iterator[Ties]:
    """A guardian towards their own children, as the roster has it on the day."""
    if actor.person and not actor.node and has_roster():
        from terakoya.roster import api as roster

        yield Ties("guardian", roster.guarded_by(actor.person, on), "child_id")


def family_of(actor: Actor, on: date) -> list[UUID]:
    """Those whom the actor may speak for on a day: themselves, and the children the roster ties to them."""
    if actor.person is None or actor.node:
        return []
    if not has_roster():
        return [actor.person]
    from terakoya.roster import api as roster

    return [actor.person, *(child.uuid for child in roster.children_of(actor.person, on))]


def pupils(actor: Actor, on: date) -> Iterator[Ties]:
    """Staff of a school towards those whom they teach or care for; at a cram school towards its own pupils."""
    if not has_roster() or actor.person is None or actor.stakeholder not in ("school", "cram_school"):
        return
    for ties in _at_school(actor.person, on):
        kind = "cram_school_teacher" if actor.stakeholder == "cram_school" else ties.kind
        yield Ties(kind, ties.rows, ties.person, ties.detail)


def _at_school(person: UUID, on: date) -> Iterator[Ties]:
    from terakoya.roster import api as roster

    taught = {
        kind: Ties(kind, roster.taught_by(person, on, homeroom=homeroom), "person_id", "school_class__title")
        for kind, homeroom in (("homeroom_teacher", True), ("subject_teacher", False))
    }
    yield taught["homeroom_teacher"]
    held = roster.roles_of(person, on)
    for role, kind in SCHOOL_WIDE.items():
        if role in held:
            if role in KEEPERS:
                yield Ties(kind, roster.people_of_schools_of(person, role, on), "uuid")
            else:
                yield Ties(kind, roster.pupils_of_schools_of(person, role, on), "person_id")
    yield taught["subject_teacher"]


def own_people(actor: Actor, on: date) -> Iterator[Ties]:
    """The clerk of a board or a cram school towards all whom its roster knows, and towards the roster as a whole."""
    kind = {"establisher": "own_municipality", "cram_school": "own_organisation"}.get(actor.stakeholder)
    if kind and actor.role == "administrator" and has_roster():
        from terakoya.roster import api as roster

        yield Ties(kind, roster.everybody(), "uuid", whole=True)


def own_node(actor: Actor, on: date) -> Iterator[Ties]:
    """The node itself, towards whomever it keeps data of."""
    if actor.stakeholder == "operator" and actor.node == node_uri():
        yield Ties("own_node", None)


def keeps_for_the_person(actor: Actor, on: date) -> Iterator[Ties]:
    """A learner's store that holds or held a consent about the person, in whose name it may ask for their log."""
    if actor.node and actor.stakeholder == "student":
        given = Consent.objects.filter(Q(recipient=actor.node) | Q(holder=actor.node), events__kind="given")
        yield Ties("keeps_for_the_person", given, "subject")


FINDERS = (themselves, children, pupils, own_people, own_node, keeps_for_the_person)
