"""What people of a school are to its pupils, by their roles and classes of the day."""

from datetime import date, timedelta

import pytest

from terakoya.access import api
from terakoya.access.relations import relations_to
from terakoya.identity.api import Account, create_account
from terakoya.kit import clock
from terakoya.roster.models import Enrolment, Organisation, Person, Role

from .school import BEGINS, School, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return make_school()


def with_role(role: str, name: str = "一小") -> Account:
    """Somebody who has only this role, at the school of that name."""
    person = Person.objects.create(sourced_id=role, username=role, display_family=role)
    place = Organisation.objects.get(name=name)
    Role.objects.create(sourced_id=f"r-{role}", person=person, organisation=place, name=role, begins=BEGINS)
    return create_account(role, display_name=role, person=person.uuid)


def kinds(account: Account, school: School, on: date | None = None) -> list[str]:
    found = relations_to(api.actor_of_account(account), school.pupils[:1], on or clock.today())
    return [relation.kind for relation in found.get(school.pupils[0], [])]


@pytest.mark.parametrize(
    ("role", "kind"),
    [("principal", "head"), ("ext:nurse", "nurse"), ("counselor", "counselor"), ("siteAdministrator", "office")],
)
def test_a_role_at_the_school_ties_to_all_its_pupils_and_to_no_others(school: School, role: str, kind: str) -> None:
    account = with_role(role)
    assert kinds(account, school) == [kind]
    Role.objects.filter(person=account.person).update(organisation=Organisation.objects.get(name="二小"))
    assert kinds(account, school) == []


def test_the_nurse_sees_health_and_no_learning_records(school: School) -> None:
    nurse = api.actor_of_account(with_role("ext:nurse"))
    assert api.may(nurse, "activity.health", "health_care", school.pupils[0]).permitted
    assert not api.may(nurse, "activity.learning_school", "teaching", school.pupils[0]).permitted


def test_the_school_office_is_of_its_school_and_not_of_the_board(school: School) -> None:
    office = api.actor_of_account(with_role("siteAdministrator"))
    assert (office.stakeholder, office.role) == ("school", "office")
    decision = api.may(office, "activity.attendance", "school_administration", school.pupils[0])
    assert decision.permitted and decision.obligations["drop"] == ["reason", "remarks"]


def test_a_subject_teacher_sees_neither_contact_nor_health_nor_guidance(school: School) -> None:
    teacher = api.actor_of_account(school.subject_teacher)
    for category, purpose in (
        ("subject.contact", "school_administration"),
        ("activity.health", "health_care"),
        ("activity.guidance", "guidance"),
    ):
        assert not api.may(teacher, category, purpose, school.pupils[0]).permitted


def test_a_head_who_also_teaches_a_subject_is_first_of_all_the_head(school: School) -> None:
    Enrolment.objects.filter(person=school.subject_teacher.person).update(person=school.head.person)
    assert kinds(school.head, school) == ["head", "subject_teacher"]


def test_a_tie_begins_and_ends_with_its_period(school: School) -> None:
    today = clock.today()
    Enrolment.objects.filter(person=school.teacher.person).update(begins=today, ends=today + timedelta(days=1))
    for day, seen in ((-1, []), (0, ["homeroom_teacher"]), (1, [])):
        assert kinds(school.teacher, school, today + timedelta(days=day)) == seen


def test_a_relation_names_the_class(school: School) -> None:
    found = relations_to(api.actor_of_account(school.teacher), school.pupils, clock.today())
    assert {one.detail for relations in found.values() for one in relations} == {"5年2組"}
