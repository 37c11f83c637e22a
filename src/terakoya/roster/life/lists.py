"""The classes of a school on a day, and the list of each: who is in it, by attendance number, and who teaches it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from terakoya.roster.models import Enrolment, Person, Role, SchoolClass

from .grades import Grades


@dataclass(frozen=True)
class Line:
    """A pupil in a list; ``begins`` and ``ends`` are those of the place in the class."""

    person: Person
    number: int | None
    grade: str
    begins: date
    ends: date | None


def classes_on(school: UUID, day: date) -> list[tuple[SchoolClass, int]]:
    """The classes of a school on a day with the number of their pupils: homerooms first, by grade and title."""
    held = Q(enrolments__begins__lte=day) & (Q(enrolments__ends=None) | Q(enrolments__ends__gt=day))
    counted = SchoolClass.objects.filter(school=school, begins__lte=day, ends__gt=day).annotate(
        pupils=Count("enrolments__person", filter=held & Q(enrolments__role="student"), distinct=True)
    )
    living = counted.filter(Q(ended=None) | Q(ended__gt=day))
    rows = sorted(living, key=lambda one: (not one.is_homeroom, one.special_needs, one.grades, one.title))
    return [(one, one.pupils) for one in rows]


def class_list(taught: SchoolClass, day: date) -> list[Line]:
    """The pupils of a class on a day, by attendance number, then by reading."""
    grades = Grades(day)
    rows = Enrolment.objects.on(day).filter(school_class=taught, role="student").select_related("person")
    lines = [
        Line(row.person, row.number, grades.of(row.person_id, taught.grades, row.person.grade), row.begins, row.ends)
        for row in rows
    ]
    return sorted(lines, key=lambda one: (one.number is None, one.number or 0, one.person.kana))


def teachers_of(classes: Iterable[SchoolClass], day: date) -> dict[UUID, list[Person]]:
    """Who teaches each of some classes on a day, whose main task it is first."""
    rows = Enrolment.objects.on(day).filter(school_class__in=[one.pk for one in classes], role="teacher")
    found: dict[UUID, list[Person]] = {}
    for row in rows.select_related("person").order_by("-is_primary", "pk"):
        found.setdefault(row.school_class_id, []).append(row.person)
    return found


def teaching_staff(school: UUID, day: date) -> list[Person]:
    """Who teaches at a school on a day, by reading."""
    roles = Role.objects.on(day).filter(organisation=school, name="teacher")
    people = Person.objects.filter(uuid__in=roles.values("person"))
    return list(people.order_by("kana_family", "kana_given", "pk"))


def titles_of(classes: Iterable[UUID]) -> dict[UUID, str]:
    """How some classes are called, by key."""
    return dict(SchoolClass.objects.filter(pk__in=list(classes)).values_list("pk", "title"))
