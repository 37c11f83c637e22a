"""What a row must be, seen with what it refers to."""

from collections.abc import Callable

import pytest

from terakoya.gradebook import api
from terakoya.gradebook.api import Line
from terakoya.gradebook.models import Result

from .conftest import DAY, WHEN, Book

Try = Callable[[str, Line], list[str]]


@pytest.mark.parametrize("field", ["item", "student", "school_class", "scale"])
def test_a_result_refers_only_to_what_is_here(refused: Try, book: Book, field: str) -> None:
    assert refused("result", book.result(references={field: "nowhere"})) == ["reference"]


@pytest.mark.parametrize("field", ["school_class", "school", "category", "session", "grading_period", "scale"])
def test_a_line_item_refers_only_to_what_is_here(refused: Try, book: Book, field: str) -> None:
    assert refused("lineItem", book.item("item-2", references={field: "nowhere"})) == ["reference"]


def test_what_was_taken_away_is_not_referred_to(refused: Try, book: Book) -> None:
    api.delete("lineItem", "item-1", source="marks")
    assert refused("result", book.result()) == ["reference"]


def test_a_new_row_needs_all_that_its_kind_requires(refused: Try, book: Book) -> None:
    line = Line("item-2", {"title": "x", "assigned_at": WHEN}, {"school_class": book.klass.sourced_id})
    assert refused("lineItem", line) == ["required", "required", "required"]


@pytest.mark.parametrize("score", [-0.5, 100.5])
def test_a_score_lies_within_the_bounds_of_its_line_item(refused: Try, book: Book, score: float) -> None:
    assert refused("result", book.result(score=score)) == ["score.bounds"]


@pytest.mark.parametrize("score", [0.0, 100.0, None])
def test_bounds_are_within(book: Book, score: float | None) -> None:
    book.put("result", book.result(score=score))
    assert Result.objects.get().score == score


def test_the_lowest_value_is_not_above_the_highest(refused: Try, book: Book) -> None:
    assert refused("lineItem", book.item("item-2", minimum=10.0, maximum=5.0)) == ["bounds"]


def test_the_school_of_a_line_item_is_the_school_of_its_class(refused: Try, book: Book) -> None:
    other = book.other_class.school.sourced_id
    assert refused("lineItem", book.item("item-2", references={"school": other})) == ["class.school"]


def test_a_result_is_of_the_class_of_its_line_item(refused: Try, book: Book) -> None:
    line = book.result(references={"school_class": book.other_class.sourced_id})
    assert refused("result", line) == ["class.item"]


def test_only_who_is_or_was_a_pupil_of_the_class_gets_a_result(refused: Try, book: Book) -> None:
    assert refused("result", book.result(references={"student": book.stranger.sourced_id})) == ["pupil.class"]


def test_a_word_is_a_value_of_the_scale(refused: Try, book: Book) -> None:
    book.put("scoreScale", book.scale())
    line = book.result(references={"scale": "scale-1"}, text_score="E")
    assert refused("result", line) == ["text.scale"]


def test_the_scale_of_a_line_item_holds_for_its_results(refused: Try, book: Book) -> None:
    book.put("scoreScale", book.scale())
    book.put("lineItem", book.item(references={"scale": "scale-1"}))
    assert refused("result", book.result(text_score="E")) == ["text.scale"]


def test_a_score_lies_on_a_step_of_the_scale(refused: Try, book: Book) -> None:
    steps = [{"left": "1 - 5", "right": "A"}]
    book.put("scoreScale", book.scale(values=steps))
    assert refused("result", book.result(references={"scale": "scale-1"}, score=6.0)) == ["score.scale"]


def test_a_step_ends_not_below_where_it_begins(refused: Try, book: Book) -> None:
    assert refused("scoreScale", book.scale(values=[{"left": "9 - 1", "right": "A"}])) == ["scale.values"]


def test_a_learning_objective_of_case_is_named_by_a_uuid(refused: Try, book: Book) -> None:
    objectives = [{"source": "case", "id": "fractions", "key": ""}]
    assert refused("lineItem", book.item("item-2", objectives=objectives)) == ["case.id"]


def test_an_assessment_is_no_part_of_itself(refused: Try, book: Book) -> None:
    book.put("assessmentLineItem", Line("whole", {"title": "学力調査"}))
    book.put("assessmentLineItem", Line("part", {"title": "算数"}, {"parent": "whole"}))
    assert refused("assessmentLineItem", Line("whole", {"title": "学力調査"}, {"parent": "part"})) == ["parent.circle"]


def test_an_assessment_result_is_held_against_the_bounds_of_its_item(refused: Try, book: Book) -> None:
    book.put("assessmentLineItem", Line("whole", {"title": "学力調査", "maximum": 20.0}))
    facts = {"score": 21.0, "score_date": DAY, "score_status": "fully graded"}
    line = Line("one", facts, {"item": "whole", "student": book.stranger.sourced_id})
    assert refused("assessmentResult", line) == ["score.bounds"]


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "日本"])
def test_an_id_has_only_the_signs_of_the_standard(refused: Try, book: Book, key: str) -> None:
    assert refused("category", Line(key, {"title": "x"})) == ["key.form"]


def test_all_faults_are_told_at_once(refused: Try, book: Book) -> None:
    line = book.result(references={"student": "nobody", "scale": "nothing"})
    assert refused("result", line) == ["reference", "reference"]
