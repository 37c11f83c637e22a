"""Accounts follow the roster: on the day of an import, and on the first of April by itself."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.roster import accounts, api
from terakoya.roster.errors import PackageRefused
from terakoya.roster.models import Role

from .packages import Package


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[identity.Event]:
    """The events that are told during the test."""
    events: list[identity.Event] = []
    monkeypatch.setattr("terakoya.identity.events._listeners", [events.append])
    monkeypatch.setattr(accounts, "_followed", {})
    return events


def of(told: list[identity.Event], what: str) -> set[object]:
    return {person for event in told if event.what == what for person in event.people}


def account(person: object) -> identity.Account:
    found = identity.account_of(person)  # type: ignore[arg-type]
    assert found is not None
    return found


def row_of(package: Package, sourced_id: str) -> int:
    return package.rows_with("users", "sourcedId", sourced_id)[0]


def test_a_first_import_opens_accounts_and_tells_of_nobody(told: list, imported: api.ImportReport, town: Town) -> None:
    assert all(account(person.uuid).is_active for person in town.pupils)
    assert [event.what for event in told] == []


def test_who_is_gone_is_shut_out_at_once(
    told: list, imported: api.ImportReport, package: Package, town: Town, client: Client
) -> None:
    pupil = town.pupils[5]
    client.force_login(account(pupil.uuid))
    package.without_people(pupil.sourced_id)
    api.import_package(package.file(), by="clerk")
    assert not account(pupil.uuid).is_active and client.get("/consents/").status_code == 302
    assert of(told, "account_closed") == of(told, "permission_changed") == {pupil.uuid}


def test_who_comes_back_gets_in_again(
    told: list, imported: api.ImportReport, package: Package, package_path: object, town: Town
) -> None:
    pupil = town.pupils[5]
    package.without_people(pupil.sourced_id)
    api.import_package(package.file(), by="clerk")
    api.import_package(package_path, by="clerk")  # type: ignore[arg-type]
    assert account(pupil.uuid).is_active and of(told, "account_opened") == {pupil.uuid}


def test_a_new_login_name_and_a_new_name_reach_the_account(
    told: list, imported: api.ImportReport, package: Package, town: Town
) -> None:
    pupil = town.pupils[5]
    package.set("users", row_of(package, pupil.sourced_id), "username", "Renamed-Pupil")
    package.set("users", row_of(package, pupil.sourced_id), "preferredFamilyName", "改姓")
    api.import_package(package.file(), by="clerk")
    assert account(pupil.uuid).username == "renamed-pupil" and account(pupil.uuid).display_name.startswith("改姓")
    assert of(told, "account_renamed") == {pupil.uuid}


def test_two_people_may_exchange_their_login_names(imported: api.ImportReport, package: Package, town: Town) -> None:
    one, other = (row_of(package, pupil.sourced_id) for pupil in town.pupils[5:7])
    names = [package.value("users", row, "username") for row in (one, other)]
    for row, name in zip((one, other), reversed(names), strict=True):
        package.set("users", row, "username", name)
    api.import_package(package.file(), by="clerk")
    assert [account(pupil.uuid).username for pupil in town.pupils[5:7]] == names[::-1]


def test_a_login_name_of_somebody_outside_the_roster_is_refused(
    imported: api.ImportReport, package: Package, town: Town
) -> None:
    identity.create_account("the-clerk", display_name="Clerk", is_administrator=True)
    before = account(town.pupils[5].uuid).username
    package.set("users", row_of(package, town.pupils[5].sourced_id), "username", "the-clerk")
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(package.file(), by="clerk")
    assert [one.code for one in refusal.value.report.errors] == ["username.taken"]
    assert account(town.pupils[5].uuid).username == before


def test_a_teacher_who_gets_another_class_is_told_of_as_a_change_of_permissions(
    told: list, imported: api.ImportReport, package: Package, town: Town
) -> None:
    teacher = town.cast["teacher"].person
    user = next(person for person in town.people if person.uuid == teacher)
    rows = package.rows_with("enrollments", "userSourcedId", user.sourced_id)
    del package.files["enrollments"][rows[0] - 1]
    api.import_package(package.file(), by="clerk", confirm_removals=True)
    assert of(told, "permission_changed") == {teacher} and of(told, "account_closed") == set()


def test_a_role_that_ends_with_the_school_year_ends_the_session_on_the_first_of_april(
    told: list, imported: api.ImportReport, town: Town, in_november: time_machine.Traveller, client: Client
) -> None:
    teacher = town.cast["teacher"].person
    Role.objects.filter(person_id=teacher).update(ends=date(2027, 4, 1))
    in_november.move_to("2027-03-31T14:59:00Z")  # 23:59 in Japan
    client.force_login(account(teacher))
    accounts.follow_today()
    assert account(teacher).is_active and client.get("/my-sign-in/").status_code == 200
    in_november.move_to("2027-03-31T15:00:30Z")  # 0:00 on 1 April
    accounts.follow_today()
    assert not account(teacher).is_active and client.get("/my-sign-in/").status_code == 302
    assert of(told, "account_closed") == {teacher}


def test_a_role_that_begins_on_the_first_of_april_opens_the_account_on_that_day(
    told: list, imported: api.ImportReport, town: Town, in_november: time_machine.Traveller
) -> None:
    teacher = town.cast["teacher"].person
    Role.objects.filter(person_id=teacher).update(begins=date(2027, 4, 1))
    in_november.move_to("2027-03-31T14:00:00Z")
    accounts.follow_today()
    assert not account(teacher).is_active
    in_november.move_to("2027-03-31T15:00:30Z")
    accounts.follow_today()
    assert account(teacher).is_active


def test_accounts_of_nobody_in_the_roster_are_left_alone(imported: api.ImportReport) -> None:
    identity.create_account("the-clerk", display_name="Clerk", is_administrator=True)
    accounts.follow_roles(date(2030, 1, 1))
    assert identity.account_named("the-clerk").is_active  # type: ignore[union-attr]
