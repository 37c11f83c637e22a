import pytest

from terakoya.standards import course_of_study
from terakoya.standards.course_of_study import ITEMS, SUBJECTS


def test_each_code_has_16_letters_and_digits_and_its_own_row() -> None:
    assert all(course_of_study.is_code(code) and code == item.code for code, item in ITEMS.items())
    assert len(ITEMS) > 100


def test_each_item_is_of_a_known_subject_of_its_kind_of_school() -> None:
    assert all(item.subject in SUBJECTS and item.subject[0] == item.grade[0] for item in ITEMS.values())


def test_each_kanji_of_a_title_has_a_reading() -> None:
    for named in [*ITEMS.values(), *SUBJECTS.values()]:
        outside = course_of_study._READING.sub("", named.reading)
        assert not any("一" <= sign <= "龯" for sign in outside), named


def test_plain_titles_have_no_marks() -> None:
    assert not any(set("｜《》") & set(item.ja + item.en) for item in ITEMS.values())


@pytest.mark.parametrize("text", ["", "8230105320000000 ", "823010532000000", "82301053200000-0", "８230105320000000"])
def test_what_is_no_code_is_seen(text: str) -> None:
    assert not course_of_study.is_code(text)


def test_items_are_those_of_the_subject_and_grade() -> None:
    found = course_of_study.items_of("P030", "P5")
    assert found and {(item.subject, item.grade) for item in found} == {("P030", "P5")}


def test_the_lower_grades_have_two_subjects_and_the_upper_four() -> None:
    assert course_of_study.subjects_in("P1") == ("P010", "P030")
    assert course_of_study.subjects_in("P5") == ("P010", "P030", "P040", "P100")
