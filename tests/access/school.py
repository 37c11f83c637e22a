"""A small school in the roster: a class of forty, its teachers, a family and its clerk."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from terakoya.identity.api import Account, create_account
from terakoya.roster.models import (
    AcademicSession,
    AddressProtection,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    SchoolClass,
)
from tests.kept import kept

BEGINS, ENDS = date(2020, 4, 1), date(2040, 3, 31)


@dataclass
class School:
    """Accounts of one school: ``pupils`` are keys, in the order of their attendance numbers."""

    homeroom: SchoolClass
    teacher: Account
    subject_teacher: Account
    head: Account
    other_teacher: Account
    clerk: Account
    guardian: Account
    second_guardian: Account
    pupil: Account
    pupils: list[UUID] = field(default_factory=list)


def make_school(pupils: int = 3) -> School:
    """The school with so many pupils. The first has two guardians; from the second the address is hidden."""
    return kept(f"a school of {pupils}", lambda: _made(pupils))


def _made(pupils: int) -> School:
    school, other = (
        Organisation.objects.create(sourced_id=name, name=name, kind="school") for name in ("一小", "二小")
    )
    session = AcademicSession.objects.create(
        sourced_id="s", title="2026", kind="schoolYear", begins=BEGINS, ends=ENDS, school_year=2026
    )
    homeroom = _class("5年2組", "homeroom", school, session)
    science = _class("理科5-2", "scheduled", school, session)
    children = [_person(f"p{number}", "student", school, grade="P5") for number in range(pupils)]
    for number, child in enumerate(children, 1):
        _enrol(child, homeroom, "student", number)
        _enrol(child, science, "student")
    teacher, subject_teacher, head = (_person(name, "teacher", school) for name in ("t1", "t2", "t3"))
    _enrol(teacher, homeroom, "teacher")
    _enrol(subject_teacher, science, "teacher")
    Role.objects.create(sourced_id="head", person=head, organisation=school, name="principal", begins=BEGINS)
    stranger = _person("t4", "teacher", other)
    _enrol(stranger, _class("1年1組", "homeroom", other, session), "teacher")
    guardians = [_person(name, "guardian", school) for name in ("g1", "g2")]
    for guardian in guardians:
        Guardianship.objects.create(guardian=guardian, child=children[0], begins=BEGINS)
    AddressProtection.objects.create(person=children[0], hidden_from=guardians[1], begins=BEGINS)
    people = [teacher, subject_teacher, head, stranger, *guardians, children[0]]
    accounts = [create_account(one.sourced_id, display_name=one.display_family, person=one.uuid) for one in people]
    clerk = create_account("clerk", display_name="職員", is_administrator=True)
    return School(homeroom, *accounts[:4], clerk, *accounts[4:], [child.uuid for child in children])


def _person(key: str, role: str, school: Organisation, grade: str = "") -> Person:
    person = Person.objects.create(sourced_id=key, username=key, display_family=f"姓{key}", grade=grade)
    Role.objects.create(sourced_id=f"r-{key}", person=person, organisation=school, name=role, begins=BEGINS)
    return person


def _class(title: str, kind: str, school: Organisation, session: AcademicSession) -> SchoolClass:
    course = Course.objects.create(sourced_id=f"c-{title}", title=title, organisation=school, session=session)
    return SchoolClass.objects.create(
        sourced_id=title, title=title, kind=kind, school=school, course=course, begins=BEGINS, ends=ENDS
    )


def _enrol(person: Person, school_class: SchoolClass, role: str, number: int | None = None) -> None:
    Enrolment.objects.create(
        sourced_id=f"e-{person.sourced_id}-{school_class.title}",
        person=person,
        school_class=school_class,
        role=role,
        number=number,
        begins=BEGINS,
    )
