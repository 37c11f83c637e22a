"""The make-believe town at its city node, and who stands at the desk of its register."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from terakoya.demo_town import api as demo_town
from terakoya.demo_town.api import Town
from terakoya.identity.api import Account, create_account
from terakoya.roster import api as roster
from terakoya.roster.models import Organisation, Person, Role
from tests.kept import kept

DAY = date(2026, 11, 24)
Open = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def in_november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def town() -> Town:
    return demo_town.make_town(7, DAY, pupils=60)


@pytest.fixture(scope="session")
def package_path(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_town.write_city_package(town, tmp_path_factory.mktemp("town"))


@pytest.fixture
def schools(db: None, package_path: Path) -> dict[str, Organisation]:
    """The schools of the town, taken over, by the beginning of their names: hibari, keyaki, wakaba."""
    kept("the town", lambda: roster.import_package(package_path, by="clerk"))
    elementary, other = Organisation.objects.filter(name__endswith="小学校").order_by("-name")
    return {"hibari": elementary, "keyaki": other, "wakaba": Organisation.objects.get(name__endswith="中学校")}


@pytest.fixture
def board(schools: dict[str, Organisation]) -> Account:
    """The administrator of the board of education."""
    return create_account("board", display_name="委員会", is_administrator=True)


@pytest.fixture
def office(schools: dict[str, Organisation]) -> Account:
    """The office of the school Hibari."""
    return office_of(schools["hibari"])


def office_of(school: Organisation) -> Account:
    person = Person.objects.create(sourced_id=f"office-{school.name}", username="office", display_family="事務")
    Role.objects.create(
        sourced_id=f"r-office-{school.name}",
        person=person,
        organisation=school,
        name="siteAdministrator",
        begins=date(2026, 4, 1),
    )
    return create_account(f"office{school.pk}"[:20], display_name="事務", person=person.uuid)


@pytest.fixture
def open_page(client: Client) -> Open:
    """A function that opens a page by its name as somebody, in English unless said."""

    def open_it(account: Account | None, name: str, *args: object, language: str = "en", **query: str) -> HttpResponse:
        if account:
            client.force_login(account)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return client.get(reverse(name, args=args), query)

    return open_it


@pytest.fixture
def send(client: Client) -> Open:
    """A function that sends a form to a page by its name as somebody."""

    def send_it(account: Account, name: str, *args: object, **said: object) -> HttpResponse:
        client.force_login(account)
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        return client.post(reverse(name, args=args), said)

    return send_it
