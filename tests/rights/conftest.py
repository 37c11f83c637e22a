"""A small school with its families, and requests as they would ask for them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.identity.api import Account
from terakoya.rights import requests
from terakoya.rights.models import RightsRequest
from tests.access.school import School, make_school
from tests.exchange.conftest import city, other, pds  # noqa: F401  (two nodes, as the exchange is tested with)

Ask = Callable[..., RightsRequest]


@pytest.fixture
def school(db: None, node_kind: Callable[[str], object]) -> School:
    node_kind("city")
    return make_school()


@pytest.fixture
def child(school: School) -> UUID:
    return school.pupils[0]


@pytest.fixture
def guardian(school: School) -> access.Actor:
    return actor_of_account(school.guardian)


@pytest.fixture
def clerk(school: School) -> access.Actor:
    return actor_of_account(school.clerk)


@pytest.fixture
def ask(guardian: access.Actor, child: UUID) -> Ask:
    """Asks as the guardian does; parts of the wish and who asks can be changed."""

    def asks(kind: str = "disclosure", *, by: access.Actor = guardian, number: UUID | None = None, **changes: object):
        about = {"person": child, **changes}
        return requests.ask(number or uuid4(), wish(kind, **about), by=by)

    return asks


def wish(kind: str, person: UUID, **changes: object) -> requests.Wish:
    usual = {"categories": ("subject.identity", "subject.contact"), "wrong": "", "right": "", "reason": ""}
    if kind == "correction":
        usual |= {"categories": ("subject.contact",), "wrong": "町名", "right": "若葉町2丁目"}
    if kind == "stop":
        usual |= {"categories": ("activity.learning_school",)}
    return requests.Wish(kind, person, **{**usual, **changes})  # type: ignore[arg-type]


def browser(account: Account | None) -> Client:
    made = Client(headers={"Accept-Language": "en"})
    if account is not None:
        made.force_login(account)
    return made
