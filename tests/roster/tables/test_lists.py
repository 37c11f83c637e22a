"""Lists that are downloaded: they come back as they went, and tell what Shift_JIS would lose."""

import csv
import io
from datetime import date

import pytest

from terakoya.roster.models import Organisation, Person
from terakoya.roster.tables import lists

from .tables import draft, pupils_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


@pytest.mark.parametrize("kind", ["pupils", "staff"])
@pytest.mark.parametrize("form", ["xlsx", "utf-8", "cp932"])
def test_a_list_that_comes_back_unchanged_changes_nothing(school: Organisation, kind: str, form: str) -> None:
    page = lists.listing(school, kind, DAY)
    data, lost = (lists.as_workbook(page), []) if form == "xlsx" else lists.as_csv(page, form)
    if lost:
        pytest.fail("the town's names of this seed are all in CP932")
    plan = draft(school, data, kind).plan
    assert (plan.faults, plan.changes_anything, plan.not_in_it) == ([], False, [])


def test_utf_8_has_the_mark_that_excel_looks_for(school: Organisation) -> None:
    data, _lost = lists.as_csv(lists.listing(school, "pupils", DAY), "utf-8")
    assert data.startswith(b"\xef\xbb\xbf")


def test_what_cp932_lacks_is_told_and_written_as_geta(school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    Person.objects.filter(pk=pupil.pk).update(official_family="\U00020bb7田", phone="+81-90-0000-0000")
    data, lost = lists.as_csv(lists.listing(school, "pupils", DAY), "cp932")
    assert lost == [f"\U00020bb7田 {pupil.official_given}"]
    row = next(row for row in csv.reader(io.StringIO(data.decode("cp932"))) if row[0] == str(pupil.pk))
    assert f"〓田 {pupil.official_given}" in row
    assert "'+81-90-0000-0000" in row


def test_a_guarded_cell_comes_back_as_it_was(school: Organisation) -> None:
    pupil = pupils_of(school)[0]
    Person.objects.filter(pk=pupil.pk).update(phone="+81-90-0000-0000")
    data, _lost = lists.as_csv(lists.listing(school, "pupils", DAY), "utf-8")
    waiting = draft(school, data)
    assert not waiting.plan.changes_anything
    assert "apostrophe" in {one.repair.name for one in waiting.lines.mended}
