"""A score is accepted exactly when it lies where its line item and its scale say: any numbers."""

from hypothesis import given
from hypothesis import strategies as st

from terakoya.gradebook import rules
from terakoya.gradebook.models import AssessmentLineItem, AssessmentResult, ScoreScale
from terakoya.gradebook.rules import Around

numbers = st.floats(-1e6, 1e6)
bounds = st.none() | numbers


@given(numbers, bounds, bounds)
def test_a_score_is_refused_exactly_when_it_lies_outside_the_bounds(
    score: float, lowest: float | None, highest: float | None
) -> None:
    item = AssessmentLineItem(sourced_id="i", title="x", minimum=lowest, maximum=highest)
    result = AssessmentResult(sourced_id="r", item=item, score=score)
    outside = (lowest is not None and score < lowest) or (highest is not None and score > highest)
    assert [fault.code for fault in rules.faults(result, Around())] == (["score.bounds"] if outside else [])


@given(bounds, bounds)
def test_bounds_are_refused_exactly_when_they_are_the_wrong_way_round(
    lowest: float | None, highest: float | None
) -> None:
    item = AssessmentLineItem(sourced_id="i", title="x", minimum=lowest, maximum=highest)
    wrong = lowest is not None and highest is not None and lowest > highest
    assert [fault.code for fault in rules.faults(item, Around())] == (["bounds"] if wrong else [])


@given(st.integers(0, 100), st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=1))
def test_a_score_is_refused_exactly_when_it_is_on_no_step(score: int, ranges: list[tuple[int, int]]) -> None:
    values = [{"left": f"{min(one)} - {max(one)}", "right": "A"} for one in ranges]
    scale = ScoreScale(sourced_id="s", values=values)
    item = AssessmentLineItem(sourced_id="i", title="x", scale=scale)
    result = AssessmentResult(sourced_id="r", item=item, score=float(score))
    off = not any(min(one) <= score <= max(one) for one in ranges)
    assert [fault.code for fault in rules.faults(result, Around())] == (["score.scale"] if off else [])
