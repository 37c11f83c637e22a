"""Each repair: what it mends, what it leaves alone, and that a mended value needs no second repair."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from terakoya.roster.tables import class_names, columns, days, repairs
from terakoya.roster.tables.repairs import Unreadable

ELEMENTARY = [f"P{year}" for year in range(1, 7)]
NINE_YEARS = [*ELEMENTARY, "J1", "J2", "J3"]
FULL_WIDTH = str.maketrans("0123456789./-", "０１２３４５６７８９．／－")
DAYS = some.dates(date(1868, 10, 23), date(2099, 1, 1))


def names_of(one: repairs.Repaired) -> list[str]:
    return [repair.name for repair in one.repairs]


# --- dates ---


@pytest.mark.parametrize(
    "written",
    [
        "R8.4.1",
        "令和8年4月1日",
        "Ｒ８．４．１",
        "r8/4/1",
        "2026/4/1",
        "2026年4月1日",
        "20260401",
        46113,
        "46113",
        "2026-04-01",
    ],
)
def test_the_ways_in_which_a_day_is_written(written: object) -> None:
    assert days.day(written).value == date(2026, 4, 1)  # type: ignore[arg-type]


def test_the_first_year_of_an_era_is_called_so() -> None:
    assert days.day("平成元年1月8日").value == date(1989, 1, 8)


@pytest.mark.parametrize(
    "written",
    ["H31.5.1", "R1.4.30", "8.4.1", "26/4/1", "2026/2/29", "R8.13.1", "R0.5.1", "5月1日", "不明", "9.01E+10", "3"],
)
def test_a_day_that_is_none_or_not_certain_is_refused(written: str) -> None:
    with pytest.raises(Unreadable, match=r"cell\.day"):
        days.day(written)


@given(DAYS)
def test_every_day_by_era_is_read_back(day: date) -> None:
    era = next(one for one in columns.ERAS if one.first <= day <= (one.last or date.max))
    year = day.year - era.first.year + 1
    for written in (f"{era.letter}{year}.{day.month}.{day.day}", f"{era.name}{year}年{day.month}月{day.day}日"):
        assert days.day(written).value == day
        assert days.day(written.translate(FULL_WIDTH)).value == day


@given(some.integers(10_000, 79_999))
def test_every_serial_number_is_its_day(number: int) -> None:
    mended = days.day(number)
    assert mended.value == date(1899, 12, 30) + timedelta(days=number)
    assert names_of(mended) == ["serial"]


@given(DAYS)
def test_a_real_day_needs_no_repair(day: date) -> None:
    assert days.day(day.isoformat()) == repairs.Repaired(day)
    assert days.day(datetime(day.year, day.month, day.day)) == repairs.Repaired(day)


def test_a_workbook_of_1904_counts_from_another_day() -> None:
    assert days.day(44651, zero=date(1904, 1, 1)).value == date(2026, 4, 1)


@given(some.text())
def test_any_text_is_a_day_or_is_refused(text: str) -> None:
    try:
        assert isinstance(days.day(text).value, date)
    except Unreadable as refusal:
        assert refusal.code == "cell.day"


# --- names and readings ---


@given(some.text(some.characters(exclude_categories=["Co", "Cs"]), max_size=40))
def test_a_mended_text_needs_no_second_repair(text: str) -> None:
    mended = repairs.text(text)
    assert repairs.text(mended.value) == repairs.Repaired(mended.value)


@given(some.text(some.characters(exclude_categories=["Co", "Cs"]), max_size=40))
def test_each_repair_begins_where_the_one_before_ended(text: str) -> None:
    at = text
    for repair in repairs.reading(text).repairs:
        assert repair.before == at
        assert repair.after != repair.before
        at = repair.after
    assert at == repairs.reading(text).value


@pytest.mark.parametrize("name", ["髙橋 一郎", "山﨑 花", "𠮷田 光", "葛\U000e0100 進", "①Ⅲ", "～", "ｶﾞ"[:0] or "邉"])
def test_characters_of_names_stay_as_they_are(name: str) -> None:
    assert repairs.text(name) == repairs.Repaired(name)


def test_spaces_between_names_become_one() -> None:
    mended = repairs.text("　山田　 太郎 ")
    assert (mended.value, names_of(mended)) == ("山田 太郎", ["spaces"])


def test_a_reading_is_katakana_in_whichever_kana_it_came() -> None:
    assert {repairs.reading(one).value for one in ("やまだ", "ﾔﾏﾀﾞ", "ヤマダ")} == {"ヤマダ"}


@pytest.mark.parametrize("dash", ["-", "－", "―", "‐", "−"])
def test_a_dash_after_kana_is_the_long_vowel(dash: str) -> None:
    assert repairs.reading(f"リ{dash}").value == "リー"


def test_a_character_of_one_place_only_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"cell\.own_character"):
        repairs.text("山\ue000")


def test_a_name_is_parted_only_at_a_space() -> None:
    assert repairs.name_parts("山田 太郎") == ("山田", "太郎")
    assert repairs.name_parts("山田太郎") is None


# --- years, classes, numbers ---


@pytest.mark.parametrize("written", ["5", "５年", "小5", "第5学年", "五年", "P5", 5, 5.0, "5年生", "小学校5年"])
def test_the_ways_in_which_a_year_of_school_is_written(written: object) -> None:
    assert class_names.grade(written, ELEMENTARY).value == "P5"  # type: ignore[arg-type]


def test_a_school_of_nine_years_counts_on() -> None:
    assert [class_names.grade(str(year), NINE_YEARS).value for year in (1, 6, 7, 9)] == ["P1", "P6", "J1", "J3"]


@pytest.mark.parametrize("written", ["7", "0", "中1", "A", "", "10", "五六"])
def test_a_year_that_the_school_does_not_have_is_refused(written: str) -> None:
    with pytest.raises(Unreadable, match=r"cell\.grade"):
        class_names.grade(written, ELEMENTARY)


@pytest.mark.parametrize(
    ("written", "name"), [("1", "1"), ("１組", "1"), ("01", "1"), ("A組", "A"), ("ひまわり学級", "ひまわり")]
)
def test_a_class_has_its_name_within_the_year(written: str, name: str) -> None:
    assert class_names.section(written).value == name


@pytest.mark.parametrize("written", ["1-2", "１－２", "1年2組", "1ー2", date(2026, 1, 2), datetime(2026, 1, 2)])
def test_a_class_written_as_one_also_when_it_was_taken_for_a_date(written: object) -> None:
    assert class_names.grade_section(written, ELEMENTARY).value == ("P1", "2")  # type: ignore[arg-type]


@pytest.mark.parametrize(("written", "number"), [("７", 7), ("7番", 7), (7.0, 7), ("007", 7)])
def test_attendance_numbers(written: object, number: int) -> None:
    assert repairs.integer(written).value == number  # type: ignore[arg-type]


# --- telephone numbers and identifiers ---


@pytest.mark.parametrize("written", ["9012345678", 9012345678, 9012345678.0])
def test_a_telephone_number_gets_its_zero_back(written: object) -> None:
    mended = repairs.phone(written)  # type: ignore[arg-type]
    assert (mended.value, names_of(mended)) == ("09012345678", ["leading_zeros"])


def test_a_telephone_number_that_was_rounded_away_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"cell\.phone_lost"):
        repairs.phone("9.01E+10")


def test_identifiers_get_the_zeros_back_that_others_of_the_column_show() -> None:
    assert [one.value for one in repairs.zero_filled(["0012", "13", "A4"])] == ["0012", "0013", "A4"]
    assert [one.value for one in repairs.zero_filled(["12", "13"])] == ["12", "13"]


@given(some.lists(some.integers(0, 99_999), min_size=1))
def test_zeros_that_a_spreadsheet_took_come_back(numbers: list[int]) -> None:
    written = ["00001", *(f"{number:05}" for number in numbers)]
    taken = ["00001", *(str(number) for number in numbers)]
    assert [one.value for one in repairs.zero_filled(taken)] == written


@pytest.mark.parametrize(
    ("word", "value"), [("男", "male"), ("女子", "female"), ("１", "male"), ("2", "female"), ("F", "female")]
)
def test_words_for_the_sex(word: str, value: str) -> None:
    assert repairs.word(word, columns.SEXES, "cell.sex").value == value
