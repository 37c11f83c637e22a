import pytest
from hypothesis import given, strategies

from terakoya.standards import codes

VALID = ("B101210000009", "B113210000005", "A101210000010", "E139390000026", "H239390000083")


@pytest.mark.parametrize("code", VALID)
def test_published_school_codes_are_valid(code: str) -> None:
    assert codes.is_school_code(code)


@pytest.mark.parametrize(
    "code", ["B113210000001", "B113210000005 ", "b113210000005", "A313210000005", "B14821000000", ""]
)
def test_other_codes_are_not(code: str) -> None:
    assert not codes.is_school_code(code)


@given(strategies.sampled_from(VALID), strategies.integers(4, 11), strategies.integers(1, 9))
def test_one_wrong_digit_is_always_found(code: str, place: int, by: int) -> None:
    wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
    assert not codes.is_school_code(wrong)


@pytest.mark.parametrize(("five", "digit"), [("13101", "6"), ("01100", "2"), ("27100", "4"), ("47201", "8")])
def test_municipality_check_digit(five: str, digit: str) -> None:
    assert codes.municipality_check_digit(five) == digit


def test_board_codes_begin_with_zero_to_four() -> None:
    assert codes.is_board_code("131016")
    assert not codes.is_board_code("531016")
    assert not codes.is_board_code("13101")
