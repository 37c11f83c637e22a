"""Rows that an undo took away: told to whoever asks for changes, or for what is to be deleted."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from terakoya.roster import api as roster
from terakoya.roster.api import rows_of
from terakoya.roster.changing import changing
from terakoya.roster.models import Course, Enrolment, Person, Role, SchoolClass
from tests.access.school import School

from .test_questions import walk

Make = Callable[..., Any]
DAY, END = date(2026, 4, 1), date(2027, 4, 1)
ALL = "status='tobedeleted'"


def bring(place: str = "一小", people: int = 3) -> roster.Change:
    """A change that makes people with roles, a course, a class and their places in it."""
    where = rows_of("Organisation").get(sourced_id=place)
    with changing("import", by="clerk") as writing:
        course = Course(sourced_id="新-c", title="新", organisation=where)
        writing.create([course])
        klass = SchoolClass(
            sourced_id="新-k",
            title="新",
            kind="homeroom",
            course=course,
            school=where,
            begins=DAY,
            ends=END,
        )
        writing.create([klass])
        some = [
            Person(sourced_id=f"新{number}", username=f"new{number}", display_family="新", display_given=str(number))
            for number in range(people)
        ]
        writing.create(some)
        writing.create(
            [
                Role(
                    sourced_id=f"r-{one.sourced_id}",
                    person=one,
                    organisation=where,
                    name="student",
                    is_primary=True,
                    begins=DAY,
                )
                for one in some
            ]
        )
        writing.create(
            [
                Enrolment(sourced_id=f"e-{one.sourced_id}", person=one, school_class=klass, role="student", begins=DAY)
                for one in some
            ]
        )
    return writing.change


@pytest.fixture
def undone(school: School) -> roster.Change:
    return roster.undo(bring(), by="clerk")


def test_what_an_undo_took_away_is_to_be_deleted(caller: Make, undone: roster.Change) -> None:
    one = caller()
    for kind, expected in (
        ("users", {"新0", "新1", "新2"}),
        ("classes", {"新-k"}),
        ("courses", {"新-c"}),
        ("enrollments", {"e-新0", "e-新1", "e-新2"}),
    ):
        found = one.page(kind, filter=ALL)
        assert {row["sourcedId"] for row in found} >= expected
        assert {row["status"] for row in found} == {"tobedeleted"}


def test_who_follows_the_changes_is_told_of_it_once(caller: Make, undone: roster.Change) -> None:
    one, since = caller(), undone.at.isoformat()
    assert set(one.ids("users", filter=f"dateLastModified>='{since}'")) >= {"新0", "新1", "新2"}
    assert one.get("users", filter=f"dateLastModified>'{since}'").headers["X-Total-Count"] == "0"


def test_a_row_that_is_no_more_says_what_it_referred_to(caller: Make, undone: roster.Change) -> None:
    one = caller()
    row = next(row for row in one.page("enrollments", filter=ALL) if row["sourcedId"] == "e-新0")
    assert (row["user"]["sourcedId"], row["class"]["sourcedId"], row["school"]["sourcedId"]) == ("新0", "新-k", "一小")
    user = next(row for row in one.page("users", filter=ALL) if row["sourcedId"] == "新0")
    assert [role["org"]["sourcedId"] for role in user["roles"]] == ["一小"]
    (klass,) = one.page("classes", filter=ALL)
    assert (klass["course"]["sourcedId"], len(klass["terms"])) == ("新-c", 1)


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize("asked", ["dateLastModified<='2099-01-01'", "dateLastModified>='2001-01-01'"])
def test_the_pages_hold_each_once_and_count_them(caller: Make, undone: roster.Change, limit: int, asked: str) -> None:
    rows_of("Person").filter(sourced_id__in=["p0", "p1", "p2"]).update(change=undone)
    one = caller()
    found = walk(one, "users", limit=limit, filter=asked)
    assert len(found) == len(set(found)) == len(set(one.ids("users", filter=asked)))
    assert {"p0", "新0", "新1", "新2"} <= set(found)
    assert one.get("users", filter=asked, limit=1).headers["X-Total-Count"] == str(len(found))
    places = range(0, len(found), limit)
    assert [key for at in places for key in one.ids("users", filter=asked, limit=limit, offset=at)] == found


def test_lists_without_such_a_question_hold_what_is_there(caller: Make, undone: roster.Change) -> None:
    one = caller()
    for asked in ({}, {"filter": "status='active'"}, {"filter": "familyName='新'"}):
        assert not {"新0", "新1", "新2"} & set(one.ids("users", **asked))


def test_what_is_there_again_is_no_longer_told_as_gone(caller: Make, undone: roster.Change) -> None:
    bring()
    assert not {"新0", "新1", "新2"} & set(caller().ids("users", filter=ALL))


def test_a_system_is_told_of_its_schools_alone(caller: Make, undone: roster.Change) -> None:
    other = rows_of("Organisation").get(sourced_id="二小").uuid
    own = rows_of("Organisation").get(sourced_id="一小").uuid
    for kind, key in (("users", "新0"), ("classes", "新-k"), ("enrollments", "e-新0"), ("courses", "新-c")):
        assert key not in caller(schools=[other]).ids(kind, filter=ALL)
        assert key in caller(schools=[own]).ids(kind, filter=ALL)
