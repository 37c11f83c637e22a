"""Downloads for correction: every row at fault marked, nothing in them that a spreadsheet would run."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.kit.spreadsheets import harmless
from terakoya.roster.models import Organisation
from terakoya.roster.tables import corrected, sheets
from terakoya.roster.tables.sheets import Page

from ..packages import Package
from .tables import HEADINGS, draft, workbook

RUN = ["=1+1", '=HYPERLINK("http://example.org")', "+81", "-1", "@SUM(A1)", "\t=1"]


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture
def clerk(db: None, node_kind: Callable[[str], object]) -> Client:
    node_kind("city")
    client = Client()
    client.force_login(identity.create_account("clerk", display_name="事務", is_administrator=True))
    return client


@pytest.mark.parametrize("cell", RUN)
def test_a_workbook_has_texts_and_no_formulas(cell: str) -> None:
    sheet = opened(sheets.workbook([Page("A", [cell], [[cell]])]))["A"]
    for one in (sheet["A1"], sheet["A2"]):
        assert one.data_type == "s"
        assert one.quotePrefix


@pytest.mark.parametrize("cell", RUN)
def test_a_text_of_commas_has_no_cell_that_is_run(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("山田") == "山田"


def test_signs_that_a_workbook_cannot_hold_are_left_out() -> None:
    sheet = opened(sheets.workbook([Page("a/b[c]", ["x"], [["a\x00\x1fb"]])])).worksheets[0]
    assert (sheet.title, sheet["A2"].value) == ("a_b_c_", "ab")


def test_all_rows_of_a_cause_are_marked_and_the_cause_stands_once(clerk: Client, package: Package, town: Town) -> None:
    rows = package.rows_with("enrollments", "role", "student")[:35]
    for row in rows:
        package.set("enrollments", row, "classSourcedId", "no-such-class")
    upload = SimpleUploadedFile("RO.zip", package.bytes(), "application/zip")
    entry = clerk.post(reverse("roster.imports"), {"package": upload}).context["entry"]
    book = opened(clerk.get(reverse("roster.import_corrected", args=[entry.uuid])).content)
    summary = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [line[6] for line in summary if line[2] == "no-such-class"] == [35]
    sheet = book["enrollments.csv"]
    column = package.column("enrollments", "classSourcedId") + 2
    marked = {row[0].value for row in sheet.iter_rows(min_row=2) if row[column - 1].comment is not None}
    assert marked == set(rows)


def test_after_a_day_only_the_summary_is_left(clerk: Client, package: Package, data_dir: None) -> None:
    from django.conf import settings

    package.set("users", 2, "enabledUser", "=はい")
    upload = SimpleUploadedFile("RO.zip", package.bytes(), "application/zip")
    entry = clerk.post(reverse("roster.imports"), {"package": upload}).context["entry"]
    (kept,) = (settings.DATA_DIR / "roster-uploads").glob("*.correct.xlsx")
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    book = opened(clerk.get(reverse("roster.import_corrected", args=[entry.uuid])).content)
    assert len(book.worksheets) == 1


def test_a_package_that_cannot_be_opened_has_a_summary(clerk: Client) -> None:
    upload = SimpleUploadedFile("RO.zip", b"no zip", "application/zip")
    entry = clerk.post(reverse("roster.imports"), {"package": upload}).context["entry"]
    assert opened(clerk.get(reverse("roster.import_corrected", args=[entry.uuid])).content).worksheets[0].max_row == 2


def test_every_repair_of_a_table_stands_in_its_download(school: Organisation) -> None:
    waiting = draft(school, workbook([HEADINGS, ["５", "1組", "７番", "新田　さくら", "にった さくら", "H27.5.14"]]))
    sheet = opened(corrected.of_draft(waiting)).worksheets[-1]
    mended = {(row[1], row[3], row[4]) for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert ("生年月日", "H27.5.14", "2015-05-14") in mended
    assert ("氏名", "新田　さくら", "新田 さくら") in mended
    assert len(mended) == len(waiting.lines.mended)
