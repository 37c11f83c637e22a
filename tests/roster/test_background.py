"""Large packages: worked on by a process of their own, whose standing the page tells."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from terakoya.identity import api as identity
from terakoya.roster import background, uploads
from terakoya.roster.loading import progress
from terakoya.roster.models import Person, RosterImport

from .packages import Package

pytestmark = pytest.mark.django_db
Begun = list[tuple[str, UUID]]


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object], settings: Settings, tmp_path: Path) -> None:
    node_kind("city")
    settings.DATA_DIR = tmp_path


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    """The tasks that were begun, none of which runs; every package counts as large."""
    tasks: Begun = []
    monkeypatch.setattr(background, "LARGE_BYTES", 0)
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **_: tasks.append((command[4], UUID(command[5])))
    )
    return tasks


@pytest.fixture
def clerk() -> Client:
    client = Client()
    client.force_login(identity.create_account("clerk", display_name="事務", is_administrator=True))
    return client


@pytest.fixture
def sent(clerk: Client, package: Package, begun: Begun) -> str:
    """The address of the page of a large package that was just sent."""
    upload = SimpleUploadedFile("large.zip", package.bytes(), "application/zip")
    return clerk.post(reverse("roster.imports"), {"package": upload})["Location"]


def work(begun: Begun) -> None:
    task, entry = begun[-1]
    uploads.work(task, entry, by="clerk")


def test_a_large_package_is_under_way_until_its_process_has_looked(clerk: Client, sent: str, begun: Begun) -> None:
    page = clerk.get(sent)
    assert (page["Refresh"], RosterImport.objects.get().outcome) == ("3", "running")
    work(begun)
    assert RosterImport.objects.get().outcome == "checked"
    assert "Refresh" not in clerk.get(sent)


def test_taking_over_leads_to_the_entry_of_the_import(clerk: Client, sent: str, begun: Begun) -> None:
    work(begun)
    assert clerk.post(sent)["Location"] == sent
    assert not Person.objects.exists()
    work(begun)
    entry = RosterImport.objects.get()
    assert entry.outcome == "imported"
    assert clerk.get(sent)["Location"] == reverse("roster.import", args=[entry.uuid])


def test_a_process_that_was_stopped_is_noticed_and_begun_again(
    clerk: Client, sent: str, begun: Begun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "STARTING_SECONDS", 0)
    page = clerk.get(sent)
    assert "Refresh" not in page
    clerk.post(sent)
    assert [task for task, _ in begun] == ["check", "check"]
    work(begun)
    assert RosterImport.objects.get().outcome == "checked"


def test_two_processes_never_work_on_one_package(tmp_path: Path, begun: Begun) -> None:
    key = uuid4()
    background.start("check", key, by="clerk")
    with background.at_work(key) as first, background.at_work(key) as second:
        assert (first, second, background.is_at_work(key)) == (True, False, True)
    assert not background.is_at_work(key)


def test_the_page_tells_how_far_it_is(clerk: Client, sent: str, begun: Begun) -> None:
    with background.at_work(begun[0][1]):
        progress.tell("write", 1200, 5000)
        text = clerk.get(sent, headers={"accept-language": "en"}).content.decode()
    assert "1200" in text.replace(",", "") and "5000" in text.replace(",", "")


def test_a_large_package_with_errors_is_refused_by_its_process(clerk: Client, package: Package, begun: Begun) -> None:
    package.set("users", 3, "enabledUser", "yes")
    upload = SimpleUploadedFile("large.zip", package.bytes(), "application/zip")
    clerk.post(reverse("roster.imports"), {"package": upload})
    work(begun)
    assert RosterImport.objects.get().outcome == "refused"
