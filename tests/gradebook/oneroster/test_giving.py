"""The gradebook is told as files."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from terakoya.gradebook import api
from terakoya.gradebook.adapters.oneroster import values
from terakoya.gradebook.models import Latest
from terakoya.roster import api as roster
from terakoya.standards import oneroster
from tests.gradebook.conftest import Book

from .conftest import Files, Take, as_files, told


def test_what_was_taken_over_is_told_again_cell_by_cell(files: Files, take: Take) -> None:
    take(files)
    for name, rows in files.items():
        expected = [dict(row) for _, row in as_files(files)[name].rows]
        if name == "results":  # a package need not name the class; what is told names it
            klass = files["lineItems"][0]["classSourcedId"]
            expected = [row | {"classSourcedId": klass} for row in expected]
        assert told(name) == sorted(expected, key=lambda row: row["sourcedId"]), name
        assert rows


def test_what_is_told_changes_nothing_when_it_is_taken_over(files: Files, take: Take) -> None:
    take(files)
    first = {name: told(name) for name in oneroster.GRADEBOOK}
    counts = take(first).counts
    assert all(one["new"] + one["changed"] + one["ended"] == 0 for one in counts.values())
    assert {name: told(name) for name in oneroster.GRADEBOOK} == first


def test_what_a_system_wrote_is_told_with_ids_that_stay(book: Book, take: Take) -> None:
    book.put("scoreScale", book.scale())
    objectives = [{"source": "unknown", "id": "wa", "key": ""}]
    book.put("lineItem", book.item(references={"scale": "scale-1"}, objectives=objectives))
    first = {name: told(name) for name in oneroster.GRADEBOOK}
    assert len(first["lineItemScoreScales"]) == len(first["lineItemLearningObjectiveIds"]) == 1
    take(first)
    assert {name: told(name) for name in oneroster.GRADEBOOK} == first


def test_a_scale_is_told_with_the_school_and_the_course_of_its_class(book: Book) -> None:
    book.put("scoreScale", book.scale())
    (row,) = told("scoreScales")
    assert (row["orgSourcedId"], row["courseSourcedId"]) == (book.klass.school.sourced_id, book.klass.course)


def test_a_line_item_is_told_with_a_session_of_its_class(book: Book) -> None:
    (row,) = told("lineItems")
    assert row["academicSessionSourcedId"] == roster.rows_of("AcademicSession").get().sourced_id


def test_only_what_belongs_to_the_organisations_is_told(files: Files, take: Take, book: Book) -> None:
    take(files)
    other = roster.keys_of("org", [book.other_class.school.sourced_id]).values()
    assert told("results", organisations=list(other)) == []


def test_a_delta_tells_of_what_was_written_since(files: Files, take: Take) -> None:
    take(files)
    since = Latest.objects.get().at + timedelta(milliseconds=1)
    api.delete("result", "r0", source="marks")
    (row,) = told("results", since=since)
    assert (row["sourcedId"], row["status"]) == ("r0", "tobedeleted")
    assert row["dateLastModified"].endswith("Z")


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_a_number_comes_back_from_its_cell(number: float) -> None:
    assert values.number(values.cell_of(number)) == number


@given(st.lists(st.tuples(st.text("0123456789 -", min_size=1), st.text("ABCあ")), min_size=1))
def test_steps_come_back_from_their_cell(steps: list[tuple[str, str]]) -> None:
    made = [{"left": left, "right": right} for left, right in steps]
    assert values.steps(values.cell_of_steps(made)) == made


@given(st.text())
def test_any_cell_is_steps_or_is_not(cell: str) -> None:
    found = values.steps(cell)
    assert found is None or values.cell_of_steps(found) == cell
