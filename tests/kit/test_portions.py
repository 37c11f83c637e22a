"""Many values, some at a time."""

from hypothesis import given
from hypothesis import strategies as st

from terakoya.kit.portions import portions


@given(st.lists(st.integers()), st.integers(1, 7))
def test_portions_are_the_values_in_their_order_and_never_too_many(values: list[int], size: int) -> None:
    parts = list(portions(values, size))
    assert [one for part in parts for one in part] == values
    assert all(0 < len(part) <= size for part in parts)
