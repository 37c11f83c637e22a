"""The clerk's pages: who gets in, and what happens to an uploaded package."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as node_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.roster import api, uploads
from terakoya.roster.models import Person, RosterImport

from .packages import Package


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object], settings: Settings, tmp_path: Path) -> None:
    node_kind("city")
    settings.DATA_DIR = tmp_path


@pytest.fixture
def clerk(db: None) -> Client:
    client = Client()
    client.force_login(identity.create_account("clerk", display_name="事務", is_administrator=True))
    return client


def send(client: Client, package: Package, name: str = "RO_20261124_139998.zip") -> RosterImport:
    """Upload a package; the entry that shows its check."""
    upload = SimpleUploadedFile(name, package.bytes(), "application/zip")
    answer = client.post(reverse("roster.imports"), {"package": upload})
    if answer.status_code == 422:
        refused: RosterImport = answer.context["entry"]
        return refused
    assert answer.status_code == 302
    return RosterImport.objects.get(uuid=answer["Location"].split("/")[-2])


def kept() -> list[Path]:
    return list((node_settings.DATA_DIR / "roster-uploads").glob("*.zip"))


def test_nobody_of_the_roster_gets_in(imported: api.ImportReport, town: Town) -> None:
    for who in ("teacher", "head", "guardian", "pupil"):
        client, account = Client(), identity.account_named(town.cast[who].username)
        assert account is not None
        client.force_login(account)
        for name in ("roster.imports", "roster.import", "roster.import_findings"):
            arguments = [] if name == "roster.imports" else [imported.entry]
            assert client.get(reverse(name, args=arguments)).status_code == 403, (who, name)


def test_strangers_are_asked_to_sign_in(db: None) -> None:
    answer = Client().get(reverse("roster.imports"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_upload_is_checked_and_nothing_is_written(clerk: Client, package: Package) -> None:
    entry = send(clerk, package)
    assert entry.outcome == "checked"
    assert not Person.objects.exists()
    page = clerk.get(reverse("roster.import", args=[entry.uuid]))
    assert page.status_code == 200


def test_kept_package_is_readable_by_the_node_alone(clerk: Client, package: Package) -> None:
    send(clerk, package)
    (path,) = kept()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_confirmed_package_is_taken_over_and_removed(clerk: Client, package: Package, town: Town) -> None:
    entry = send(clerk, package)
    answer = clerk.post(reverse("roster.import", args=[entry.uuid]))
    (done,) = RosterImport.objects.all()
    assert answer["Location"] == reverse("roster.import", args=[done.uuid])
    assert (done.outcome, done.by) == ("imported", "clerk")
    assert Person.objects.count() == len(town.people)
    assert kept() == []


def test_discarded_package_leaves_nothing(clerk: Client, package: Package) -> None:
    entry = send(clerk, package)
    clerk.post(reverse("roster.import", args=[entry.uuid]), {"discard": "yes"})
    assert not RosterImport.objects.exists()
    assert kept() == []


def test_refused_package_is_not_kept_and_cannot_be_confirmed(clerk: Client, package: Package) -> None:
    package.set("users", 2, "enabledUser", "はい")
    entry = send(clerk, package)
    clerk.post(reverse("roster.import", args=[entry.uuid]))
    assert entry.outcome == "refused"
    assert not Person.objects.exists()
    assert kept() == []


def test_page_says_file_row_column_and_what_was_found(clerk: Client, package: Package) -> None:
    package.set("users", 12, "enabledUser", "<b>はい</b>")
    entry = send(clerk, package)
    page = clerk.get(reverse("roster.import", args=[entry.uuid])).content.decode()
    assert "users.csv" in page
    assert "12" in page
    assert "&lt;b&gt;はい&lt;/b&gt;" in page


def test_findings_can_be_had_as_a_table_without_formulas(clerk: Client, package: Package) -> None:
    package.set("users", 12, "enabledUser", '=HYPERLINK("http://example.org")')
    entry = send(clerk, package)
    table = clerk.get(reverse("roster.import_findings", args=[entry.uuid])).content.decode("utf-8-sig")
    assert "users.csv,12,D,enabledUser" in table
    assert "\"'=HYPERLINK" in table


def test_many_removals_need_the_tick(clerk: Client, imported: api.ImportReport, package: Package) -> None:
    del package.files["enrollments"][20:]
    entry = send(clerk, package)
    address = reverse("roster.import", args=[entry.uuid])
    assert clerk.post(address).status_code == 400
    assert clerk.post(address, {"confirm_removals": "on"}).status_code == 302
    assert [one.outcome for one in RosterImport.objects.all()] == ["imported", "imported"]


def test_upload_without_file_says_so(clerk: Client) -> None:
    assert clerk.post(reverse("roster.imports")).status_code == 400


def test_undecided_packages_are_forgotten_after_a_day(
    clerk: Client, package: Package, in_november: time_machine.Traveller
) -> None:
    send(clerk, package)
    uploads.forget_old()
    assert len(kept()) == 1
    in_november.shift(timedelta(hours=25))
    uploads.forget_old()
    assert kept() == []
    assert not RosterImport.objects.exists()


def test_history_is_on_the_page(clerk: Client, imported: api.ImportReport) -> None:
    page = clerk.get(reverse("roster.imports")).content.decode()
    assert imported.file_name in page
