"""An import writes what its system owns; what another one owns waits as a proposal."""

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from terakoya.identity.api import create_account
from terakoya.roster import api
from terakoya.roster.models import Organisation, PastName, Person, Proposal, ProposalEvent
from terakoya.roster.people.owners import ENVIRONMENT

from ..packages import Package

PREFERRED = "preferredFamilyName"
Import = Callable[..., api.ImportReport]


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A node to which every system of the file delivers."""
    text = files("terakoya.roster").joinpath("owners.toml").read_text("utf-8")
    all_of_them = 'connected = ["school_affairs", "resident_registry", "e_portal", "hr"]'
    own = tmp_path / "owners.toml"
    own.write_text(text.replace('connected = ["school_affairs"]', all_of_them), "utf-8")
    monkeypatch.setenv(ENVIRONMENT, str(own))


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def take(imported: api.ImportReport) -> Import:
    """Takes a package over after the town was, for a system."""
    return lambda package, **more: api.import_package(package.file(), by="system", file_name="a.zip", **more)


def pupil_of(package: Package) -> tuple[int, Person]:
    """A row of users.csv that is a pupil's, and the pupil."""
    key = package.value("roles", package.rows_with("roles", "role", "student")[0], "userSourcedId")
    return package.rows_with("users", "sourcedId", key)[0], Person.objects.get(sourced_id=key)


def now(person: Person) -> Person:
    return Person.objects.get(pk=person.pk)


def notes(report: api.ImportReport) -> list[tuple[str, int]]:
    return [(one.code, one.details["number"]) for one in report.findings if one.code == "owner.another"]


def test_what_another_system_owns_waits_and_what_it_owns_is_written(
    connected: None, package: Package, take: Import
) -> None:
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    package.set("users", row, "username", "new.name@example.jp")
    report = take(package, origin="e_portal")
    waiting = api.who.proposals().get()
    assert (now(pupil).phone, now(pupil).username) == (pupil.phone, "new.name@example.jp")
    assert (waiting.field, waiting.proposed, waiting.current) == ("phone", "03-9999-0001", pupil.phone)
    assert (waiting.origin, waiting.owner, waiting.person) == ("e_portal", "school_affairs", pupil.uuid)
    assert notes(report) == [("owner.another", 1)]
    assert report.counts["people"]["changed"] == 1


def test_the_system_that_stands_in_writes_all(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    assert notes(take(package)) == []
    assert now(pupil).phone == "03-9999-0001"
    assert not Proposal.objects.exists()


def test_where_one_system_owns_all_no_query_is_more(package: Package, take: Import) -> None:
    row, _ = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        take(package)
    assert not [one for one in seen if "roster_proposal" in one["sql"]]


def test_a_system_that_nobody_knows_owns_nothing(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    package.set("orgs", 2, "name", "Another name")
    take(package, origin="somebody")
    assert now(pupil).phone == pupil.phone
    assert {(one.table, one.field) for one in api.who.proposals()} == {("Person", "phone"), ("Organisation", "name")}
    assert not Organisation.objects.filter(name="Another name").exists()


def test_who_is_new_is_written_whole_whoever_tells(package: Package, take: Import) -> None:
    known = package.files["users"][2:]
    api.undo(api.Change.objects.first(), by="clerk")
    report = take(package, origin="somebody")
    assert report.counts["people"]["new"] == len(known) + 1
    assert not Proposal.objects.exists()


def test_the_same_package_again_lets_the_same_wait_once(package: Package, take: Import) -> None:
    row, _ = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    for _time in range(2):
        assert notes(take(package, origin="somebody")) == [("owner.another", 1)]
    assert Proposal.objects.count() == 1


def test_another_value_overtakes_what_waits_and_no_difference_ends_it(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    for value in ("03-9999-0001", "03-9999-0002", pupil.phone):
        package.set("users", row, "phone", value)
        take(package, origin="somebody")
    assert [one.kind for one in ProposalEvent.objects.order_by("pk")] == [
        "proposed", "overtaken", "proposed", "overtaken",
    ]  # fmt: skip
    assert not api.who.proposals().exists()


def test_what_was_declined_is_not_asked_again_while_nothing_changes(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    take(package, origin="somebody")
    api.who.decline(api.who.proposals().get(), by="clerk", reason="an old number")
    assert notes(take(package, origin="somebody")) == []
    api.write(now(pupil), "phone", "03-9999-0003", origin="school_affairs", by="office")
    assert notes(take(package, origin="somebody")) == [("owner.another", 1)]


def test_the_owner_is_heard_after_another_system_said_the_same(
    package: Package, take: Import, django_capture_on_commit_callbacks: Any
) -> None:
    """What waits is not in the tables: the digests kept beside them must not say that it is."""
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    with django_capture_on_commit_callbacks(execute=True):
        take(package, origin="somebody")
    take(package)
    assert now(pupil).phone == "03-9999-0001"


def test_a_check_tells_what_would_wait_and_writes_nothing(package: Package, take: Import) -> None:
    row, _ = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    assert notes(take(package, origin="somebody", dry_run=True)) == [("owner.another", 1)]
    assert not Proposal.objects.exists()


def test_a_name_that_an_import_replaces_is_kept_as_a_past_one(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    before = api.state()
    package.set("users", row, PREFERRED, "新姓")
    report = take(package)
    past = PastName.objects.get()
    assert (past.person_id, past.display_family) == (pupil.uuid, pupil.display_family)
    assert str(past.until) == "2026-11-24"
    entry = api.RosterImport.objects.get(pk=report.entry)
    api.undo(entry.change, by="clerk")
    assert api.state() == before
    assert not PastName.objects.exists()


def test_names_that_came_and_went_on_one_day_are_no_past_ones(package: Package, take: Import) -> None:
    row, pupil = pupil_of(package)
    for name in ("一時", "別名", pupil.display_family):
        package.set("users", row, PREFERRED, name)
        take(package)
        assert PastName.objects.count() == (0 if name == pupil.display_family else 1)
    assert now(pupil).display_family == pupil.display_family


def test_whoever_brings_a_package_says_from_which_system_it_comes(
    connected: None, package: Package, imported: api.ImportReport, client: Client, data_dir: None
) -> None:
    row, pupil = pupil_of(package)
    package.set("users", row, "phone", "03-9999-0001")
    client.force_login(create_account("board", display_name="委員会", is_administrator=True))
    page = client.get(reverse("roster.imports"))
    assert [key for key, _name in page.context["form"].fields["origin"].choices] == [
        "school_affairs", "e_portal", "hr", "resident_registry",
    ]  # fmt: skip
    file = SimpleUploadedFile("a.zip", package.bytes())
    answer = client.post(reverse("roster.imports"), {"package": file, "origin": "e_portal"}, follow=True)
    client.post(answer.redirect_chain[-1][0])
    assert now(pupil).phone == pupil.phone
    assert api.who.proposals().get().origin == "e_portal"
    assert {one.file_name: one.origin for one in api.imports()}["a.zip"] == "e_portal"


def test_where_one_system_owns_all_nobody_is_asked(imported: api.ImportReport, client: Client) -> None:
    client.force_login(create_account("board", display_name="委員会", is_administrator=True))
    assert "origin" not in client.get(reverse("roster.imports")).context["form"].fields
