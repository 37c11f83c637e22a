import pytest
from pytest_django import Settings

from terakoya.ui import notation
from terakoya.ui.known_words import FILE, Words, known_words


def read(html: str) -> str:
    """The page as it is heard: every base with its reading behind it."""
    return notation.ruby(html, known_words()).replace("<rp>（</rp>", "").replace("<rp>）</rp>", "")


def test_a_word_of_data_gets_its_reading() -> None:
    assert read("<p>ひばり小学校</p>") == "<p>ひばり<ruby>小学校<rt>しょうがっこう</rt></ruby></p>"


def test_the_longest_word_wins() -> None:
    words = Words(["｜学校《がっこう》", "｜小学校《しょうがっこう》"])
    assert "しょうがっこう" in notation.ruby("小学校", words)
    assert "がっこう" in notation.ruby("学校", words)


def test_years_and_classes_are_read_only_behind_a_number() -> None:
    assert "くみ" in read("<p>5年2組</p>")
    assert read("<p>去年の組</p>") == "<p>去年の組</p>"


def test_what_a_text_brings_itself_stays_as_it_is() -> None:
    assert (
        notation.ruby("｜学校《まなびや》", known_words()) == "<ruby>学校<rp>（</rp><rt>まなびや</rt><rp>）</rp></ruby>"
    )


@pytest.mark.parametrize(
    "html", ['<a title="学校">x</a>', "<option>学校</option>", "<title>学校</title>", "<!-- 学校 -->"]
)
def test_places_that_hold_text_only_get_none(html: str) -> None:
    assert notation.ruby(html, known_words()) == html


def test_a_node_knows_the_names_of_its_place(settings: Settings) -> None:
    settings.READINGS = "｜若葉市《わかばし》"
    assert "わかばし" in read("<p>若葉市</p>")


def test_every_line_of_the_file_is_one_word_with_a_reading() -> None:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ") and line]
    assert len(lines) == len(set(lines)) > 50
    for line in lines:
        assert notation.OPEN in line and " " not in line and notation.strip(line) != line, line
