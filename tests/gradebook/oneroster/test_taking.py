"""Files of marks are taken over with a package."""

import copy
from collections.abc import Callable

import pytest

from terakoya.gradebook import api
from terakoya.gradebook.models import Category, LineItem, Marked, Result, ScoreScale
from terakoya.kit import clock
from tests.gradebook.conftest import Book

from .conftest import CASE, Files, Take


def test_every_row_is_taken_over(files: Files, take: Take) -> None:
    taken = take(files)
    assert taken.places == []
    assert {name: counts["new"] for name, counts in taken.counts.items()} == {
        "categories": 1,
        "scoreScales": 1,
        "lineItems": 2,
        "results": len(files["results"]),
    }


def test_cells_become_what_they_mean(files: Files, take: Take) -> None:
    take(files)
    item, result = LineItem.objects.get(sourced_id="i1"), Result.objects.get(sourced_id="r0")
    assert item.assigned_at.astimezone(clock.JAPAN).isoformat() == "2026-11-01T00:00:00+09:00"
    assert item.scale and item.scale.values[0] == {"left": "0 - 39", "right": "C"}
    assert item.objectives == [{"source": "case", "id": CASE, "key": "o1"}]
    assert (result.score, result.late, result.incomplete, result.source) == (72.5, True, None, Marked.IMPORT)
    assert result.objectives[0]["score"] == 0.5


def test_the_same_files_again_change_nothing(files: Files, take: Take) -> None:
    take(files)
    before = list(Result.objects.values()), list(LineItem.objects.values())
    again = take(files)
    assert all(counts["new"] + counts["changed"] + counts["ended"] == 0 for counts in again.counts.values())
    assert before == (list(Result.objects.values()), list(LineItem.objects.values()))


def test_a_moment_of_the_day_is_not_overwritten_by_the_day(files: Files, take: Take) -> None:
    take(files)
    item = LineItem.objects.get(sourced_id="i1")
    moment = item.due_at.replace(hour=8)  # 17:00 in Japan, on the day after the one in UTC
    moment = moment.replace(day=20)
    api.put("lineItem", api.Line("i1", {"due_at": moment}), source="marks")
    take(files)
    assert LineItem.objects.get(sourced_id="i1").due_at == moment


def test_a_bulk_file_takes_away_what_it_no_longer_names(files: Files, take: Take) -> None:
    take(files)
    files["results"].pop()
    assert take(files).counts["results"]["ended"] == 1
    assert Result.objects.filter(is_gone=True).count() == 1


def test_a_bulk_file_leaves_what_systems_wrote(files: Files, take: Take, town: object) -> None:
    take(files)
    line = api.Line("own", {"title": "own", "weight": None})
    api.put("category", line, source="marks")
    take(files)
    assert not Category.objects.get(sourced_id="own").is_gone


def test_what_others_rest_on_is_not_taken_away(files: Files, take: Take) -> None:
    take(files)
    take({"lineItems": files["lineItems"][1:], "categories": []})
    assert [row.is_gone for row in LineItem.objects.order_by("sourced_id")] == [False, False]
    assert not Category.objects.get().is_gone


def test_a_delta_changes_only_what_it_names(files: Files, take: Take) -> None:
    take(files)
    row = files["results"][0] | {"score": "10"}
    gone = {"sourcedId": "r1", "status": "tobedeleted", "scoreDate": "2026-11-20"}
    counts = take({"results": [row, gone]}, is_delta=True).counts["results"]
    assert (counts["changed"], counts["ended"]) == (1, 1)
    assert Result.objects.get(sourced_id="r0").score == 10


def test_the_same_delta_twice_changes_nothing(files: Files, take: Take) -> None:
    take(files)
    delta = {"results": [{"sourcedId": "r1", "status": "tobedeleted"}]}
    take(copy.deepcopy(delta), is_delta=True)
    assert take(delta, is_delta=True).counts["results"] == {"new": 0, "changed": 0, "unchanged": 0, "ended": 0}


def test_a_delta_takes_a_line_item_away_with_its_results(files: Files, take: Take) -> None:
    take(files)
    gone = {"status": "tobedeleted"}
    delta = {
        "lineItems": [{"sourcedId": "i1", **gone}],
        "results": [{"sourcedId": row["sourcedId"], **gone} for row in files["results"]],
    }
    assert take(delta, is_delta=True).places == []
    assert LineItem.objects.get(sourced_id="i1").is_gone


def test_a_delta_takes_nothing_away_on_which_something_rests(files: Files, take: Take) -> None:
    take(files)
    taken = take({"lineItems": [{"sourcedId": "i1", "status": "tobedeleted"}]}, is_delta=True)
    assert taken.places == [("marks.in_use", "lineItems.csv", 2, "sourcedId")]


def test_a_delta_adds_one_objective_and_takes_another_away(files: Files, take: Take) -> None:
    take(files)
    of = {"lineItemSourcedId": "i1", "source": "unknown", "learningObjectiveId": "wa"}
    rows = [{"sourcedId": "o3", **of}, {"sourcedId": "o1", "lineItemSourcedId": "i1", "status": "tobedeleted"}]
    take({"lineItemLearningObjectiveIds": rows}, is_delta=True)
    assert [one["key"] for one in LineItem.objects.get(sourced_id="i1").objectives] == ["o3"]


