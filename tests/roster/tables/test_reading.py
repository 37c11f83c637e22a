"""Files as they come: encodings, delimiters, workbooks with titles and merged cells, and files that do harm."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import openpyxl
import pytest

from terakoya.roster.tables import reading
from terakoya.roster.tables.reading import Refused

from .tables import saved, text, workbook

ROWS = [["学年", "氏名"], ["1", "髙橋 ①"], ["2", "山﨑 Ⅲ"], ["3", "～－"]]


def cells(data: bytes) -> list[list[object]]:
    return [list(row) for row in reading.read(data).sheets[0].rows]


def rewritten(data: bytes, name: str, part: bytes) -> bytes:
    """A workbook with one part put in or replaced."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            if one != name:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return made.getvalue()


@contextmanager
def refused(code: str) -> Iterator[dict[str, object]]:
    """The file is refused for this reason; the details of the refusal."""
    details: dict[str, object] = {}
    with pytest.raises(Refused) as refusal:
        yield details
    assert refusal.value.code == code
    details.update(refusal.value.details)


@pytest.mark.parametrize("encoding", ["cp932", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_text_of_commas_or_tabs_in_either_encoding(encoding: str, delimiter: str) -> None:
    assert cells(text(ROWS, encoding, delimiter)) == ROWS


def test_a_title_without_delimiter_above_tabs_is_a_row() -> None:
    data = "1年1組 名簿\r\n".encode("cp932") + text(ROWS, delimiter="\t")
    assert cells(data)[1:] == ROWS


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x00", b"\x80\xff\xa0", "名前".encode("utf-16")])
def test_text_in_neither_encoding_is_refused(data: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        reading.read(data)
    assert refusal.value.code in ("table.encoding", "table.unknown")


def test_a_quotation_mark_left_open_is_refused_with_its_row() -> None:
    with refused("table.quotes") as details:
        reading.read('学年,氏名\r\n1,"山田'.encode())
    assert details == {"row": 2}


def test_merged_cells_say_the_same_in_all_their_cells() -> None:
    data = workbook([["保護者", None], ["氏名", "電話"]], merged=["A1:B1"])
    assert cells(data)[0] == ["保護者", "保護者"]


def test_empty_rows_at_the_end_are_not_counted() -> None:
    assert len(cells(workbook([*ROWS, [], []]))) == len(ROWS)


def test_sheets_without_anything_are_not_there() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(ROWS)))
    book.create_sheet("Sheet2")
    assert [one.name for one in reading.read(saved(book)).sheets] == ["名簿"]


def test_a_formula_gives_what_it_last_showed_and_never_its_text() -> None:
    assert cells(workbook([["学年", "氏名"], ["1", "=1+1"]])) == [["学年", "氏名"], ["1", None]]


@pytest.mark.parametrize(
    ("name", "note"), [("xl/vbaProject.bin", "table.macros"), ("xl/externalLinks/externalLink1.xml", "table.links")]
)
def test_macros_and_links_are_not_read_and_told(name: str, note: str) -> None:
    book = reading.read(rewritten(workbook(ROWS), name, b"<x/>"))
    assert book.notes == [note]
    assert book.sheets[0].rows[1][1] == "髙橋 ①"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = rewritten(workbook(ROWS), "xl/media/image1.png", b"\0" * (reading.LARGEST_UNPACKED + 1))
    assert len(bomb) < 1_000_000
    with refused("table.unpacked"):
        reading.read(bomb)


def test_a_part_that_declares_entities_is_refused() -> None:
    part = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><sst/>'
    with refused("table.damaged"):
        reading.read(rewritten(workbook(ROWS), "xl/sharedStrings.xml", part))


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_merged_cell_as_large_as_the_sheet_is_refused(quote: str) -> None:
    with zipfile.ZipFile(io.BytesIO(workbook(ROWS, merged=["A1:B1"]))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
    sheet = sheet.replace(b'ref="A1:B1"', f"ref={quote}A1:XFD1048576{quote}".encode())
    with refused("table.damaged"):
        reading.read(rewritten(workbook(ROWS), "xl/worksheets/sheet1.xml", sheet))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "table.old_excel"),
        (b"PK\x03\x04nonsense", "table.damaged"),
        (b"", "table.empty"),
        (b",,,\r\n,,", "table.empty"),
        (b"a,b\r\n" * 20_001, "table.rows"),
        (b"a," * 101, "table.columns"),
        (b"x" * 10_000_001, "table.too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        reading.read(data)
    assert refusal.value.code == code


def test_a_zip_file_that_is_no_workbook_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr("users.csv", "sourcedId")
    with refused("table.unknown"):
        reading.read(made.getvalue())
