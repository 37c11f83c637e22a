"""Rows are put, posted and taken away."""

from datetime import timedelta

import pytest
import time_machine

from terakoya.gradebook import api
from terakoya.gradebook.errors import InUse, Refused, Unknown
from terakoya.gradebook.models import Category, LineItem, Result

from .conftest import Book


def test_put_creates_the_row_under_the_id_it_is_given(book: Book) -> None:
    assert book.put("result", book.result()).new == 1
    result = Result.objects.get(sourced_id="result-1")
    assert (result.student, result.score, result.source) == (book.pupil.uuid, 85.0, "marks")


def test_a_result_without_a_class_is_of_the_class_of_its_line_item(book: Book) -> None:
    book.put("result", book.result())
    assert Result.objects.get().school_class == LineItem.objects.get().school_class


def test_put_makes_a_row_what_the_line_says(book: Book) -> None:
    book.put("category", book.category(title="宿題", weight=None))
    assert Category.objects.values_list("title", "weight").get() == ("宿題", None)


def test_the_same_put_twice_changes_nothing(book: Book) -> None:
    book.put("result", book.result())
    before = Result.objects.values().get()
    assert book.put("result", book.result()).unchanged == 1
    assert Result.objects.values().get() == before


def test_what_a_line_does_not_speak_of_stays(book: Book) -> None:
    book.put("lineItem", api.Line("item-1", {"description": "p. 12"}))
    item = LineItem.objects.get()
    assert (item.title, item.description) == ("分数の計算", "p. 12")


def test_each_writing_has_a_later_moment_than_any_before(book: Book, in_november: time_machine.Traveller) -> None:
    book.put("result", book.result())
    first = Result.objects.get().modified_at
    in_november.move_to(first - timedelta(hours=1))
    book.put("result", book.result(score=90.0))
    assert Result.objects.get().modified_at > first


def test_moments_are_whole_milliseconds(book: Book, in_november: time_machine.Traveller) -> None:
    in_november.move_to("2026-11-24T03:00:00.123456+00:00")
    book.put("result", book.result())
    assert Result.objects.get().modified_at.microsecond == 123_000


def test_what_is_taken_away_stays_as_a_tombstone(book: Book) -> None:
    book.put("result", book.result())
    api.delete("result", "result-1", source="marks")
    assert Result.objects.values_list("is_gone", flat=True).get() is True


def test_what_was_taken_away_cannot_be_taken_away_again(book: Book) -> None:
    book.put("result", book.result())
    api.delete("result", "result-1", source="marks")
    with pytest.raises(Unknown):
        api.delete("result", "result-1", source="marks")


def test_put_brings_back_what_was_taken_away(book: Book) -> None:
    book.put("result", book.result())
    api.delete("result", "result-1", source="marks")
    book.put("result", book.result())
    assert not Result.objects.get().is_gone


@pytest.mark.parametrize(("kind", "key"), [("category", "cat-1"), ("lineItem", "item-1")])
def test_nothing_is_taken_away_while_others_rest_on_it(book: Book, kind: str, key: str) -> None:
    book.put("result", book.result())
    with pytest.raises(InUse):
        api.delete(kind, key, source="marks")


def test_a_category_goes_once_its_line_items_are_gone(book: Book) -> None:
    api.delete("lineItem", "item-1", source="marks")
    api.delete("category", "cat-1", source="marks")
    assert Category.objects.get().is_gone


def test_posted_rows_get_ids_of_this_node(book: Book) -> None:
    pairs = api.post("lineItem", [book.item("theirs-1"), book.item("theirs-2")], source="marks")
    assert [supplied for supplied, _ in pairs] == ["theirs-1", "theirs-2"]
    assert set(LineItem.objects.values_list("sourced_id", flat=True)) == {"item-1", *(given for _, given in pairs)}


def test_a_list_is_posted_whole_or_not_at_all(book: Book) -> None:
    with pytest.raises(Refused) as refusal:
        api.post("result", [book.result("one"), book.result("two", score=101.0)], source="marks")
    assert [(fault.key, fault.code) for fault in refusal.value.faults] == [("two", "score.bounds")]
    assert not Result.objects.exists()


def test_a_posted_id_that_stands_twice_is_refused(book: Book) -> None:
    with pytest.raises(Refused, match="twice"):
        api.post("result", [book.result("one"), book.result("one")], source="marks")


def test_what_is_posted_to_a_place_must_be_of_that_place(book: Book) -> None:
    with pytest.raises(Refused, match="address"):
        api.post("result", [book.result()], source="marks", held={"item.session": "2026-2"})


def test_a_system_of_other_schools_writes_nothing_about_a_class(book: Book) -> None:
    with pytest.raises(Refused) as refusal:
        api.put("result", book.result(), source="marks", schools=[])
    assert [fault.code for fault in refusal.value.faults] == ["reference"]
    assert not Result.objects.exists()
