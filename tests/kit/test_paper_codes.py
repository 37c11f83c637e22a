from hypothesis import assume, given
from hypothesis import strategies as st

from terakoya.kit import paper_codes as codes

bodies = st.text(alphabet=codes.ALPHABET, min_size=codes.LENGTH, max_size=codes.LENGTH)


@given(bodies)
def test_code_survives_being_printed_and_typed(body: str) -> None:
    code = body + codes.check_character(body)
    assert codes.normal(f" {codes.grouped(code).lower()} ") == code


@given(bodies, st.integers(0, 8), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_found(body: str, place: int, wrong: str) -> None:
    code = body + codes.check_character(body)
    assume(code[place] != wrong)
    assert codes.normal(code[:place] + wrong + code[place + 1 :]) is None


@given(bodies, st.integers(0, 7))
def test_two_swapped_characters_are_found(body: str, place: int) -> None:
    code = body + codes.check_character(body)
    assume(code[place] != code[place + 1])
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.normal(swapped) is None


@given(st.text(max_size=30))
def test_any_typed_text_is_a_code_or_none(typed: str) -> None:
    code = codes.normal(typed)
    assert code is None or len(code) == codes.LENGTH + 1


def test_full_width_code_is_understood() -> None:
    code = codes.new_code()
    full_width = "".join(chr(ord(char) + 0xFEE0) for char in code)
    assert codes.normal(full_width) == code


def test_alphabet_has_no_characters_that_look_alike() -> None:
    assert not set(codes.ALPHABET) & set("0O1IL2Z5S8BUV")
    assert len(set(codes.ALPHABET)) == 23
