"""The clerk's way through the pages: nothing is written before the decision, each step can be gone back to."""

import io
import os
from collections.abc import Callable
from datetime import timedelta

import openpyxl
import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.roster import api, corrections
from terakoya.roster.changing import latest
from terakoya.roster.models import ColumnMapping, Organisation, Person, RosterImport, TableDraft
from terakoya.roster.tables import drafts

from ..packages import Package
from .tables import HEADINGS, pupils_of, row_of, text, workbook

NEW = ["5", "1", 99, "新田 さくら", "にった　さくら", "H27.5.14"]


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object]) -> None:
    node_kind("city")


@pytest.fixture
def clerk(db: None) -> Client:
    client = Client()
    client.force_login(identity.create_account("clerk", display_name="事務", is_administrator=True))
    return client


def send(client: Client, school: Organisation, data: bytes, kind: str = "pupils", name: str = "名簿.xlsx") -> str:
    """Upload a table; the address of the page that follows."""
    sent = {"school": school.pk, "kind": kind, "table": SimpleUploadedFile(name, data)}
    answer = client.post(reverse("roster.tables"), sent)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def through(client: Client, school: Organisation, data: bytes, kind: str = "pupils") -> str:
    """Upload a table and confirm its columns as they are proposed; the address of the preview."""
    address = send(client, school, data, kind)
    if address.endswith("/header/"):
        address = client.post(address, {"sheet": 0, "row": TableDraft.objects.get().choices["header"]})["Location"]
    form = client.get(address).context["form"]
    answer = client.post(address, {name: field.initial or "" for name, field in form.fields.items()})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def take(client: Client, address: str, **ticks: str) -> object:
    return client.post(address, {"take": "yes", "seen": str(latest()), **ticks})


def test_nobody_of_the_roster_gets_in(imported: api.ImportReport, town: Town, school: Organisation) -> None:
    addresses = [reverse("roster.tables"), reverse("roster.list", args=[school.pk, "pupils", "xlsx"])]
    for who in ("teacher", "head", "guardian", "pupil"):
        client, account = Client(), identity.account_named(town.cast[who].username)
        assert account is not None
        client.force_login(account)
        assert [client.get(one).status_code for one in addresses] == [403, 403], who


def test_a_plain_table_goes_from_upload_to_result(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, workbook([HEADINGS, NEW]))
    assert not Person.objects.filter(official_family="新田").exists()
    page = clerk.get(address).content.decode()
    assert "H27.5.14" in page
    assert "2015-05-14" in page
    answer = take(clerk, address)
    done = RosterImport.objects.get(profile="table:pupils")
    assert answer["Location"] == reverse("roster.import", args=[done.uuid])  # type: ignore[index]
    assert Person.objects.get(official_family="新田").official_given == "さくら"
    assert not TableDraft.objects.exists()
    assert clerk.get(reverse("roster.import", args=[done.uuid])).status_code == 200


def test_confirmed_columns_are_remembered_and_the_step_is_passed_over(clerk: Client, school: Organisation) -> None:
    through(clerk, school, workbook([HEADINGS, NEW]))
    assert ColumnMapping.objects.get().by == "clerk"
    address = send(clerk, school, workbook([HEADINGS, NEW]))
    assert not address.endswith(("/columns/", "/header/"))
    assert "clerk" in clerk.get(address).content.decode()
    assert clerk.get(f"{address}columns/").status_code == 200


def test_headings_below_a_title_are_found_and_can_be_chosen_otherwise(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, workbook([["令和8年度 5年1組 名簿"], [], HEADINGS, NEW], merged=["A1:F1"]))
    assert take(clerk, address).status_code == 302  # type: ignore[attr-defined]
    address = send(clerk, school, workbook([["よくわからない見出し", "もうひとつ"], NEW[3:5]]))
    assert address.endswith("/header/")
    assert clerk.get(address).status_code == 200


def test_another_sheet_can_be_chosen(clerk: Client, school: Organisation) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook([["メモ", "は"], ["これ", "です"]], title="メモ")))
    sheet = book.create_sheet("名簿")
    for row in (HEADINGS, NEW):
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    address = send(clerk, school, made.getvalue())
    assert address.endswith("/header/")
    assert TableDraft.objects.get().choices["sheet"] == 1
    assert clerk.post(address, {"sheet": 0})["Location"] == address
    assert TableDraft.objects.get().choices["sheet"] == 0


def test_columns_without_a_name_of_the_person_are_refused(clerk: Client, school: Organisation) -> None:
    address = send(clerk, school, workbook([HEADINGS, NEW]))
    answer = clerk.post(address, {"column_0": "grade", "column_1": "section", "column_2": "number"})
    assert answer.status_code == 400
    answer = clerk.post(address, {"column_0": "grade", "column_1": "grade"})
    assert answer.status_code == 400
    assert not ColumnMapping.objects.exists()


def test_a_table_of_one_class_needs_no_columns_for_it(clerk: Client, school: Organisation) -> None:
    from terakoya.roster.models import SchoolClass

    klass = SchoolClass.objects.get(school=school, title="5年1組")
    address = send(clerk, school, workbook([["番号", "氏名"], [99, "新田 さくら"]]))
    answer = clerk.post(address, {"column_0": "number", "column_1": "name", "whole": str(klass.pk)})
    take(clerk, answer["Location"])
    (entry,) = Person.objects.get(official_family="新田").enrolments.all()
    assert entry.school_class == klass


