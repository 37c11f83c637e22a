"""Filters, orders, selections and pages of lists."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from terakoya.roster.api import rows_of
from terakoya.roster.changing import changing
from terakoya.roster.models import Change, Organisation

Make = Callable[..., Any]
LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')


def links(answer: Any) -> dict[str, str]:
    return {name: address for address, name in LINK.findall(answer["Link"])}


def walk(one: Any, path: str, **query: Any) -> list[str]:
    """The identifiers of a whole list, page by page, as ``next`` leads."""
    found: list[str] = []
    answer = one.get(path, **query)
    while True:
        (rows,) = answer.json().values()
        found += [row["sourcedId"] for row in rows]
        following = links(answer).get("next")
        if following is None:
            return found
        answer = one.get(following.removeprefix("http://testserver"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("familyName='姓p1'", {"p1"}),
        ("familyName='姓p1' OR familyName='姓p2'", {"p1", "p2"}),
        ("grades~'P5' AND username!='p0'", {"p1", "p2", "p3", "p4"}),
        ("grades='P5'", {"p0", "p1", "p2", "p3", "p4"}),
        ("grades~'P'", set()),
        ("status='tobedeleted'", set()),
        ("sourcedId>='t2'", {"t2", "t3", "t4"}),
        ("familyName~'姓g'", {"g1", "g2"}),
        ("enabledUser='false'", set()),
    ],
)
def test_a_filter_chooses(caller: Make, asked: str, expected: set[str]) -> None:
    answer = caller().get("users", filter=asked)
    assert {one["sourcedId"] for one in answer.json()["users"]} == expected
    assert answer["X-Total-Count"] == str(len(expected))


@pytest.mark.parametrize(
    ("path", "asked", "expected"),
    [
        ("enrollments", "user.sourcedId='p0' AND role='student'", 2),
        ("enrollments", "class.sourcedId='5年2組'", 6),
        ("enrollments", "metadata.jp.shussekiNo='2'", 1),
        ("enrollments", "beginDate='2020-04-01'", 13),
        ("academicSessions", "endDate='2040-03-30'", 1),
        ("academicSessions", "schoolYear='2026'", 1),
    ],
)
def test_nested_fields_days_and_numbers_are_compared(caller: Make, path: str, asked: str, expected: int) -> None:
    assert len(caller().page(path, filter=asked)) == expected


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"filter": "shoeSize='3'"}, "invalid_filter_field"),
        ({"filter": "enabledUser='yes'"}, "invalid_filter_field"),
        ({"filter": "dateLastModified>'yesterday'"}, "invalid_filter_field"),
        ({"filter": "dateLastModified>'0001-01-01T00:00:00+14:00'"}, "invalid_filter_field"),
        ({"filter": "userMasterIdentifier='x'"}, "invalid_filter_field"),
        ({"fields": "shoeSize"}, "invalid_selection_field"),
        ({"sort": "shoeSize"}, "invaliddata"),
        ({"limit": "0"}, "invaliddata"),
        ({"cursor": "nonsense"}, "invaliddata"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(caller: Make, query: dict[str, str], code: str) -> None:
    answer = caller().get("users", **query)
    assert answer.status_code == 400
    body = answer.json()
    assert body["imsx_CodeMinor"]["imsx_codeMinorField"][0]["imsx_codeMinorFieldValue"] == code
    assert body["imsx_description"]


def test_selected_fields_alone_are_served(caller: Make) -> None:
    (one,) = caller().page("users", filter="sourcedId='p1'", fields="sourcedId,givenName")
    assert set(one) == {"sourcedId", "givenName"}


def test_a_list_is_sorted_both_ways(caller: Make) -> None:
    one = caller()
    up = one.ids("users", sort="familyName")
    assert up == sorted(up)
    assert one.ids("users", sort="familyName", orderBy="desc") == up[::-1]


@pytest.mark.parametrize(
    "query", [{}, {"sort": "familyName"}, {"sort": "grades", "orderBy": "desc"}, {"orderBy": "desc"}]
)
@pytest.mark.parametrize("path", ["users", "enrollments", "classes", "schools/一小/students"])
def test_a_walk_meets_everything_once(caller: Make, path: str, query: dict[str, str]) -> None:
    one = caller()
    query = {name: value for name, value in query.items() if path == "users" or name == "orderBy"}
    whole = one.ids(path, **query)
    assert walk(one, path, limit=2, **query) == whole
    assert len(set(whole)) == len(whole)


def test_plain_offsets_meet_everything_too(caller: Make) -> None:
    one = caller()
    pages = [one.ids("users", limit=4, offset=offset) for offset in (0, 4, 8, 12)]
    assert [key for page in pages for key in page] == one.ids("users")


def test_links_lead_to_the_last_page_and_back(caller: Make) -> None:
    one, whole = caller(), caller().ids("users")
    first = one.get("users", limit=4)
    last = one.get(links(first)["last"].removeprefix("http://testserver"))
    assert [row["sourcedId"] for row in last.json()["users"]] == whole[8:]
    assert "next" not in links(last)
    before = one.get(links(last)["prev"].removeprefix("http://testserver"))
    assert [row["sourcedId"] for row in before.json()["users"]] == whole[4:8]
    assert "prev" not in links(first)


def test_a_cursor_of_another_list_is_refused(caller: Make) -> None:
    one = caller()
    following = links(one.get("users", limit=2))["next"].removeprefix("http://testserver")
    assert one.get(following.replace("/users", "/students")).status_code == 400


def test_a_link_keeps_the_question(caller: Make) -> None:
    following = links(caller().get("users", limit=1, filter="grades='P5'", fields="sourcedId,status"))["next"]
    assert "filter=grades%3D%27P5%27" in following
    assert "fields=sourcedId%2Cstatus" in following


def test_what_was_changed_since_a_moment_is_found(caller: Make) -> None:
    person = rows_of("Person").get(sourced_id="p3")
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.update([(person, {"display_given": "新"})])
    at = writing.change.at.isoformat()
    one = caller()
    assert one.ids("users", filter=f"dateLastModified>='{at}'") == ["p3"]
    assert "p3" not in one.ids("users", filter=f"dateLastModified<'{at}'")
    assert one.page("users", filter="sourcedId='p3'")[0]["dateLastModified"][:19] == at[:19]


def test_what_is_closed_is_to_be_deleted(caller: Make) -> None:
    row = rows_of("Enrolment").filter(person__sourced_id="p0", school_class__kind="homeroom").get()
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.close([row], row.begins.replace(year=2026))
    one = caller()
    assert one.ids("enrollments", filter="status='tobedeleted'") == [row.sourced_id]
    assert "p0" not in one.ids("classes/5年2組/students")


def test_of_one_identifier_the_living_row_counts(caller: Make) -> None:
    row = rows_of("Enrolment").filter(person__sourced_id="p0", school_class__kind="homeroom").get()
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.close([row], row.begins.replace(year=2026))
        again = type(row)(
            sourced_id=row.sourced_id,
            person_id=row.person_id,
            school_class_id=row.school_class_id,
            role="student",
            begins=row.begins.replace(year=2026),
        )
        writing.create([again])
    found = caller().page("enrollments", filter=f"sourcedId='{row.sourced_id}'")
    assert [one["status"] for one in found] == ["active"]


def test_the_total_follows_a_change(caller: Make) -> None:
    one = caller()
    assert one.get("orgs")["X-Total-Count"] == "2"
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.create([Organisation(sourced_id="三小", name="三小", kind="school")])
    assert one.get("orgs")["X-Total-Count"] == "3"
    assert set(one.ids("orgs")) == {"一小", "二小", "三小"}


@pytest.mark.parametrize(("kind", "field"), [("users", "password"), ("classes", "resources"), ("courses", "resources")])
def test_a_field_of_the_standard_that_is_not_kept_may_be_asked_for(caller: Make, kind: str, field: str) -> None:
    assert all(set(row) == {"sourcedId"} for row in caller().page(kind, fields=f"sourcedId,{field}"))


def test_an_address_with_a_line_break_is_answered_by_the_service(caller: Make) -> None:
    answer = caller().get("users/p0%0Ap1")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
