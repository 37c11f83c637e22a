"""Who is tied to whom on a day, as queries: a room above filters lists by them, or asks about single persons."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from .models import AddressProtection, Enrolment, Guardianship, Person, Role, SchoolClass
from .queries import guardianships


def everybody() -> QuerySet[Person]:
    """All whom the roster knows, those who left too."""
    return Person.objects.all()


def taught_by(teacher: UUID, on: date, *, homeroom: bool) -> QuerySet[Enrolment]:
    """The enrolments of the pupils of the classes somebody teaches on a day: homerooms, or the other classes."""
    own = Enrolment.objects.on(on).filter(person_id=teacher, role="teacher").values("school_class")
    classes = SchoolClass.objects.filter(uuid__in=own, ended=None)
    chosen = classes.filter(kind="homeroom") if homeroom else classes.exclude(kind="homeroom")
    return Enrolment.objects.on(on).filter(role="student", school_class__in=chosen.values("uuid"))


def pupils_of_schools_of(person: UUID, role: str, on: date) -> QuerySet[Enrolment]:
    """The enrolments of the pupils of the schools at which somebody has a role on a day."""
    schools = Role.objects.on(on).filter(person_id=person, name=role).values("organisation")
    return Enrolment.objects.on(on).filter(role="student", school_class__school__in=schools)


def people_of_schools_of(person: UUID, role: str, on: date) -> QuerySet[Person]:
    """All in the registers of the schools at which somebody has a role on a day: pupils in a class or not yet in one,
    guardians, staff."""
    roles = Role.objects.on(on)
    there = roles.filter(organisation__in=roles.filter(person_id=person, name=role).values("organisation"))
    pupils = pupils_of_schools_of(person, role, on)
    return Person.objects.filter(Q(pk__in=there.values("person")) | Q(pk__in=pupils.values("person")))


def guarded_by(guardian: UUID, on: date) -> QuerySet[Guardianship]:
    """The guardianships of somebody on a day."""
    return guardianships(on).filter(guardian_id=guardian)


def guardians_and_children(on: date) -> set[tuple[UUID, UUID]]:
    """Everybody who is a guardian on a day, with each of the children."""
    return set(guardianships(on).values_list("guardian_id", "child_id"))


def addresses_hidden_from(viewers: Collection[UUID] | None, on: date) -> QuerySet[AddressProtection]:
    """The protections that hide an address from any of the viewers on a day; None: from whomever."""
    protections = AddressProtection.objects.on(on)
    return protections if viewers is None else protections.filter(hidden_from__in=viewers)
