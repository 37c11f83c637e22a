"""The clerk's page on which the roster is written out."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.models import Organisation, Role

from .exporting_tools import tables_of

pytestmark = pytest.mark.usefixtures("imported")
CHOICE = {"profile": "k12-schools-1.0", "school": ""}


@pytest.fixture(autouse=True)
def city(node_kind: Callable[[str], object], settings: Settings, tmp_path: Path) -> None:
    node_kind("city")
    settings.DATA_DIR = tmp_path


@pytest.fixture
def clerk(db: None) -> Client:
    client = Client(headers={"accept-language": "ja"})
    client.force_login(identity.create_account("clerk", display_name="事務", is_administrator=True))
    return client


def test_nobody_of_the_roster_writes_it_out(town: Town) -> None:
    for who in ("teacher", "head", "guardian", "pupil"):
        client, account = Client(), identity.account_named(town.cast[who].username)
        assert account is not None
        client.force_login(account)
        assert client.get(reverse("roster.export")).status_code == 403
        assert client.post(reverse("roster.export"), {**CHOICE, "write": "yes"}).status_code == 403


def test_every_profile_can_be_chosen_by_its_name(clerk: Client) -> None:
    page = clerk.get(reverse("roster.export")).content.decode()
    for title in (
        "1EdTech OneRoster 1.2 CSV Binding: Japan K-12/Schools Profile 1.0",
        "学習eポータル標準モデル Ver. 3.00",
    ):
        assert title in page


def test_first_it_is_told_what_the_profile_cannot_carry(clerk: Client) -> None:
    role = Role.objects.filter(name="guardian")[0]
    Role.objects.filter(pk=role.pk).update(name="relative")
    answer = clerk.post(reverse("roster.export"), CHOICE)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "roles.csv" in page
    assert "relative" in page
    assert "パッケージを作る" in page


def test_then_the_file_comes_under_the_name_that_the_profile_gives_it(clerk: Client) -> None:
    school = Organisation.objects.filter(kind="school").order_by("sourced_id")[0]
    answer = clerk.post(reverse("roster.export"), {**CHOICE, "school": school.pk, "write": "yes"})
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == f'attachment; filename="RO_20261124_{school.code}.zip"'
    assert {row["schoolSourcedId"] for row in tables_of(data)["classes"]} == {school.sourced_id}
    expected = io.BytesIO()
    api.export_package(expected, profile="k12-schools-1.0", organisations=[school.pk], by="clerk")
    assert data == expected.getvalue()


def test_birth_dates_go_with_it_only_where_chosen(clerk: Client) -> None:
    for chosen, is_there in (({}, False), ({"demographics": "on"}, True)):
        answer = clerk.post(reverse("roster.export"), {**CHOICE, **chosen, "write": "yes"})
        data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            assert ("demographics.csv" in package.namelist()) == is_there


def test_nothing_of_it_stays_on_the_node(clerk: Client, tmp_path: Path) -> None:
    answer = clerk.post(reverse("roster.export"), {**CHOICE, "write": "yes"})
    b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()
    assert list((tmp_path / "roster-exports").iterdir()) == []


def test_an_unknown_profile_is_refused(clerk: Client) -> None:
    assert clerk.post(reverse("roster.export"), {**CHOICE, "profile": "japan-9"}).status_code == 400
