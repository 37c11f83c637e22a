"""Steps of a score scale, as the standard writes them."""

from hypothesis import given
from hypothesis import strategies as st

from terakoya.gradebook import steps

numbers = st.integers(-1000, 1000)


@given(numbers, st.floats(-5000, 5000))
def test_a_single_value_is_the_lowest_of_its_step(lowest: int, score: float) -> None:
    assert steps.has_score([{"left": str(lowest), "right": "A"}], score) is (score >= lowest)


@given(numbers, numbers, st.floats(-5000, 5000))
def test_both_ends_of_a_range_are_within(one: int, other: int, score: float) -> None:
    lowest, highest = sorted((one, other))
    step = {"left": f"{lowest} - {highest}", "right": "A"}
    assert steps.has_score([step], score) is (lowest <= score <= highest)


@given(st.text())
def test_any_left_side_is_read(left: str) -> None:
    bounds = steps.bounds_of(left)
    assert bounds is None or isinstance(bounds[0], float)


def test_a_scale_of_letters_takes_every_score() -> None:
    assert steps.has_score([{"left": "A", "right": "5"}], 3.5)


def test_a_word_may_be_of_either_side() -> None:
    scale = [{"left": "A", "right": "5"}]
    assert [steps.has_word(scale, word) for word in ("A", "5", "B")] == [True, True, False]
