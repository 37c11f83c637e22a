"""The official lists in the node's tables, and what is noted of a code that they do not have."""

from datetime import date

import openpyxl
import pytest

from terakoya.roster import api, code_lists
from terakoya.roster.models import ListedMunicipality, ListedSchool
from terakoya.roster.tables.reading import Refused
from terakoya.standards import codes

from ..packages import Package
from .tables import saved, text, workbook

pytestmark = pytest.mark.django_db
DAY = date(2026, 5, 1)
HEADINGS = list(codes.COLUMNS["schools"].values())
SCHOOL = [
    "B101210000009",
    "B1(小)",
    "01(北海道)",
    "2(公)",
    "1(本)",
    "若葉小学校",
    "若葉市",
    "0600001",
    "2020/12/22",
    "",
    "",
    "",
]
GONE = [
    "B113210000005",
    "B1(小)",
    "13(東京)",
    "2(公)",
    "9(廃)",
    "旧若葉小",
    "東京都",
    "",
    "2020/12/22",
    "2026/4/1",
    "",
    "",
]
TOWNS = ["団体コード", "都道府県名（漢字）", "市区町村名（漢字）", "都道府県名（カナ）", "市区町村名（カナ）"]


def towns(*leave_out: str) -> bytes:
    """A whole list: every prefecture, and one town."""
    rows = [[number + "000", name.ja, "", "", ""] for number, name in codes.LISTS["prefecture"].items()]
    rows += [["13101", "東京都", "千代田区", "ﾄｳｷｮｳﾄ", "ﾁﾖﾀﾞｸ"]]
    right = [[row[0] + codes.municipality_check_digit(row[0]), *row[1:]] for row in rows]
    return workbook([TOWNS, *(row for row in right if row[0] not in leave_out)])


@pytest.mark.parametrize("data", [workbook([["学校コード"], HEADINGS, SCHOOL, GONE]), text([HEADINGS, SCHOOL, GONE])])
def test_the_list_of_schools_is_loaded_and_loading_it_again_changes_nothing(data: bytes) -> None:
    loaded = code_lists.load_codes(data, DAY)
    assert (loaded.kind, loaded.codes, loaded.new, loaded.gone, loaded.wrong) == ("schools", 2, 2, 1, ())
    assert code_lists.load_codes(data, DAY).new == 0
    assert ListedSchool.objects.get(code="B101210000009").name == "若葉小学校"


def test_a_code_that_has_ended_is_noted() -> None:
    code_lists.load_codes(text([HEADINGS, SCHOOL, GONE]), DAY)
    assert code_lists.of_school("B113210000005") == ("school.code_gone", {"day": "2026-04-01"})
    assert code_lists.of_school("B101210000009") is None


def test_an_invented_code_is_noted_where_the_list_has_its_prefecture() -> None:
    code_lists.load_codes(text([HEADINGS, SCHOOL]), DAY)
    invented = "B10121999999"
    assert code_lists.of_school(invented + codes.school_check_digit(invented)) == ("school.code_unlisted", {})
    assert code_lists.of_school("E139390000026") is None  # of a part of the list that was not loaded
    assert code_lists.of_school("B101210000008") == ("school.code", {})


def test_municipalities_that_a_whole_list_lacks_have_ended() -> None:
    assert code_lists.load_codes(towns(), DAY).new == 48
    assert code_lists.of_board("131016") is None
    assert code_lists.load_codes(towns("131016"), date(2027, 5, 1)).gone == 1
    assert ListedMunicipality.objects.get(code="131016").gone_on == date(2027, 5, 1)
    assert code_lists.of_board("131016") == ("board.code_unlisted", {})


def test_a_wrong_check_digit_of_a_board_is_noted_without_any_list() -> None:
    assert code_lists.of_board("131017") == ("board.code_unlisted", {})
    assert code_lists.of_board("531016") == ("board.code", {})


def test_a_large_list_is_within_the_limits() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADINGS)
    for number in range(1, 21_000):
        stem = f"B1012{1_000_000 + number}"
        sheet.append([stem + codes.school_check_digit(stem), *SCHOOL[1:]])
    assert code_lists.load_codes(saved(book), DAY).new == 20_999


def test_a_file_that_is_no_list_is_refused() -> None:
    with pytest.raises(Refused):
        code_lists.load_codes(b"\xd0\xcf\x11\xe0", DAY)
    assert not ListedSchool.objects.exists()


def test_the_command_line_tells_what_came_of_it() -> None:
    from terakoya.node import code_lists as told

    data = text([HEADINGS, SCHOOL, ["B101210000008", *SCHOOL[1:]]])
    assert told.tell(data, DAY) == "schools: 1 codes, 1 new, 0 have ended; rows without a right code: 3"


def test_a_board_of_an_association_is_in_no_list() -> None:
    code_lists.load_codes(towns(), DAY)
    assert code_lists.of_board("13811" + codes.municipality_check_digit("13811")) is None


def test_an_import_notes_a_code_that_has_ended_and_takes_the_package(package: Package) -> None:
    code = package.value("orgs", package.rows_with("orgs", "type", "school")[0], "identifier")
    gone = [
        code,
        f"{code[:2]}(x)",
        f"{code[2:4]}(x)",
        "2(公)",
        "9(廃)",
        "旧校",
        "",
        "",
        "2020/12/22",
        "2026/4/1",
        "",
        "",
    ]
    code_lists.load_codes(text([HEADINGS, gone]), DAY)
    report = api.import_package(package.file(), by="clerk", dry_run=True)
    assert [one.found for one in report.notes if one.code == "school.code_gone"] == [code]
