from datetime import date, timedelta

import pytest

from terakoya.roster import api
from terakoya.roster.changing import changing
from terakoya.roster.models import Change, Enrolment, Organisation, Person, Role, SchoolClass

from .exporting_tools import empty_the_node, exported, tables_of, taken_over

pytestmark = pytest.mark.usefixtures("imported")
PROFILE = "k12-schools-1.0"


def a_school() -> Organisation:
    return Organisation.objects.filter(kind="school").order_by("sourced_id")[0]


def test_a_school_gets_its_own_people_classes_and_what_stands_above_it() -> None:
    school = a_school()
    tables = tables_of(exported(PROFILE, organisations=[school.pk]))
    assert school.parent is not None
    assert {row["sourcedId"] for row in tables["orgs"]} == {school.sourced_id, school.parent.sourced_id}
    assert {row["schoolSourcedId"] for row in tables["classes"]} == {school.sourced_id}
    own = set(Role.objects.filter(organisation=school).values_list("person__sourced_id", flat=True))
    assert {row["sourcedId"] for row in tables["users"]} == own


def test_guardians_of_other_schools_alone_are_not_named() -> None:
    tables = tables_of(exported(PROFILE, organisations=[a_school().pk]))
    known = {row["sourcedId"] for row in tables["users"]}
    assert {one for row in tables["users"] for one in row["agentSourcedIds"].split(",") if one} <= known


def test_a_board_gets_all_below_it() -> None:
    board = Organisation.objects.get(kind="district")
    assert tables_of(exported(PROFILE, organisations=[board.pk])) == tables_of(exported(PROFILE))


def test_the_package_of_a_school_can_be_read_into_an_empty_node_and_written_again() -> None:
    school = a_school()
    data = exported(PROFILE, organisations=[school.pk])
    empty_the_node()
    taken_over(data)
    assert exported(PROFILE) == data


def test_a_day_before_the_year_has_no_classes() -> None:
    tables = tables_of(exported(PROFILE, on=date(2026, 3, 1)))
    assert (tables["classes"], tables["enrollments"]) == ([], [])


def test_who_left_is_in_the_package_of_the_day_before() -> None:
    row = Enrolment.objects.filter(role="student").order_by("sourced_id")[0]
    left = date(2026, 9, 1)
    with changing(Change.Kind.MOVE, by="clerk") as writing:
        writing.close([row], left)
    keys = [
        {one["sourcedId"] for one in tables_of(exported(PROFILE, on=day))["enrollments"]}
        for day in (left - timedelta(days=1), left)
    ]
    assert [row.sourced_id in told for told in keys] == [True, False]


def test_the_home_class_is_that_of_the_day() -> None:
    row = Enrolment.objects.filter(role="student", school_class__kind="homeroom").order_by("sourced_id")[0]
    other = SchoolClass.objects.filter(kind="homeroom").exclude(pk=row.school_class_id).order_by("sourced_id")[0]
    with changing(Change.Kind.MOVE, by="clerk") as writing:
        writing.close([row], date(2026, 9, 1))
        writing.create(
            [
                Enrolment(
                    sourced_id="moved",
                    person_id=row.person_id,
                    school_class=other,
                    role="student",
                    begins=date(2026, 9, 1),
                    ends=other.ends,
                )
            ]
        )
    person = Person.objects.get(pk=row.person_id).sourced_id

    def home(day: date) -> str:
        users = tables_of(exported(PROFILE, on=day))["users"]
        return next(one["metadata.jp.homeClass"] for one in users if one["sourcedId"] == person)

    before = SchoolClass.objects.get(pk=row.school_class_id).sourced_id
    assert [home(date(2026, 5, 1)), home(date(2026, 10, 1))] == [before, other.sourced_id]


def test_end_dates_are_last_days() -> None:
    row = Enrolment.objects.filter(role="student").order_by("sourced_id")[0]
    assert row.ends == date(2027, 4, 1)
    told = tables_of(exported(PROFILE))["enrollments"]
    assert next(one["endDate"] for one in told if one["sourcedId"] == row.sourced_id) == "2027-03-31"


def test_the_package_is_called_by_the_code_of_its_school() -> None:
    school = a_school()
    assert api.package_name(PROFILE, [school.pk]) == f"RO_20261124_{school.code}.zip"
    board = Organisation.objects.get(kind="district")
    assert api.package_name(PROFILE, None) == f"RO_20261124_{board.code}.zip"
