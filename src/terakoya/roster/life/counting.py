"""Who was where on a day: pupils with their class, grade, sex and special needs, and how many they are."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet

from terakoya.roster.models import Enrolment, Role

from .grades import Grades


@dataclass(frozen=True)
class Place:
    """A pupil's place on a day. ``school_class`` is None for somebody who has a school and no homeroom.

    Places and people are keys; sex is ``female``, ``male``, ``other``, ``unspecified`` or empty where nobody told it.
    """

    person: UUID
    school: UUID
    school_class: UUID | None
    grade: str
    number: int | None
    sex: str
    special_needs: bool


def places_on(day: date, schools: Collection[UUID] | None = None) -> list[Place]:
    """The place of each pupil on a day, at some schools or all; each pupil once at a school.

    Who is in two homerooms, such as one for special needs and the one visited, counts in the former.
    """
    found = dict[tuple[UUID, UUID], Place]()
    grades = Grades(day)
    for row in _homerooms(day, schools):
        person, school, taught, codes, special, number, sex, grade = row
        found.setdefault(
            (person, school), Place(person, school, taught, grades.of(person, codes, grade), number, sex, special)
        )
    for person, school, sex, grade in _without_class(day, schools):
        found.setdefault((person, school), Place(person, school, None, grades.of(person, "", grade), None, sex, False))
    return list(found.values())


def pupils_at_schools(day: date) -> dict[UUID, int]:
    """How many pupils are in the homerooms of each school on a day; counted by the database."""
    rows = Enrolment.objects.on(day).filter(role="student", school_class__kind="homeroom")
    counted = rows.values("school_class__school").annotate(pupils=Count("person", distinct=True))
    return dict(counted.values_list("school_class__school", "pupils"))


def tally(places: Iterable[Place], *fields: str) -> Counter[tuple[object, ...]]:
    """How many places there are for each combination of their fields, such as ``grade`` and ``sex``."""
    return Counter(tuple(getattr(place, field) for field in fields) for place in places)


def _homerooms(day: date, schools: Collection[UUID] | None) -> QuerySet[Enrolment, tuple]:
    rows = Enrolment.objects.on(day).filter(role="student", school_class__kind="homeroom")
    if schools is not None:
        rows = rows.filter(school_class__school__in=schools)
    return rows.order_by("-school_class__special_needs", "begins", "pk").values_list(
        "person_id",
        "school_class__school_id",
        "school_class_id",
        "school_class__grades",
        "school_class__special_needs",
        "number",
        "person__sex",
        "person__grade",
    )


def _without_class(day: date, schools: Collection[UUID] | None) -> QuerySet[Role, tuple]:
    """Everybody with the role of a pupil at a school; those in a homeroom there were found before."""
    rows = Role.objects.on(day).filter(name="student")
    if schools is not None:
        rows = rows.filter(organisation__in=schools)
    return rows.order_by("pk").values_list("person_id", "organisation_id", "person__sex", "person__grade")
