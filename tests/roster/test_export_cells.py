import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.roster.adapters.oneroster.exporting.cells import HALF_WIDTH, paired, widened


@pytest.mark.parametrize(
    ("text", "wide"), [("ﾊﾅｺ", "ハナコ"), ("ｶﾞｯﾂ", "ガッツ"), ("ﾞ", "゛"), ("山田ABC", "山田ABC"), ("ﾊﾟﾊﾟ｡", "パパ。")]
)
def test_half_width_katakana_become_full_width(text: str, wide: str) -> None:
    assert widened(text) == wide


@given(st.text("ｱｶﾊﾞﾟ｡ー山aガ", max_size=12))
def test_what_is_wide_stays_so_and_nothing_half_width_is_left(text: str) -> None:
    wide = widened(text)
    assert widened(wide) == wide
    assert not HALF_WIDTH.search(wide)


@pytest.mark.parametrize(
    ("names", "codes", "told"),
    [
        ("国語", "J010", ("国語", "J010")),
        ("国語,社会", "J010,J020", ("国語,社会", "J010,J020")),
        ("国語,社会", "J010", ("", "")),
        ("国語", "", ("", "")),
        ("", "", ("", "")),
    ],
)
def test_subjects_are_told_with_as_many_codes_or_not_at_all(names: str, codes: str, told: tuple[str, str]) -> None:
    assert paired(names, codes) == told
