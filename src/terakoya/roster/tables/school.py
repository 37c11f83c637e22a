"""What the roster knows of one school on a day, read once for a whole table."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from terakoya.roster.models import Enrolment, Guardianship, Organisation, Person, Role, SchoolClass
from terakoya.standards import oneroster

from . import class_names
from .repairs import Unreadable, squeezed

FAMILY = ("guardian", "parent", "relative")
ALL_GRADES = oneroster.vocabulary("grade", japan=True).values
GRADES_OF_KIND = {"B1": "P", "C1": "J", "C2": "PJ", "D1": "H", "D2": "JH", "E1": "PJH"}  # of a national school code
ClassName = tuple[str, str]  # grade code, name within the year


@dataclass
class SchoolOn:
    """A school, its homerooms, pupils and staff on a day."""

    school: Organisation
    day: date
    people: dict[UUID, Person] = field(default_factory=dict)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The grade codes of the school: by its code, else by its classes, else all."""
        letters = GRADES_OF_KIND.get(self.school.code[:2], "")
        by_code = tuple(code for code in ALL_GRADES if code[0] in letters)
        by_class = {code for one in self.homerooms for code in one.grades.split(",") if code in ALL_GRADES}
        return by_code or tuple(code for code in ALL_GRADES if code in by_class) or tuple(ALL_GRADES)

    @cached_property
    def homerooms(self) -> list[SchoolClass]:
        rows = SchoolClass.objects.filter(school=self.school, kind="homeroom", ended=None)
        return list(rows.filter(begins__lte=self.day, ends__gt=self.day).order_by("title"))

    @cached_property
    def class_named(self) -> dict[ClassName, SchoolClass]:
        """The homerooms by grade and name within the year, as their titles have it."""
        named: dict[ClassName, SchoolClass] = {}
        for one in self.homerooms:
            for grade in one.grades.split(","):
                named.setdefault((grade, self._name_within(one)), one)
        return named

    def _name_within(self, one: SchoolClass) -> str:
        for read in (
            lambda: class_names.grade_section(one.title, self.stages).value[1],
            lambda: class_names.section(one.title),
        ):
            try:
                said: Any = read()
                return str(getattr(said, "value", said))
            except Unreadable:
                continue
        return one.title

    @cached_property
    def places(self) -> dict[UUID, Enrolment]:
        """By pupil the place in a homeroom on the day, or the next one."""
        rows = Enrolment.objects.living().filter(role="student", school_class__in=self.homerooms)
        rows = rows.exclude(ends__lte=self.day).order_by("-begins")
        return {row.person_id: row for row in rows}

    @cached_property
    def roles(self) -> dict[UUID, list[Role]]:
        """By person the roles at the school that hold on the day or later."""
        by_person = defaultdict(list)
        for row in Role.objects.living().filter(organisation=self.school).exclude(ends__lte=self.day):
            by_person[row.person_id].append(row)
        return by_person

    @cached_property
    def pupils(self) -> list[Person]:
        return self._people(lambda names: "student" in names)

    @cached_property
    def staff(self) -> list[Person]:
        return self._people(lambda names: bool(set(names) - {"student", *FAMILY}))

    @cached_property
    def guardians(self) -> dict[UUID, list[Person]]:
        """By child of the school its guardians."""
        rows = Guardianship.objects.living().filter(child__in=[one.pk for one in self.pupils])
        found = defaultdict(list)
        for row in rows.exclude(ends__lte=self.day).select_related("guardian"):
            found[row.child_id].append(row.guardian)
        return found

    @cached_property
    def taught(self) -> dict[UUID, dict[UUID, Enrolment]]:
        """By teacher the homerooms of the school that are theirs, with the rows that say so."""
        rows = Enrolment.objects.living().filter(role="teacher", school_class__in=self.homerooms)
        found: dict[UUID, dict[UUID, Enrolment]] = defaultdict(dict)
        for row in rows.exclude(ends__lte=self.day):
            found[row.person_id][row.school_class_id] = row
        return found

    def _people(self, chosen: Any) -> list[Person]:
        keys = [person for person, roles in self.roles.items() if chosen([role.name for role in roles])]
        return sorted(Person.objects.in_bulk(keys).values(), key=lambda one: (one.kana, one.sourced_id))


def forms_of(person: Person) -> set[str]:
    """Somebody's names as they are compared: official and display."""
    written = (f"{person.official_family}{person.official_given}", f"{person.display_family}{person.display_given}")
    return {squeezed(one) for one in written} - {""}


def named(people: list[Person]) -> dict[str, list[Person]]:
    """People by every form of their names."""
    found = defaultdict(list)
    for person in people:
        for form in forms_of(person):
            found[form].append(person)
    return found
