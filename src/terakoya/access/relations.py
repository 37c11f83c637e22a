"""What ties an actor to the person whom the data are about. Rooms register how to find it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings

from terakoya.identity.api import node_uri

from .actors import Actor, has_roster
from .models import Consent

NO_SUBJECT = UUID(int=0)


@dataclass(frozen=True)
class Relation:
    """A tie by its kind, with a detail that the sentence names, such as the class of a homeroom teacher."""

    kind: str
    detail: str = ""


One = Callable[[Actor, UUID, date], str | None]
Each = Callable[[Actor, Collection[UUID], date], dict[UUID, str | Relation]]
_finders: list[Each] = []


def register_relation(find: One) -> One:
    """Register a function that names the relation of an actor to one person on a day, or None."""

    def each(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
        return {subject: kind for subject in subjects if (kind := find(actor, subject, on))}

    each.__module__ = find.__module__
    _finders.append(each)
    return find


def register_relations(find: Each) -> Each:
    """Register a function that names the relation to each of many persons at once (few queries for a class)."""
    _finders.append(find)
    return find


def relations_to(actor: Actor, subjects: Iterable[UUID], on: date) -> dict[UUID, list[Relation]]:
    """All relations of the actor to each of the persons on a day."""
    wanted = set(subjects)
    found: dict[UUID, list[Relation]] = defaultdict(list)
    for finder in filter(_is_of_this_kind, _finders):
        for subject, relation in finder(actor, wanted, on).items():
            found[subject].append(relation if isinstance(relation, Relation) else Relation(relation))
    return found


def _is_of_this_kind(finder: Each) -> bool:
    """Whether the room that registered the function is one of this kind of node."""
    package, _dot, rest = finder.__module__.partition("terakoya.")
    return bool(package) or rest.split(".")[0] in settings.KIND.rooms


def family_of(actor: Actor, on: date) -> list[UUID]:
    """Those whom the actor may speak for on a day: themselves, and the children the roster ties to them."""
    if actor.person is None or actor.node:
        return []
    return [actor.person, *_children(actor.person, on)]


def own_node(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """The node itself, towards whomever it keeps data of."""
    return dict.fromkeys(subjects, "own_node") if actor.stakeholder == "operator" and actor.node == node_uri() else {}


def keeps_for_the_person(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """A learner's store that holds or held a consent about the person, in whose name it may ask for their log."""
    if not actor.node or actor.stakeholder != "student":
        return {}
    consents = Consent.objects.filter(subject__in=subjects)
    asked = consents.filter(recipient=actor.node) | consents.filter(holder=actor.node)
    return dict.fromkeys(asked.values_list("subject", flat=True), "keeps_for_the_person")


def themselves(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """The person whom the data are about."""
    return {actor.person: "self"} if actor.person in subjects and actor.person else {}


def children(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """A guardian towards their own children, as the roster has it on the day."""
    if actor.person is None or actor.node:
        return {}
    return dict.fromkeys(set(_children(actor.person, on)) & set(subjects), "guardian")


def _children(guardian: UUID, on: date) -> list[UUID]:
    if not has_roster():
        return []
    from terakoya.roster import api as roster

    return [child.uuid for child in roster.children_of(guardian, on)]


def pupils(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """A teacher towards those taught on the day; at a cram school towards its own pupils in their classes."""
    if not has_roster() or actor.person is None or actor.stakeholder not in ("school", "cram_school"):
        return {}
    found = _taught(actor.person, on)
    if missing := set(subjects) - set(found) - {actor.person, NO_SUBJECT}:
        found |= _headed(actor.person, missing, on)
    if actor.stakeholder == "cram_school":
        found = {subject: Relation("cram_school_teacher", tie.detail) for subject, tie in found.items()}
    return {subject: found[subject] for subject in subjects if subject in found}


def _taught(teacher: UUID, on: date) -> dict[UUID, Relation]:
    """The pupils of all classes of a teacher; two queries and one for each class."""
    from terakoya.roster import api as roster

    found: dict[UUID, Relation] = {}
    for taught in reversed(roster.classes_of_teacher(teacher, on)):  # homerooms come first, and count most
        tie = Relation("homeroom_teacher" if taught.is_homeroom else "subject_teacher", taught.title)
        found |= {pupil.person: tie for pupil in roster.pupils_in(taught, on)}
    return found


def _headed(teacher: UUID, wanted: set[UUID], on: date) -> dict[UUID, Relation]:
    """The pupils of whose school the teacher is the head, found class by class."""
    from terakoya.roster import api as roster

    found: dict[UUID, Relation] = {}
    if "principal" not in roster.roles_of(teacher, on):
        return found
    while wanted:
        subject = wanted.pop()
        homeroom = roster.homeroom_of(subject, on)
        if homeroom is None or roster.teaching_relation(teacher, subject, on) != "head":
            continue
        found |= {pupil.person: Relation("head") for pupil in roster.pupils_in(homeroom, on)}
        wanted -= set(found)
    return found


def own_people(actor: Actor, subjects: Collection[UUID], on: date) -> dict[UUID, str | Relation]:
    """The clerk of a board or a cram school towards all whom its roster knows, and towards the roster as a whole."""
    kind = {"establisher": "own_municipality", "cram_school": "own_organisation"}.get(actor.stakeholder)
    if kind is None or actor.role != "administrator" or not has_roster():
        return {}
    from terakoya.roster import api as roster

    return dict.fromkeys({*roster.people(subjects), NO_SUBJECT} & set(subjects), kind)
