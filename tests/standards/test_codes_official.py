"""The ministries' lists in their layouts, and what is right and wrong in them."""

from datetime import date, datetime

import pytest

from terakoya.standards import codes, codes_official
from terakoya.standards.codes_official import NoOfficialList

SCHOOL_HEADINGS = list(codes.COLUMNS["schools"].values())
SCHOOL = [
    "B101210000009", "B1(小学校)", "01(北海道)", "2(公)", "1(本)", "若葉小学校", "北海道若葉市1", "0600001",
    "2020/12/22", None, "010001", None,
]  # fmt: skip
GONE = [
    "B113210000005", "B1(小学校)", "13(東京都)", "2(公)", "9(廃)", "旧若葉小学校", "東京都", 1000001.0,
    datetime(2020, 12, 22), "2026/04/01", "", "B101210000009",
]  # fmt: skip
TOWNS = [
    ["団体コード", "都道府県名\n（漢字）", "市区町村名\n（漢字）", "都道府県名\n（カナ）", "市区町村名\n（カナ）"],
    ["010006", "北海道", None, "ﾎｯｶｲﾄﾞｳ", None],
    [11002, "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ"],
]
WARDS = [TOWNS[0], ["011011", "北海道", "札幌市中央区", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼﾁｭｳｵｳｸ"]]


def test_the_list_of_schools_below_its_title() -> None:
    found = codes_official.read([[["学校コード一覧"], SCHOOL_HEADINGS, SCHOOL, GONE]])
    first, second = found.rows
    assert (found.kind, found.wrong) == ("schools", [])
    assert (first["code"], first["kind"], first["prefecture"], first["establishment"]) == (
        "B101210000009",
        "B1",
        "01",
        "2",
    )
    assert (first["set_on"], first["gone_on"]) == (date(2020, 12, 22), None)
    assert (second["gone_on"], second["successor"]) == (date(2026, 4, 1), "B101210000009")
    assert second["postal_code"] == "1000001"


def test_a_school_code_with_a_wrong_digit_is_told_by_its_row() -> None:
    wrong = ["B101210000008", *SCHOOL[1:]]
    assert codes_official.read([[SCHOOL_HEADINGS, SCHOOL, wrong]]).wrong == [3]


def test_headings_with_line_breaks_are_the_same_headings() -> None:
    headings = ["学校\nコード", *SCHOOL_HEADINGS[1:]]
    assert len(codes_official.read([[headings, SCHOOL]]).rows) == 1


def test_municipalities_of_both_sheets_with_lost_zeros() -> None:
    found = codes_official.read([TOWNS, WARDS])
    assert [row["code"] for row in found.rows] == ["010006", "011002", "011011"]
    assert found.rows[1]["kana"] == "サッポロシ"
    assert found.rows[0]["name"] == ""


def test_another_table_is_no_official_list() -> None:
    with pytest.raises(NoOfficialList):
        codes_official.read([[["学年", "組", "氏名"], ["1", "1", "山田"]]])


@pytest.mark.parametrize("code", ["010006", "131016", "472018"])
def test_codes_of_local_governments(code: str) -> None:
    assert codes.is_municipality_code(code)
    assert not codes.is_municipality_code(code[:5] + str((int(code[5]) + 1) % 10))
    assert codes.prefecture_of(code) == code[:2]


def test_a_code_of_a_short_list_holds_from_its_day() -> None:
    assert codes.named("school_type", "C2", date(2016, 3, 31)) is None
    held = codes.named("school_type", "C2", date(2016, 4, 1))
    assert held is not None
    assert held.ja == "義務教育学校"
    assert codes.named("grade", "P7") is None


def test_the_short_lists_are_those_of_the_checks() -> None:
    assert set(codes.LISTS["school_type"]) == codes.SCHOOL_TYPES
    assert list(codes.LISTS["prefecture"]) == [f"{number:02}" for number in range(1, 48)]
