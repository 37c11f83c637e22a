"""The desk: who stands there, what they see of which school, and class lists of any day."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from terakoya.access import api as access
from terakoya.identity.api import Account, create_account
from terakoya.roster.models import Enrolment, Organisation, Person, Role, SchoolClass

from .conftest import Open

Schools = dict[str, Organisation]


def class_of(school: Organisation, title: str = "5年2組") -> SchoolClass:
    return SchoolClass.objects.get(school=school, title=title)


def pupils_of(taught: SchoolClass) -> set[Person]:
    return {row.person for row in Enrolment.objects.filter(school_class=taught, role="student")}


def test_the_board_sees_every_school(schools: Schools, board: Account, open_page: Open) -> None:
    answer = open_page(board, "register.start")
    assert {school for school, _pupils in answer.context["rows"]} == set(schools.values())
    assert answer.context["all"] == Person.objects.exclude(grade="").count()


def test_the_office_sees_its_own_school_alone(schools: Schools, office: Account, open_page: Open) -> None:
    rows = open_page(office, "register.start").context["rows"]
    assert [school for school, _pupils in rows] == [schools["hibari"]]


@pytest.mark.parametrize("route", ["register.start", "register.classes"])
def test_a_teacher_has_no_desk(schools: Schools, open_page: Open, route: str) -> None:
    person = Enrolment.objects.filter(role="teacher").first()
    assert person is not None
    teacher = create_account("someone", display_name="someone", person=person.person_id)
    assert open_page(teacher, route).status_code == 403


def test_who_is_not_signed_in_is_asked_to(schools: Schools, open_page: Open) -> None:
    assert open_page(None, "register.start").status_code == 302


def test_a_list_names_the_pupils_by_number(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    listed = open_page(office, "register.class", taught.uuid).context["listed"]
    assert {line.person for line in listed.lines} == pupils_of(taught)
    assert [line.number for line in listed.lines] == sorted(line.number for line in listed.lines)


def test_the_list_of_another_school_is_not_there(schools: Schools, office: Account, open_page: Open) -> None:
    assert open_page(office, "register.class", class_of(schools["keyaki"]).uuid).status_code == 404


def test_a_list_says_who_was_there_on_the_day(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    row = Enrolment.objects.filter(school_class=taught, role="student").first()
    assert row is not None
    Enrolment.objects.filter(pk=row.pk).update(ends=date(2026, 9, 1))
    before = open_page(office, "register.class", taught.uuid, on="2026-08-31").context["listed"]
    after = open_page(office, "register.class", taught.uuid, on="2026-09-01").context["listed"]
    assert row.person in [line.person for line in before.lines]
    assert row.person not in [line.person for line in after.lines]


def test_who_left_the_school_is_counted_and_not_named(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    gone = pupils_of(taught).pop()
    Enrolment.objects.filter(person=gone).update(ends=date(2026, 9, 1))
    Role.objects.filter(person=gone).update(ends=date(2026, 9, 1))
    listed = open_page(office, "register.class", taught.uuid, on="2026-05-01").context["listed"]
    assert listed.hidden == 1
    assert gone not in [line.person for line in listed.lines]


def test_the_board_still_names_who_left(schools: Schools, board: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    gone = pupils_of(taught).pop()
    Enrolment.objects.filter(person=gone).update(ends=date(2026, 9, 1))
    listed = open_page(board, "register.class", taught.uuid, on="2026-05-01").context["listed"]
    assert gone in [line.person for line in listed.lines]


def test_a_list_stands_in_the_log_of_those_it_names(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    open_page(office, "register.class", taught.uuid)
    for person in pupils_of(taught):
        assert [line.what for line in access.accesses_of(person.uuid)][:1] == ["class_list"]


def test_a_pupil_without_a_class_is_in_the_register_of_the_school(schools: Schools, office: Account) -> None:
    pupil = pupils_of(class_of(schools["hibari"])).pop()
    Enrolment.objects.filter(person=pupil).update(ends=date(2026, 9, 1))
    decision = access.may(access.actor_of_account(office), "subject.identity", "school_administration", pupil.uuid)
    assert (decision.permitted, decision.relation.kind) == (True, "office")


def test_the_workbook_holds_the_list(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    answer = open_page(office, "register.class_xlsx", taught.uuid)
    rows = list(load_workbook(BytesIO(answer.content)).active.values)
    assert {row[1] for row in rows[1:]} == {person.name for person in pupils_of(taught)}


def test_a_name_is_no_formula_in_a_file(schools: Schools, office: Account, open_page: Open) -> None:
    taught = class_of(schools["hibari"])
    person = pupils_of(taught).pop()
    Person.objects.filter(pk=person.pk).update(display_family="=1+1")
    assert b"'=1+1" in open_page(office, "register.class_csv", taught.uuid).content


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "0001-01-01", ""])
def test_an_impossible_day_is_today(schools: Schools, board: Account, open_page: Open, day: str) -> None:
    assert open_page(board, "register.classes", on=day).context["day"] == date(2026, 11, 24)
