"""Where a pupil stands: the places in classes and the roles at schools, those of before and those to come."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from terakoya.roster.models import Enrolment, Person, Role, SchoolClass

from .grades import Grades

MOST_OF_A_CLASS = 0.5


@dataclass(frozen=True)
class Standing:
    """A pupil's homerooms and schools as periods, the latest first; ``now`` are the homerooms of the day.

    ``grade`` is that of the day; empty where nobody told it.
    """

    homerooms: list[Enrolment]
    roles: list[Role]
    now: list[Enrolment]
    grade: str

    @property
    def was_pupil(self) -> bool:
        return bool(self.homerooms or self.roles)


def standing_of(pupil: UUID, day: date) -> Standing:
    """Where a pupil was, is on a day, and will be."""
    rows = Enrolment.objects.filter(person_id=pupil, role="student", school_class__kind="homeroom")
    homerooms = list(rows.select_related("school_class__school").order_by("-begins", "-pk"))
    roles = Role.objects.filter(person_id=pupil, name="student").select_related("organisation").order_by("-begins")
    now = [row for row in homerooms if row.begins <= day and (row.ends is None or row.ends > day)]
    person = Person.objects.filter(pk=pupil).first()
    codes = now[0].school_class.grades if now else ""
    return Standing(homerooms, list(roles), now, Grades(day).of(pupil, codes, person.grade if person else ""))


def homerooms_for(grade: str, day: date, schools: Collection[UUID] | None = None) -> list[SchoolClass]:
    """The homerooms of a day for a grade (empty: any), at some schools or all, by school and title."""
    rows = SchoolClass.objects.filter(kind="homeroom", ended=None, begins__lte=day, ends__gt=day)
    if schools is not None:
        rows = rows.filter(school__in=schools)
    found = rows.select_related("school").order_by("school__name", "special_needs", "title")
    return [one for one in found if not grade or not one.grades or grade in one.grades.split(",")]


def lessons_of(room: SchoolClass, day: date) -> list[SchoolClass]:
    """The classes of subjects that most pupils of a homeroom are in on a day."""
    pupils = Enrolment.objects.on(day).filter(school_class=room, role="student")
    rows = Enrolment.objects.on(day).filter(
        role="student", person__in=pupils.values("person"), school_class__school=room.school_id
    )
    taught = Counter(rows.exclude(school_class__kind="homeroom").values_list("school_class", flat=True))
    most = [key for key, number in taught.items() if number > pupils.count() * MOST_OF_A_CLASS]
    return list(SchoolClass.objects.filter(pk__in=most).order_by("title"))