def test_a_doubtful_row_waits_for_a_decision(clerk: Client, school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    address = through(clerk, school, workbook([HEADINGS, row_of(pupil, 番号=77, 生年月日=None)]))
    assert take(clerk, address).status_code == 200  # type: ignore[attr-defined]
    assert not RosterImport.objects.filter(profile="table:pupils").exists()
    page = clerk.get(address)
    assert str(pupil.pk) in page.content.decode()
    look = {"look": "yes", "day": "2026-11-24", "extent": "some", "row_2": str(pupil.pk)}
    assert clerk.post(address, look).status_code == 302
    assert take(clerk, address).status_code == 302  # type: ignore[attr-defined]
    assert pupil.enrolments.filter(number=77).exists()


def test_many_who_would_leave_need_the_tick(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, workbook([HEADINGS, *(row_of(one) for one in pupils_of(school)[:5])]))
    clerk.post(address, {"look": "yes", "day": "2026-11-24", "extent": "school"})
    assert take(clerk, address).status_code == 400  # type: ignore[attr-defined]
    assert take(clerk, address, confirm_removals="on").status_code == 302  # type: ignore[attr-defined]


def test_new_classes_need_the_tick(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, workbook([HEADINGS, ["3", "9", 1, "転入 太郎", "てんにゅう たろう", "2017/8/1"]]))
    assert "3年9組" in clerk.get(address).content.decode()
    assert take(clerk, address).status_code == 400  # type: ignore[attr-defined]
    assert take(clerk, address, confirm_classes="on").status_code == 302  # type: ignore[attr-defined]


def test_a_roster_that_changed_meanwhile_is_shown_anew(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, workbook([HEADINGS, NEW]))
    answer = clerk.post(address, {"take": "yes", "seen": "0"})
    assert answer["Location"] == address
    assert not Person.objects.filter(official_family="新田").exists()


def test_what_cannot_be_read_is_said_at_once(clerk: Client, school: Organisation) -> None:
    sent = {"school": school.pk, "kind": "pupils", "table": SimpleUploadedFile("名簿.xls", b"\xd0\xcf\x11\xe0")}
    answer = clerk.post(reverse("roster.tables"), sent)
    assert answer.status_code == 422
    assert not TableDraft.objects.exists()


def test_a_table_that_was_put_away_leaves_nothing(clerk: Client, school: Organisation) -> None:
    address = through(clerk, school, text([HEADINGS, NEW]))
    clerk.post(address, {"discard": "yes"})
    assert not TableDraft.objects.exists()
    assert clerk.get(address).status_code == 404


def test_faults_are_one_message_a_cause_and_marked_in_the_download(clerk: Client, school: Organisation) -> None:
    rows = [["5", "1", number, f"名前 {number}", "なまえ", "R8.13.1"] for number in range(50, 85)]
    address = through(clerk, school, workbook([HEADINGS, *rows]))
    page = clerk.get(address)
    (finding,) = page.context["errors"]
    assert (finding.count, finding.row, finding.column) == (35, 2, "F")
    book = openpyxl.load_workbook(io.BytesIO(clerk.get(f"{address}corrected.xlsx").content))
    sheet = book["名簿"]
    assert sheet.max_row == 36
    assert sheet["G2"].value == "R8.13.1"
    assert sheet["G2"].comment is not None
    assert sheet["G2"].fill.fgColor.rgb.endswith("FFD2D2")
    assert sheet["F2"].comment is None


def test_templates_and_lists_come_back_without_a_change(clerk: Client, school: Organisation) -> None:
    assert clerk.get(reverse("roster.table_template", args=["staff"])).status_code == 200
    assert clerk.get(reverse("roster.table_template", args=["others"])).status_code == 404
    for kind in ("pupils", "staff"):
        before = api.state()
        data = clerk.get(reverse("roster.list", args=[school.pk, kind, "xlsx"])).content
        address = through(clerk, school, data, kind)
        assert not clerk.get(address).context["plan"].changes_anything
        assert not clerk.get(address).context["errors"]
        take(clerk, address)
        assert api.state() == before


def test_what_nobody_decided_about_is_forgotten_after_a_day(
    clerk: Client, school: Organisation, package: Package, in_november: time_machine.Traveller
) -> None:
    through(clerk, school, workbook([HEADINGS, NEW]))
    package.set("users", 2, "enabledUser", "はい")
    clerk.post(reverse("roster.imports"), {"package": SimpleUploadedFile("RO.zip", package.bytes())})
    folder = settings.DATA_DIR / "roster-uploads"
    (table,), (correction,) = folder.glob("*.table"), folder.glob("*.correct.xlsx")
    os.utime(correction, (clock.now().timestamp(), clock.now().timestamp()))
    drafts.forget_old()
    corrections.forget_old()
    assert table.exists()
    assert correction.exists()
    in_november.shift(timedelta(hours=25))
    drafts.forget_old()
    corrections.forget_old()
    assert not table.exists()
    assert not correction.exists()
    assert not TableDraft.objects.exists()


def test_a_waiting_table_is_readable_by_the_node_alone(clerk: Client, school: Organisation) -> None:
    through(clerk, school, workbook([HEADINGS, NEW]))
    (table,) = (settings.DATA_DIR / "roster-uploads").glob("*.table")
    assert table.stat().st_mode & 0o777 == 0o600


def test_the_page_says_what_shift_jis_would_lose_before_it_is_lost(clerk: Client, school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    Person.objects.filter(pk=pupil.pk).update(official_family="\U00020bb7田")
    address = reverse("roster.list", args=[school.pk, "pupils", "cp932"])
    page = clerk.get(address)
    assert page["Content-Type"].startswith("text/html")
    assert "\U00020bb7田" in page.content.decode()
    assert clerk.get(address, {"anyway": "yes"}).content.decode("cp932").count("〓") == 1
