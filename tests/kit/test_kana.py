import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.kit.kana import folded, scripts

HIRAGANA = st.text(st.sampled_from([chr(code) for code in range(0x3041, 0x3097)] + ["ー"]), min_size=1)


@pytest.mark.parametrize("word", ["がっぴー", "ガッピー", "ｶﾞｯﾋﾟｰ"])
def test_a_word_of_kana_is_given_in_all_three_scripts(word: str) -> None:
    assert scripts(word) == ["ガッピー", "がっぴー", "ｶﾞｯﾋﾟｰ"]


@pytest.mark.parametrize("word", ["山田", "山だ", "Yamada", "5-2", ""])
def test_any_other_word_stays_as_it_is(word: str) -> None:
    assert scripts(word) == [word]


@given(HIRAGANA)
def test_the_scripts_of_a_word_are_those_of_each_of_them(word: str) -> None:
    katakana, hiragana, half = scripts(word)
    assert hiragana == word and folded(half) == folded(katakana)
    assert scripts(katakana) == [katakana, hiragana, half]


def test_letters_and_digits_get_their_usual_width() -> None:
    assert folded("Ｙａｍａｄａ　５－２ ﾔﾏﾀﾞ") == "Yamada 5-2 ヤマダ"
