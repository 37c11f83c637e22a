"""Where the header of a table is, and what its columns mean."""

import pytest

from terakoya.roster.tables import columns, headers
from terakoya.roster.tables.reading import Sheet

NAMES = ["学年", "組", "番号", "氏名"]


def sheet(*rows: list[str | None]) -> Sheet:
    width = max(len(row) for row in rows)
    return Sheet("", [[*row, *[None] * (width - len(row))] for row in rows])


@pytest.mark.parametrize("above", [0, 1, 5, 19])
def test_the_header_is_found_below_whatever_stands_above(above: int) -> None:
    found = headers.found(sheet(*[["令和8年度 名簿"]] * above, NAMES, ["1", "1", "1", "山田 太郎"]), "pupils")
    assert found is not None
    assert (found.row, list(found.headings)) == (above + 1, NAMES)


def test_a_table_without_known_headings_has_none() -> None:
    assert headers.found(sheet(["あ", "い"], ["う", "え"]), "pupils") is None


def test_of_two_rows_both_together_name_a_column() -> None:
    upper = ["学年", "組", "氏名", "氏名", "保護者", "保護者"]
    lower = ["学年", "組", "姓", "名", "氏名", "カナ"]
    found = headers.found(sheet(["名簿"], upper, lower, ["1", "1", "山田", "太郎", "山田 花", "ヤマダ ハナ"]), "pupils")
    assert found is not None
    assert found.row == 3
    assert columns.proposal(found.headings, "pupils") == {
        "grade": 0,
        "section": 1,
        "family": 2,
        "given": 3,
        "guardian_name": 4,
        "guardian_kana": 5,
    }


def test_the_first_row_of_pupils_is_no_part_of_the_header() -> None:
    found = headers.found(sheet(NAMES, ["1", "1", "1", "山田 太郎"]), "pupils")
    assert found is not None
    assert found.row == 1


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("氏　名", "name"),
        ("ｼﾒｲ", None),
        ("ﾌﾘｶﾞﾅ", "kana"),
        ("出席\n番号", "number"),
        ("生年月日（和暦）", "birth_date"),
        ("ＴＥＬ", "phone"),
        ("No.", "number"),
        ("(学年)", None),
        ("", None),
    ],
)
def test_a_heading_is_known_whatever_its_width_and_spaces(heading: str, field: str | None) -> None:
    assert columns.field_called(heading, "pupils") == field


def test_one_name_means_what_the_kind_of_table_makes_of_it() -> None:
    assert columns.field_called("氏名", "pupils") == "name"
    assert columns.field_called("氏名", "guardians") == "child_name"
    assert columns.field_called("職名", "pupils") is None


def test_a_field_is_proposed_once() -> None:
    assert columns.proposal(["氏名", "名前"], "pupils") == {"name": 0}


def test_every_heading_that_is_written_is_understood() -> None:
    for kind in columns.KINDS:
        for name in columns.fields_of(kind):
            assert columns.field_called(columns.HEADINGS[name], kind) == name


def test_what_a_kind_of_table_needs() -> None:
    assert columns.missing({"name": 0, "grade_section": 1}, "pupils") == []
    assert columns.missing({"name": 0, "grade": 1}, "pupils") == [["section", "grade_section"]]


def test_a_set_of_headings_is_the_same_whatever_their_width() -> None:
    one, other = headers.Header(1, ("氏名", "No")), headers.Header(5, ("氏　名", "Ｎｏ．"))
    assert one.digest == other.digest != headers.Header(1, ("No", "氏名")).digest
