"""Guardians go with their children: the role at a school begins and ends with the last child there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from terakoya.kit.portions import portions
from terakoya.roster.changing import Writing
from terakoya.roster.models import Guardianship, Role
from terakoya.roster.queries import guardianships
from terakoya.roster.roles import begun_role

FAMILY = ("guardian", "parent", "relative")
AT_ONCE = 5000


def follow_children(
    writing: Writing, moves: Mapping[UUID, UUID | None], left: Mapping[UUID, UUID], day: date
) -> set[UUID]:
    """Bring the roles of the guardians of children who change schools up to date; the guardians.

    moves: by child the school it is at from the day on, None for one who leaves; left: the school it was at before.
    To be called when the roles of the children are written.
    """
    parents = _guardians(moves, day)
    roles = _roles_of(parents, day)
    begun: dict[tuple[UUID, UUID], Role] = {}
    for parent, children in parents.items():
        known = {(role.name, role.organisation_id) for role in roles[parent]}
        names = {role.name for role in roles[parent]} or {"guardian"}
        for school in {moves[child] for child in children} - {None}:
            if school is not None and not any(place == school for _name, place in known):
                begun[parent, school] = begun_role(parent, school, min(names), day)
    writing.create(list(begun.values()))
    writing.update((role, {"ends": day}) for role in _over(parents, roles, moves, left, day))
    return set(parents)


def _over(
    parents: Mapping[UUID, set[UUID]],
    roles: Mapping[UUID, list[Role]],
    moves: Mapping[UUID, UUID | None],
    left: Mapping[UUID, UUID],
    day: date,
) -> list[Role]:
    """The roles at schools that a child left and at which no other child of the guardian is."""
    candidates = [
        role
        for parent, children in parents.items()
        for role in roles[parent]
        if role.organisation_id in {left[child] for child in children if child in left and moves[child] != left[child]}
    ]
    still = _schools_of_children({role.person_id for role in candidates}, day)
    return [role for role in candidates if role.organisation_id not in still[role.person_id]]


def _guardians(children: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for some in portions(children, AT_ONCE):
        rows: Iterable[Guardianship] = guardianships(day).filter(child__in=some)
        for row in rows:
            found[row.guardian_id].add(row.child_id)
    return found


def _roles_of(parents: Iterable[UUID], day: date) -> dict[UUID, list[Role]]:
    found: dict[UUID, list[Role]] = defaultdict(list)
    for some in portions(parents, AT_ONCE):
        for role in Role.objects.on(day).filter(person__in=some, name__in=FAMILY):
            found[role.person_id].append(role)
    return found


def _schools_of_children(parents: Iterable[UUID], day: date) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for some in portions(parents, AT_ONCE):
        pairs = list(guardianships(day).filter(guardian__in=some).values_list("guardian_id", "child_id"))
        children = {child for _parent, child in pairs}
        places: dict[UUID, set[UUID]] = defaultdict(set)
        for part in portions(children, AT_ONCE):
            rows = Role.objects.on(day).filter(person__in=part, name="student")
            for child, school in rows.values_list("person_id", "organisation_id"):
                places[child].add(school)
        for parent, child in pairs:
            found[parent] |= places[child]
    return found
