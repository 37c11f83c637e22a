from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import pytest

from terakoya.roster.changing import changing
from terakoya.roster.models import (
    AcademicSession,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    SchoolClass,
)

APRIL = date(2026, 4, 1)


class Desk:
    """A small roster that tests write people and their periods into, each by a change of its own."""

    numbers = count(1)  # of all desks, as a property makes several in one database

    def __init__(self) -> None:
        with changing("import", by="test") as writing:
            self.school = Organisation(sourced_id=self._key("school"), name="Minato Elementary", kind="school")
            writing.create([self.school])
            year = AcademicSession(
                sourced_id=self._key("year"),
                title="2026",
                kind="schoolYear",
                begins=APRIL,
                ends=date(2027, 4, 1),
                school_year=2026,
            )
            writing.create([year])
            self.course = Course(sourced_id=self._key("course"), title="all", organisation=self.school)
            writing.create([self.course])
        self.first, self.second = self.school_class("5-1"), self.school_class("5-2")

    def _write(self, row: Any) -> Any:
        with changing("import", by="test") as writing:
            writing.create([row])
        return row

    def _key(self, what: str) -> str:
        return f"{what}-{next(self.numbers)}"

    def school_class(self, title: str, kind: str = "homeroom") -> SchoolClass:
        return self._write(
            SchoolClass(
                sourced_id=self._key("class"),
                title=title,
                kind=kind,
                school=self.school,
                course=self.course,
                begins=APRIL,
                ends=date(2027, 4, 1),
            )
        )

    def person(self, **facts: Any) -> Person:
        key = self._key("user")
        named = {"official_family": "山田", "official_given": "花子", "kana_family": "やまだ", "kana_given": "はなこ"}
        return self._write(Person(**{"sourced_id": key, "username": key, **named, **facts}))

    def enrol(self, person: Person, school_class: SchoolClass, begins: date = APRIL, **facts: Any) -> Enrolment:
        facts = {"role": "student", **facts}
        return self._write(
            Enrolment(
                sourced_id=self._key("enrolment"), person=person, school_class=school_class, begins=begins, **facts
            )
        )

    def role(self, person: Person, name: str = "student", begins: date = APRIL, **facts: Any) -> Role:
        row = Role(
            sourced_id=self._key("role"), person=person, organisation=self.school, name=name, begins=begins, **facts
        )
        return self._write(row)

    def guard(self, guardian: Person, child: Person, begins: date = APRIL, **facts: Any) -> Guardianship:
        return self._write(Guardianship(guardian=guardian, child=child, begins=begins, **facts))

    def pupil(self, school_class: SchoolClass | None = None, **facts: Any) -> Person:
        person = self.person(**facts)
        self.role(person)
        self.enrol(person, school_class or self.first)
        return person


@pytest.fixture
def desk(db: None) -> Desk:
    return Desk()


@pytest.fixture
def spans() -> Callable[[Any], list[tuple[date, date | None]]]:
    """What days the rows of a query hold."""
    return lambda rows: [(row.begins, row.ends) for row in rows.order_by("begins", "pk")]
