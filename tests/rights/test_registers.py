"""The registers: made from what is there, telling of nobody."""

import csv
import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from terakoya.access import api as access
from terakoya.catalog import api as catalog
from terakoya.kit import clock
from terakoya.rights import entrustments, holdings, registers
from terakoya.rights.errors import RequestRefused, WrongState
from terakoya.rights.models import Entrustment
from tests.access.conftest import terms_for
from tests.access.school import School, make_school
from tests.exchange.conftest import learned

from .conftest import browser

DECLARED = ("basis", "retention")


def entrusted(clerk: access.Actor, **changes: object) -> Entrustment:
    usual = {"task": "保守", "categories": ["subject.identity"], "contract": "R8-1", "begins": clock.today()}
    return entrustments.enter("情報の会社", **{**usual, **changes}, by=clerk)  # type: ignore[arg-type]


def test_every_category_that_this_kind_of_node_can_disclose_is_in_the_register(school: School) -> None:
    assert set(holdings.categories_held()) <= {file.category for file in registers.personal_files()}


def test_a_file_says_what_for_on_which_ground_and_how_long(school: School) -> None:
    file = next(one for one in registers.personal_files() if one.category == "subject.identity")
    assert file.bases and file.retentions and file.items and file.importance in ("I", "II", "III", "IV")


def test_what_every_table_with_personal_data_declares_can_be_read_in_japanese(school: School) -> None:
    tables = [model for model in registers.tables() if catalog.categories_of(model)]
    lines = {(name, registers.declared(model.__doc__ or "", name)) for model in tables for name in DECLARED}
    with override("ja"):
        unsaid = [line for name, line in sorted(lines) if registers.in_words(name, line) == line]
    assert not unsaid, "write them into rights/declared.toml"


def test_a_small_number_of_persons_is_not_published(school: School) -> None:
    for pupil in school.pupils:
        learned(pupil, 1)
    counts = {one.category: one.persons for one in registers.personal_files()}
    assert counts["activity.learning_school"] is None


def test_ten_persons_are_published(node_kind, db: None) -> None:
    node_kind("city")
    for pupil in make_school(registers.FEWEST).pupils:
        learned(pupil, 1)
    counts = {one.category: one.persons for one in registers.personal_files()}
    assert counts["activity.learning_school"] == registers.FEWEST


def test_the_table_has_a_row_for_each_file(school: School) -> None:
    table = browser(None).get(reverse("rights.files_csv")).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(table)))) == 1 + len(registers.personal_files())


def test_a_cell_that_begins_like_a_formula_is_made_harmless(school: School, clerk: access.Actor) -> None:
    entrustments.enter("=1+1", "保守", ["subject.identity"], "R8-1", clock.today(), by=clerk)
    table = browser(None).get(reverse("rights.entrustments_csv")).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(table)))[1][0] == "'=1+1"


def test_a_notice_that_few_were_shown_has_neither_number_nor_fingerprint(
    guardian: access.Actor, school: School
) -> None:
    access.give_consent(terms_for(school.pupils[0]), by=guardian, capacity="guardian")
    (shown,) = registers.notices_shown()
    assert (shown.count, shown.digest) == (None, "") and shown.version


# --- entrustments ---
def test_an_entrustment_ends_on_a_day_and_stays_in_the_register(clerk: access.Actor) -> None:
    one = entrusted(clerk, begins=clock.today() - timedelta(days=9))
    entrustments.end(one.uuid, clock.today())
    assert [(row.partner, row.ends) for row in registers.entrustments()] == [("情報の会社", clock.today())]


def test_an_end_before_the_beginning_is_refused(clerk: access.Actor) -> None:
    one = entrusted(clerk)
    with pytest.raises(RequestRefused):
        entrustments.end(one.uuid, clock.today() - timedelta(days=1))
    assert Entrustment.objects.get().ends is None


def test_an_end_is_not_moved(clerk: access.Actor) -> None:
    one = entrusted(clerk)
    entrustments.end(one.uuid, clock.today())
    with pytest.raises(WrongState):
        entrustments.end(one.uuid, clock.today() + timedelta(days=1))
    assert entrustments.end(one.uuid, clock.today()).ends == clock.today()


def test_an_audit_is_noted_once_and_not_for_a_day_to_come(clerk: access.Actor) -> None:
    one = entrusted(clerk)
    for _time in range(2):
        entrustments.note_audit(one.uuid, clock.today(), "問題なし", by=clerk)
    with pytest.raises(RequestRefused):
        entrustments.note_audit(one.uuid, clock.today() + timedelta(days=1), "未来", by=clerk)
    assert one.audits.count() == 1


@pytest.mark.parametrize("who", ["guardian", "teacher", "head", "pupil"])
def test_only_a_clerk_keeps_the_register(school: School, clerk: access.Actor, who: str) -> None:
    one = entrusted(clerk)
    come = browser(getattr(school, who))
    today = clock.today().isoformat()
    assert come.post(reverse("rights.entrustments_new"), {"partner": "x"}).status_code == 403
    answer = come.post(reverse("rights.entrustments_one", args=[one.uuid]), {"step": "end", "end-day": today})
    assert answer.status_code == 403 and Entrustment.objects.get().ends is None


def test_a_clerk_enters_audits_and_ends_by_forms(school: School) -> None:
    desk: Client = browser(school.clerk)
    said = {
        "partner": "会社",
        "task": "保守",
        "categories": ["subject.identity"],
        "contract": "R8",
        "begins": "2026-04-01",
    }
    assert desk.post(reverse("rights.entrustments_new"), {**said, "begins": "31 April"}).status_code == 400
    assert desk.post(reverse("rights.entrustments_new"), said).status_code == 302
    one = Entrustment.objects.get()
    address = reverse("rights.entrustments_one", args=[one.uuid])
    desk.post(address, {"step": "audit", "audit-day": "2026-05-01", "audit-finding": "良好"})
    assert desk.post(address, {"step": "end", "end-day": "2026-03-01"}).status_code == 400
    desk.post(address, {"step": "end", "end-day": "2027-03-31"})
    one.refresh_from_db()
    assert (one.audits.get().finding, one.ends.isoformat()) == ("良好", "2027-03-31")
    assert "良好" in desk.get(address).content.decode()


def test_a_clerk_who_gave_the_password_only_enters_nothing(school: School) -> None:
    desk = browser(school.clerk)
    session = desk.session
    session.pop("factor_at")
    session.save()
    for answer in (desk.get(reverse("rights.entrustments_new")), desk.post(reverse("rights.entrustments_new"), {})):
        assert answer.status_code == 302 and answer["Location"].startswith("/second-factor/")


def test_an_entrustment_that_is_not_there_is_not_found(school: School) -> None:
    assert browser(school.clerk).get(reverse("rights.entrustments_one", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("kind", ["city", "pds", "juku", "vendor"])
def test_each_kind_of_node_that_has_this_room_shows_its_registers(node_kind, db: None, kind: str) -> None:
    node_kind(kind)
    for name in ("registers", "files", "entrustments", "notices"):
        assert browser(None).get(reverse(f"rights.{name}")).status_code == 200
