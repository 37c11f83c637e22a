"""Two entries of one person that were put together: the old sourcedId answers with the person."""

from collections.abc import Callable
from typing import Any

import pytest

from terakoya.roster.api import Change, rows_of, who
from tests.access.school import School

Make = Callable[..., Any]


@pytest.fixture
def merged(school: School) -> Change:
    """The entry p4 turned out to be p0."""
    keys = dict(rows_of("Person").values_list("sourced_id", "uuid"))
    return who.merge(keys["p0"], keys["p4"], by="clerk")


@pytest.mark.parametrize("path", ["users/p4", "students/p4"])
def test_an_old_identifier_answers_with_the_person(caller: Make, merged: Change, path: str) -> None:
    answer = caller().get(path)
    assert answer.json()["user"]["sourcedId"] == "p0"


def test_birth_dates_are_found_by_the_old_identifier(caller: Make, school: School) -> None:
    rows_of("Person").filter(sourced_id="p0").update(birth_date="2015-05-01", sex="female")
    keys = dict(rows_of("Person").values_list("sourced_id", "uuid"))
    who.merge(keys["p0"], keys["p4"], by="clerk")
    assert caller().get("demographics/p4").json()["demographics"]["sourcedId"] == "p0"


@pytest.mark.parametrize("path", ["users/p4/classes", "students/p4/classes"])
def test_the_classes_below_an_old_identifier_are_those_of_the_person(caller: Make, merged: Change, path: str) -> None:
    assert set(caller().ids(path)) == {"5年2組", "理科5-2"}


def test_a_filter_by_an_old_identifier_finds_the_person(caller: Make, merged: Change) -> None:
    one = caller()
    assert one.ids("users", filter="sourcedId='p4'") == ["p0"]
    found = one.page("enrollments", filter="user.sourcedId='p4'")
    assert {row["user"]["sourcedId"] for row in found} == {"p0"}
    assert "p0" not in one.ids("users", filter="sourcedId!='p4'")


def test_the_list_says_that_the_old_entry_is_to_be_deleted(caller: Make, merged: Change) -> None:
    said = {one["sourcedId"]: one["status"] for one in caller().page("users")}
    assert (said["p0"], said["p4"]) == ("active", "tobedeleted")


def test_taken_apart_again_each_answers_for_itself(caller: Make, merged: Change) -> None:
    who.unmerge(merged, by="clerk")
    assert caller().get("users/p4").json()["user"]["sourcedId"] == "p4"
