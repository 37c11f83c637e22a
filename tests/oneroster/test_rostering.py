"""The lists and objects of the rostering service."""

from collections.abc import Callable
from typing import Any

import pytest

from terakoya.roster.api import rows_of
from tests.access.school import School

PEOPLE = {"p0", "p1", "p2", "p3", "p4", "t1", "t2", "t3", "t4", "g1", "g2"}
Make = Callable[..., Any]


def test_all_people_are_served(caller: Make) -> None:
    assert set(caller().ids("users")) == PEOPLE


def test_students_and_teachers_are_those_with_the_role(caller: Make) -> None:
    one = caller()
    assert set(one.ids("students")) == {"p0", "p1", "p2", "p3", "p4"}
    assert set(one.ids("teachers")) == {"t1", "t2", "t3", "t4"}


def test_a_user_is_found_by_identifier(caller: Make) -> None:
    user = caller().get("users/p1").json()["user"]
    assert (user["sourcedId"], user["familyName"], user["grades"]) == ("p1", "姓p1", ["P5"])
    assert user["roles"][0]["role"] == "student"
    assert user["roles"][0]["org"]["sourcedId"] == "一小"
    assert user["metadata"] == {
        "jp.homeClass": rows_of("Enrolment").filter(person__sourced_id="p1").first().school_class.sourced_id
    }


def test_an_unknown_object_is_not_found(caller: Make) -> None:
    answer = caller().get("users/nobody")
    assert answer.status_code == 404
    assert answer.json()["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == "unknownobject"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("classes/理科5-2/students", {"p0", "p1", "p2", "p3", "p4"}),
        ("classes/理科5-2/teachers", {"t2"}),
        ("schools/一小/students", {"p0", "p1", "p2", "p3", "p4"}),
        ("schools/二小/teachers", {"t4"}),
        ("schools/一小/classes", {"5年2組", "理科5-2"}),
        ("schools/一小/classes/5年2組/students", {"p0", "p1", "p2", "p3", "p4"}),
        ("schools/一小/classes/5年2組/teachers", {"t1"}),
        ("schools/一小/courses", {"c-5年2組", "c-理科5-2"}),
        ("courses/c-理科5-2/classes", {"理科5-2"}),
        ("students/p0/classes", {"5年2組", "理科5-2"}),
        ("teachers/t2/classes", {"理科5-2"}),
        ("users/t1/classes", {"5年2組"}),
        ("terms", {"s"}),
        ("academicSessions", {"s"}),
        ("gradingPeriods", set()),
        ("terms/s/gradingPeriods", set()),
        ("orgs", {"一小", "二小"}),
        ("schools", {"一小", "二小"}),
    ],
)
def test_lists_hold_what_they_say(caller: Make, path: str, expected: set[str]) -> None:
    assert set(caller().ids(path)) == expected


@pytest.mark.parametrize(
    "path",
    [
        "classes/none/students",
        "schools/none/classes",
        "schools/二小/classes/5年2組/students",
        "terms/none/classes",
        "students/t1/classes",
        "teachers/p0/classes",
        "gradingPeriods/s",
        "schools/none",
        "elsewhere",
    ],
)
def test_below_what_is_not_there_nothing_is(caller: Make, path: str) -> None:
    assert caller().get(path).status_code == 404


def test_a_course_without_a_code_is_told_under_its_identifier(caller: Make) -> None:
    rows_of("Course").filter(sourced_id="c-5年2組").update(code="K1")
    rows_of("Course").filter(sourced_id="c-理科5-2").update(code="")
    one = caller()
    said = {course["sourcedId"]: course["courseCode"] for course in one.page("courses")}
    assert (said["c-5年2組"], said["c-理科5-2"]) == ("K1", "c-理科5-2")
    assert one.ids("courses", filter="courseCode='c-理科5-2'") == ["c-理科5-2"]


def test_enrolments_of_a_class_are_of_it(caller: Make) -> None:
    found = caller().page("schools/一小/classes/5年2組/enrollments")
    assert {one["class"]["sourcedId"] for one in found} == {"5年2組"}
    assert len(found) == 6


def test_an_identifier_with_a_slash_is_one(caller: Make) -> None:
    rows_of("Organisation").filter(sourced_id="二小").update(sourced_id="city/二小")
    one = caller()
    assert one.get("schools/city%2F%E4%BA%8C%E5%B0%8F").json()["org"]["sourcedId"] == "city/二小"
    assert one.ids("schools/city%2F%E4%BA%8C%E5%B0%8F/teachers") == ["t4"]


