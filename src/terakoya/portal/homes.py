"""What stands on the first page, by who it is for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from terakoya.kit import clock
from terakoya.roster import api as roster

from .queries import Choice, subjects_of_class


@dataclass(frozen=True)
class ClassCard:
    """A class that somebody teaches: how many pupils it has today, and its subjects."""

    taught: roster.SchoolClass
    pupils: int
    subjects: list[Choice]


@dataclass(frozen=True)
class ChildCard:
    """A child in somebody's care, or the pupil themselves, with the homeroom class of today."""

    person: roster.Person
    homeroom: roster.SchoolClass | None


def of_person(person: UUID) -> dict[str, Any]:
    """Classes taught, children cared for, and one's own card as a pupil."""
    roles = roster.roles_of(person)
    myself = roster.person(person) if "student" in roles else None
    children = roster.children_of(person)
    classes = roster.classes_of_teacher(person) or (_homerooms_of_head(person) if "principal" in roles else [])
    return {
        "today": clock.today(),
        "classes": [ClassCard(one, len(roster.pupils_in(one)), subjects_of_class(one)) for one in classes],
        "children": [ChildCard(child, homeroom_shown(person, child.uuid)) for child in children],
        "myself": ChildCard(myself, roster.homeroom_of(person)) if myself else None,
        "people": {one.uuid: one for one in [*children, *([myself] if myself else [])]},
    }


def homeroom_shown(viewer: UUID | None, child: UUID) -> roster.SchoolClass | None:
    """The homeroom of a child, unless the child's address is hidden from the viewer: its school would tell where."""
    if viewer is not None and roster.address_hidden_from(viewer, child):
        return None
    return roster.homeroom_of(child)


def _homerooms_of_head(head: UUID) -> list[roster.SchoolClass]:
    school = roster.school_of(head)
    today = clock.today()
    homerooms = roster.SchoolClass.objects.filter(school=school, kind="homeroom", ended=None, begins__lte=today)
    return list(homerooms.filter(ends__gt=today).select_related("school").order_by("title"))


def of_clerk() -> dict[str, Any]:
    """Counts of the register, and the latest attempts to bring it in."""
    organisations = roster.organisations()
    latest = roster.imports(1)
    return {
        "today": clock.today(),
        "schools": [one for one in organisations if one.kind == "school"],
        "last": latest[0] if latest else None,
    }