Damage = Callable[[Files], None]


def _set(name: str, column: str, value: str, row: int = 0) -> Damage:
    def damage(files: Files) -> None:
        files[name][row][column] = value

    return damage


def _twice(files: Files) -> None:
    files["lineItemScoreScales"].append(files["lineItemScoreScales"][0] | {"sourcedId": "x9"})


FAULTS = [
    ("marks.reference", "lineItems.csv", 3, "classSourcedId", _set("lineItems", "classSourcedId", "none", 1)),
    ("marks.reference", "lineItems.csv", 3, "schoolSourcedId", _set("lineItems", "schoolSourcedId", "none", 1)),
    ("marks.reference", "lineItems.csv", 2, "categorySourcedId", _set("lineItems", "categorySourcedId", "none")),
    ("marks.reference", "results.csv", 2, "studentSourcedId", _set("results", "studentSourcedId", "none")),
    ("marks.reference", "results.csv", 3, "lineItemSourcedId", _set("results", "lineItemSourcedId", "none", 1)),
    ("marks.reference", "scoreScales.csv", 2, "courseSourcedId", _set("scoreScales", "courseSourcedId", "none")),
    (
        "marks.reference",
        "lineItemScoreScales.csv",
        2,
        "scoreScaleSourcedId",
        _set("lineItemScoreScales", "scoreScaleSourcedId", "none"),
    ),
    (
        "marks.gone",
        "lineItemScoreScales.csv",
        2,
        "scoreScaleSourcedId",
        _set("lineItemScoreScales", "lineItemSourcedId", "none"),
    ),
    ("marks.bounds", "lineItems.csv", 2, "resultValueMin", _set("lineItems", "resultValueMin", "101")),
    ("marks.score.bounds", "results.csv", 3, "score", _set("results", "score", "100.5", 1)),
    ("marks.text.scale", "results.csv", 2, "textScore", _set("results", "textScore", "Z")),
    ("marks.steps", "scoreScales.csv", 2, "scoreScaleValue", _set("scoreScales", "scoreScaleValue", "0-39:C")),
    ("marks.scale.values", "scoreScales.csv", 2, "scoreScaleValue", _set("scoreScales", "scoreScaleValue", "{9-1:C}")),
    (
        "marks.case.id",
        "lineItemLearningObjectiveIds.csv",
        2,
        "learningObjectiveId",
        _set("lineItemLearningObjectiveIds", "learningObjectiveId", "wa"),
    ),
    ("marks.scale.twice", "lineItemScoreScales.csv", 3, "lineItemSourcedId", _twice),
]


@pytest.mark.parametrize(
    ("code", "file", "row", "column", "damage"), FAULTS, ids=[f"{one[0]}-{one[3]}" for one in FAULTS]
)
def test_a_fault_is_found_where_it_stands(
    files: Files, take: Take, code: str, file: str, row: int, column: str, damage: Damage
) -> None:
    damage(files)
    taken = take(files)
    assert (code, file, row, column) in taken.places
    assert {one[0] for one in taken.places} == {code}


def test_a_result_of_who_is_no_pupil_of_the_class_is_found(files: Files, take: Take, town: object) -> None:
    files["results"][0]["studentSourcedId"] = Book(town).stranger.sourced_id  # type: ignore[arg-type]
    assert take(files).places == [("marks.pupil.class", "results.csv", 2, "studentSourcedId")]


def test_every_finding_has_words(files: Files, take: Take) -> None:
    for *_, damage in FAULTS:
        damaged = copy.deepcopy(files)
        damage(damaged)
        for finding in take(damaged).findings.list():
            assert finding.problem and finding.expected and finding.mend and "%(" not in str(finding)


def test_one_cause_is_one_finding(files: Files, take: Take) -> None:
    for row in files["results"]:
        row["lineItemSourcedId"] = "none"
    (finding,) = take(files).findings.list()
    assert finding.count == len(files["results"])


def test_a_change_is_taken_back_with_what_it_brought(files: Files, take: Take) -> None:
    from terakoya.roster.api import beside

    take(files, change=1)
    before = list(Result.objects.order_by("pk").values_list("score", "is_gone", "late"))
    files["results"][0]["score"] = "10"
    files["results"].pop()
    take(files, change=2)
    beside.undo(2, "clerk")
    assert list(Result.objects.order_by("pk").values_list("score", "is_gone", "late")) == before


def test_what_a_change_made_is_gone_once_it_is_taken_back(files: Files, take: Take) -> None:
    from terakoya.roster.api import beside

    take(files, change=1)
    beside.undo(1, "clerk")
    for model in (Category, ScoreScale, LineItem, Result):
        assert set(model.objects.values_list("is_gone", flat=True)) == {True}  # type: ignore[attr-defined]


def test_what_was_written_since_stays_when_a_change_is_taken_back(files: Files, take: Take) -> None:
    from terakoya.roster.api import beside

    take(files, change=1)
    api.put("result", api.Line("r0", {"score": 90.0}), source="marks")
    beside.undo(1, "clerk")
    row = Result.objects.get(sourced_id="r0")
    assert (row.score, row.is_gone) == (90.0, False)
