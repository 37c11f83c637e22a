from hypothesis import given
from hypothesis import strategies as st

from terakoya.ui import notation
from terakoya.ui.api import without_readings

RUBY = "<ruby>分数<rp>（</rp><rt>ぶんすう</rt><rp>）</rp></ruby>"
NOTED = "｜分数《ぶんすう》"
kana = st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x3096), min_size=1, max_size=6)
kanji = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=4)


def test_text_of_a_page_gets_ruby() -> None:
    assert notation.ruby(f"<p>{NOTED}の計算</p>") == f"<p>{RUBY}の計算</p>"


def test_attributes_keep_the_base_alone() -> None:
    html = f'<a title="{NOTED}" href="/a?b=1">{NOTED}</a>'
    assert notation.ruby(html) == f'<a title="分数" href="/a?b=1">{RUBY}</a>'


def test_a_greater_sign_in_an_attribute_does_not_end_it() -> None:
    assert notation.ruby(f'<a title="1 > 0 {NOTED}">x</a>') == '<a title="1 > 0 分数">x</a>'


def test_elements_that_hold_text_only_keep_the_base_alone() -> None:
    for name in ("title", "option", "textarea"):
        assert notation.ruby(f"<{name}>{NOTED}</{name}>") == f"<{name}>分数</{name}>"


def test_title_in_capitals_is_a_title() -> None:
    assert notation.ruby(f"<TITLE>{NOTED}</TITLE>") == "<TITLE>分数</TITLE>"


def test_quotation_marks_without_a_base_stay() -> None:
    assert notation.ruby("<p>《重要》</p>") == without_readings("<p>《重要》</p>") == "<p>《重要》</p>"


def test_a_reading_never_takes_in_elements() -> None:
    html = "<p>｜<b>分数</b>《ぶんすう》</p>"
    assert notation.ruby(html) == html


def test_name_gets_the_reading_part_by_part_in_hiragana() -> None:
    assert notation.with_reading("髙橋 美月", "タカハシ ミヅキ") == "｜髙橋《たかはし》 ｜美月《みづき》"


def test_part_that_is_its_own_reading_stays_bare() -> None:
    assert notation.with_reading("森 はると", "モリ ハルト") == "｜森《もり》 はると"


def test_parts_that_do_not_match_share_one_reading() -> None:
    assert notation.with_reading("田中美咲", "タナカ ミサキ") == "｜田中美咲《たなか みさき》"


def test_name_without_kana_is_never_guessed() -> None:
    assert notation.with_reading("渡邉 結", "") == "渡邉 結"


def test_name_cannot_smuggle_notation() -> None:
    assert notation.with_reading("｜山《やま》", "") == "山やま"


@given(st.lists(st.tuples(kanji, kana), max_size=5))
def test_stripped_text_is_the_bases(pairs: list[tuple[str, str]]) -> None:
    noted = "".join(f"｜{base}《{reading}》" for base, reading in pairs)
    assert without_readings(noted) == "".join(base for base, _reading in pairs)


@given(st.text())
def test_no_text_breaks_the_writer(text: str) -> None:
    assert notation.ruby(without_readings(text)) == without_readings(text)


@given(kanji, kana, st.text(st.characters(exclude_characters="<>&\"'｜《》"), max_size=20))
def test_everything_around_a_reading_is_left_as_it_was(base: str, reading: str, around: str) -> None:
    html = notation.ruby(f"<p>{around}｜{base}《{reading}》{around}</p>")
    assert html == f"<p>{around}<ruby>{base}<rp>（</rp><rt>{reading}</rt><rp>）</rp></ruby>{around}</p>"
