"""Large packages that are written out: by a process of their own, for whoever asked for them, for a day."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.roster import api, background, export_work, uploads
from terakoya.roster.models import Organisation

pytestmark = pytest.mark.usefixtures("imported")
CHOICE = {"profile": "k12-schools-1.0", "school": "", "write": "yes"}
Begun = list[tuple[str, UUID]]


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object], settings: Settings, tmp_path: Path) -> None:
    node_kind("city")
    settings.DATA_DIR = tmp_path


@pytest.fixture(autouse=True)
def begun(monkeypatch: pytest.MonkeyPatch) -> Begun:
    """The tasks that were begun, none of which runs; every package counts as large."""
    tasks: Begun = []
    monkeypatch.setattr(export_work, "LARGE_ROWS", 0)
    monkeypatch.setattr(
        background.subprocess, "Popen", lambda command, **_: tasks.append((command[4], UUID(command[5])))
    )
    return tasks


def administrator(name: str) -> Client:
    client = Client()
    client.force_login(identity.create_account(name, display_name="事務", is_administrator=True))
    return client


@pytest.fixture
def clerk(db: None) -> Client:
    return administrator("clerk")


def work(begun: Begun) -> None:
    task, key = begun[-1]
    uploads.work(task, key, by="clerk")


def test_the_page_tells_of_the_work_and_looks_again_by_itself(clerk: Client, begun: Begun) -> None:
    place = clerk.post(reverse("roster.export"), CHOICE)["Location"]
    answer = clerk.get(place)
    assert answer["Refresh"] == "3"
    assert clerk.get(f"{place}package.zip").status_code == 404
    assert begun == [("write-out", UUID(place.split("/")[-2]))]


def test_the_package_is_the_one_that_comes_at_once_from_a_small_roster(
    clerk: Client, begun: Begun, tmp_path: Path
) -> None:
    place = clerk.post(reverse("roster.export"), CHOICE)["Location"]
    work(begun)
    answer = clerk.get(f"{place}package.zip")
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    expected = tmp_path / "expected.zip"
    export = api.export_package(expected, profile="k12-schools-1.0", by="clerk")
    assert data == expected.read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="{export.file_name}"'
    assert "Refresh" not in clerk.get(place)


def test_it_is_of_the_school_that_was_chosen(clerk: Client, begun: Begun, tmp_path: Path) -> None:
    school = Organisation.objects.filter(kind="school").order_by("sourced_id")[0]
    clerk.post(reverse("roster.export"), {**CHOICE, "school": school.pk})
    work(begun)
    expected = tmp_path / "expected.zip"
    api.export_package(expected, profile="k12-schools-1.0", organisations=[school.pk], by="clerk")
    assert export_work.package(begun[-1][1]).read_bytes() == expected.read_bytes()


def test_nobody_else_takes_the_file(clerk: Client, begun: Begun) -> None:
    place = clerk.post(reverse("roster.export"), CHOICE)["Location"]
    work(begun)
    other = administrator("other")
    assert other.get(place).status_code == 404
    assert other.get(f"{place}package.zip").status_code == 404
    assert not other.get(reverse("roster.export")).context["orders"]


def test_who_comes_back_finds_it_on_the_page(clerk: Client, begun: Begun) -> None:
    clerk.post(reverse("roster.export"), CHOICE)
    (line,) = clerk.get(reverse("roster.export")).context["orders"]
    assert line["key"] == begun[-1][1]


def test_work_that_was_stopped_is_begun_again(clerk: Client, begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    place = clerk.post(reverse("roster.export"), CHOICE)["Location"]
    monkeypatch.setattr(background, "STARTING_SECONDS", 0)
    assert "Refresh" not in clerk.get(place)
    clerk.post(place)
    assert len(begun) == 2
    work(begun)
    assert clerk.get(f"{place}package.zip").status_code == 200


def test_after_a_day_nothing_of_it_stays(clerk: Client, begun: Begun, monkeypatch: pytest.MonkeyPatch) -> None:
    clerk.post(reverse("roster.export"), CHOICE)
    work(begun)
    export_work.forget_old()
    assert export_work.order_of(begun[-1][1])
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(export_work.clock, "now", lambda: later)
    export_work.forget_old()
    assert not list(export_work.package(begun[-1][1]).parent.iterdir())


def test_a_school_that_is_gone_is_not_all_of_them(clerk: Client, begun: Begun) -> None:
    school = Organisation.objects.filter(kind="school").order_by("sourced_id")[0]
    key = export_work.begin(
        "k12-schools-1.0", Organisation(pk=UUID(int=1), name=school.name), demographics=False, by=""
    )
    with pytest.raises(Organisation.DoesNotExist):
        export_work.work(key)
    assert not export_work.package(key).exists()
