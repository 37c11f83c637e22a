"""Marks of somebody who was entered twice: the old id still answers, and nothing is moved."""

from collections.abc import Callable

import pytest

from terakoya.gradebook import api
from terakoya.gradebook.models import Result
from terakoya.rights import api as rights
from terakoya.roster import api as roster

from .conftest import Book


@pytest.fixture
def merged(book: Book) -> Book:
    """The class whose first pupil got a result, and then turned out to be the second one."""
    book.put("result", book.result())
    roster.who.merge(book.pupils[1].uuid, book.pupil.uuid, by="clerk")
    return book


def test_a_result_stays_with_the_key_it_was_written_under(merged: Book) -> None:
    assert Result.objects.get().student == merged.pupil.uuid
    assert roster.sourced_ids_of("user", [merged.pupil.uuid]) == {merged.pupil.uuid: merged.pupils[1].sourced_id}


def test_a_result_that_comes_under_the_old_id_is_the_persons(merged: Book) -> None:
    merged.put("result", merged.result("result-2"))
    assert Result.objects.get(sourced_id="result-2").student == merged.pupils[1].uuid


def test_what_was_written_before_can_be_written_again(merged: Book) -> None:
    merged.put("result", merged.result(score=90.0))
    assert Result.objects.values_list("student", "score").get() == (merged.pupils[1].uuid, 90.0)


def test_all_is_as_it_was_when_the_two_are_taken_apart(merged: Book) -> None:
    roster.undo(roster.Change.objects.latest("number"), by="clerk")
    assert api.rows_of("result").get().student == merged.pupil.uuid
    assert roster.sourced_ids_of("user", [merged.pupil.uuid]) == {merged.pupil.uuid: merged.pupil.sourced_id}


def test_marks_of_both_entries_can_be_asked_for(merged: Book, node_kind: Callable[[str], object]) -> None:
    node_kind("city")
    (marks,) = (one for one in rights.holdings() if one.name == "marks")
    (told,) = marks.export(merged.pupils[1].uuid)
    assert (told["score"], told["title"]) == (merged.result().facts["score"], merged.item().facts["title"])
    assert marks.count(merged.pupil.uuid) == 1
