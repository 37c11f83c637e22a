"""Who is tied to whom on a day, as queries: a room above filters lists by them, or asks about single persons."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

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


def pupils_of_schools_of(person: UUID, role: str, on: date) -> QuerySet[Role]:
    """The roles of the pupils of the schools at which somebody has a role on a day; whether in a class or not."""
    return people_of_schools_of(person, role, on).filter(name="student")


def people_of_schools_of(person: UUID, role: str, on: date) -> QuerySet[Role]:
    """The roles of all at the schools at which somebody has a role on a day: pupils, guardians and staff."""
    roles = Role.objects.on(on)
    return roles.filter(organisation__in=roles.filter(person_id=person, name=role).values("organisation"))


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
