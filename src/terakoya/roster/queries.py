"""What the roster says on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from terakoya.kit import clock
from terakoya.standards import ages

from .models import (
    AddressProtection,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    RosterImport,
    SchoolClass,
)
from .people import aliases


@dataclass(frozen=True)
class Pupil:
    """A pupil in a class: person key, display name, its reading, attendance number."""

    person: UUID
    name: str
    kana: str
    number: int | None


def person(uuid: UUID) -> Person | None:
    """The person with this key, or with one that was given up when two entries became one."""
    return aliases.kept_people([uuid]).get(uuid)


def people(uuids: Iterable[UUID]) -> dict[UUID, Person]:
    """The known ones of several people, by the key that was asked; a key that was given up has the kept person."""
    return aliases.kept_people(uuids)


def organisations() -> list[Organisation]:
    """The organisations of the roster, boards first, then by name."""
    return sorted(Organisation.objects.all(), key=lambda one: (one.parent_id is not None, one.name))


def school_class(uuid: UUID) -> SchoolClass | None:
    """The class with this key, its school with it."""
    return SchoolClass.objects.select_related("school").filter(uuid=uuid).first()


def classes_of_teacher(teacher: UUID, on: date | None = None) -> list[SchoolClass]:
    """The classes somebody teaches on a day (default: today): homerooms first, then by title; schools with them."""
    enrolments = Enrolment.objects.on(_day(on)).filter(person_id=teacher, role="teacher")
    classes = SchoolClass.objects.select_related("school").filter(
        uuid__in=enrolments.values("school_class"), ended=None
    )
    return sorted(classes, key=lambda one: (not one.is_homeroom, one.title))


def pupils_in(school_class: SchoolClass | UUID, on: date | None = None) -> list[Pupil]:
    """The pupils of a class on a day (default: today), by attendance number, then by reading."""
    key = school_class.uuid if isinstance(school_class, SchoolClass) else school_class
    rows = Enrolment.objects.on(_day(on)).filter(school_class_id=key, role="student").select_related("person")
    pupils = [Pupil(row.person_id, row.person.name, row.person.kana, row.number) for row in rows]
    return sorted(pupils, key=lambda one: (one.number is None, one.number or 0, one.kana))


def homeroom_of(pupil: UUID, on: date | None = None) -> SchoolClass | None:
    """The homeroom class of a pupil on a day (default: today), its school with it."""
    enrolment = (
        Enrolment.objects.on(_day(on))
        .filter(person_id=pupil, role="student", school_class__kind="homeroom")
        .select_related("school_class__school")
        .order_by("-begins")
        .first()
    )
    return enrolment.school_class if enrolment else None


def teaching_relation(teacher: UUID, pupil: UUID, on: date | None = None) -> str | None:
    """What a teacher is to a pupil on a day (default: today).

    ``homeroom_teacher`` of the homeroom the pupil is in, ``subject_teacher`` in another class of the pupil's,
    ``head`` of the pupil's school (role ``principal``), or None.
    """
    day = _day(on)
    kinds = set(
        Enrolment.objects.on(day)
        .filter(
            person_id=teacher,
            role="teacher",
            school_class__in=Enrolment.objects.on(day).filter(person_id=pupil, role="student").values("school_class"),
        )
        .values_list("school_class__kind", flat=True)
    )
    if kinds:
        return "homeroom_teacher" if "homeroom" in kinds else "subject_teacher"
    return "head" if _is_head_of(teacher, pupil, day) else None


def children_of(guardian: UUID, on: date | None = None) -> list[Person]:
    """The children in somebody's care on a day (default: today), the youngest grade first; nobody of age."""
    rows = guardianships(_day(on)).filter(guardian_id=guardian).select_related("child")
    return sorted((row.child for row in rows), key=lambda one: (one.grade[:1] != "P", one.grade, one.kana))


def guardians_of(child: UUID, on: date | None = None) -> list[Person]:
    """The guardians of a child on a day (default: today); of somebody of age there are none."""
    rows = guardianships(_day(on)).filter(child_id=child).select_related("guardian")
    return sorted((row.guardian for row in rows), key=lambda one: one.kana)


def is_guardian(guardian: UUID, child: UUID, on: date | None = None) -> bool:
    """Whether somebody is a guardian of a child on a day (default: today); never of somebody of age."""
    return guardianships(_day(on)).filter(guardian_id=guardian, child_id=child).exists()


def roles_of(person: UUID, on: date | None = None) -> set[str]:
    """The names of somebody's roles at any organisation on a day (OneRoster 1.2 role names; default: today)."""
    return set(Role.objects.on(_day(on)).filter(person_id=person).values_list("name", flat=True))


def address_hidden_from(viewer: UUID, other: UUID, on: date | None = None) -> bool:
    """Whether address and telephone number of ``other`` must not be shown to ``viewer`` on a day (default: today)."""
    return AddressProtection.objects.on(_day(on)).filter(person_id=other, hidden_from_id=viewer).exists()


def school_of(person: UUID, on: date | None = None) -> Organisation | None:
    """The organisation of somebody's primary role on a day (default: today)."""
    role = (
        Role.objects.on(_day(on))
        .filter(person_id=person)
        .select_related("organisation")
        .order_by("-is_primary", "-begins", "pk")
        .first()
    )
    return role.organisation if role else None


def imports(limit: int = 50) -> list[RosterImport]:
    """The latest imports, the newest first."""
    return list(RosterImport.objects.all()[:limit])


def _is_head_of(teacher: UUID, pupil: UUID, day: date) -> bool:
    schools = Enrolment.objects.on(day).filter(person_id=pupil, role="student").values("school_class__school")
    return Role.objects.on(day).filter(person_id=teacher, name="principal", organisation__in=schools).exists()


def guardianships(day: date) -> QuerySet[Guardianship]:
    """Those that hold on a day and let somebody decide for a child.

    Each ends with the child's majority, whatever a roster says; who stands in the register without custody decides
    nothing and is shown nothing (Civil Code, arts. 818 and 819).
    """
    minor = Q(child__birth_date=None) | Q(child__birth_date__gt=ages.of_age_born_by(day))
    return Guardianship.objects.on(day).filter(minor, has_custody=True)


def _day(on: date | None) -> date:
    return on or clock.today()
