"""What stands on the first page, by who it is for."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from terakoya.kit import clock
from terakoya.roster import api as roster


@dataclass(frozen=True)
class ClassCard:
    """A class that somebody teaches, and how many pupils it has today."""

    taught: roster.SchoolClass
    pupils: int


@dataclass(frozen=True)
class ChildCard:
    """A child in somebody's care, or the pupil themselves, with the homeroom class of today."""

    person: roster.Person
    homeroom: roster.SchoolClass | None


def of_person(person: UUID) -> dict[str, Any]:
    """Classes taught, children cared for, and one's own card as a pupil."""
    myself = roster.person(person) if "student" in roster.roles_of(person) else None
    return {
        "today": clock.today(),
        "classes": [ClassCard(one, len(roster.pupils_in(one))) for one in roster.classes_of_teacher(person)],
        "children": [ChildCard(child, roster.homeroom_of(child.uuid)) for child in roster.children_of(person)],
        "myself": ChildCard(myself, roster.homeroom_of(person)) if myself else None,
    }


def of_clerk() -> dict[str, Any]:
    """Counts of the register, and the latest attempts to bring it in."""
    organisations = roster.organisations()
    latest = roster.imports(1)
    return {
        "today": clock.today(),
        "schools": [one for one in organisations if one.kind == "school"],
        "last": latest[0] if latest else None,
    }