def test_an_address_is_never_served(caller: Make, school: School) -> None:
    rows_of("Person").filter(sourced_id="p1").update(address="桜町1-1", official_family="戸籍")
    text = caller().get("users/p1").content.decode()
    assert "桜町" not in text
    assert "戸籍" not in text


def test_how_a_protected_person_is_reached_is_withheld(caller: Make, school: School) -> None:
    rows_of("Person").filter(sourced_id__in=["p0", "p1"]).update(phone="03-0000-0000", email="a@example.jp")
    one = caller()
    assert {"phone", "email"} & set(one.get("users/p0").json()["user"]) == set()
    assert one.get("users/p1").json()["user"]["phone"] == "03-0000-0000"


def test_people_are_found_by_how_they_are_reached(caller: Make) -> None:
    rows_of("Person").filter(sourced_id="p1").update(email="a@example.jp", phone="03-0000-0000")
    one = caller()
    assert one.ids("users", filter="email='a@example.jp'") == one.ids("users", filter="phone~'0000'") == ["p1"]
    assert one.ids("students", sort="email", orderBy="desc")[0] == "p1"


def test_nobody_is_found_by_what_is_withheld_of_them(caller: Make, school: School) -> None:
    rows_of("Person").update(email="a@example.jp")
    found = set(caller().ids("users", filter="email='a@example.jp'"))
    assert "p0" not in found
    assert "p1" in found
    assert caller(stakeholder="material_company").ids("users", filter="email='a@example.jp'") == []


def test_demographics_are_of_those_of_whom_they_are_known(caller: Make) -> None:
    rows_of("Person").filter(sourced_id="p1").update(birth_date="2015-05-01", sex="female")
    (one,) = caller().page("demographics")
    assert (one["sourcedId"], one["birthDate"], one["sex"]) == ("p1", "2015-05-01", "female")


def test_a_system_sees_its_schools_alone(caller: Make) -> None:
    other = rows_of("Organisation").get(sourced_id="二小").uuid
    one = caller(schools=[other])
    assert set(one.ids("users")) == {"t4"}
    assert set(one.ids("classes")) == {"1年1組"}
    assert set(one.ids("orgs")) == {"二小"}
    assert {found["user"]["sourcedId"] for found in one.page("enrollments")} == {"t4"}
    assert one.get("users/p0").status_code == 404
    assert one.get("classes/理科5-2/students").status_code == 404


def test_a_stakeholder_to_whom_the_matrix_opens_nothing_reads_nobody(caller: Make) -> None:
    one = caller(stakeholder="outside_body")
    assert one.get("users").status_code == 403
    assert one.get("users/p0").status_code == 403
    assert one.get("classes").status_code == 200


def test_a_learning_portal_reads_names_grades_and_classes_and_no_more(caller: Make) -> None:
    rows_of("Person").update(phone="03-0000-0000", email="a@example.jp", birth_date="2015-05-01", sex="female")
    one = caller(stakeholder="material_company")
    assert set(one.ids("users")) == PEOPLE
    assert one.ids("enrollments")
    pupil = one.get("users/p1").json()["user"]
    assert (pupil["familyName"], pupil["grades"]) == ("姓p1", ["P5"])
    assert not {"phone", "sms", "email", "agents"} & set(pupil)
    assert one.get("demographics").status_code == 403


def test_a_learning_portal_that_nobody_entrusts_with_the_work_reads_nobody(caller: Make) -> None:
    assert caller(stakeholder="material_company", purpose="operation").get("users").status_code == 403


def test_without_a_token_nothing_is_served(caller: Make) -> None:
    one = caller()
    one.token = "none"
    assert one.get("users").status_code == 401


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (["roster-core.readonly"], "users", 200),
        (["roster-core.readonly"], "classes/理科5-2/students", 403),
        (["roster.readonly"], "classes/理科5-2/students", 200),
        (["roster.readonly"], "demographics", 403),
        (["roster-demographics.readonly"], "demographics", 200),
        (["roster-demographics.readonly"], "users", 403),
        (["gradebook.readonly"], "classes", 403),
    ],
)
def test_each_operation_needs_its_scope(caller: Make, scopes: list[str], path: str, status: int) -> None:
    assert caller(scopes).get(path).status_code == status


def test_other_methods_are_not_offered(caller: Make) -> None:
    one = caller()
    answer = one.client.post("/ims/oneroster/rostering/v1p2/users", headers={"Authorization": f"Bearer {one.token}"})
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
