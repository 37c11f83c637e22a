"""A family with its store: a guardian, a child with records of its own sign-in, and another family."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from terakoya.access import api as access
from terakoya.identity.api import Account
from terakoya.kit import clock
from terakoya.pds import api as pds
from terakoya.pds.models import Child
from terakoya.records.actions import store
from terakoya.records.adapters.xapi.incoming import incoming_statement
from tests.exchange.other_node import OtherNode
from tests.records.conftest import statement

PASSWORD = "a-long-pass-phrase"


@dataclass
class Family:
    """The accounts, the child, and a browser for each in which its owner is signed in."""

    guardian: Account
    child: Child
    browser: Client
    childs_browser: Client
    strangers_browser: Client

    def get(self, page: str, **more: Any) -> Any:
        return self.browser.get(f"/children/{self.child.person}/{page}", **more)

    def post(self, page: str, values: dict[str, Any] | None = None) -> Any:
        return self.browser.post(f"/children/{self.child.person}/{page}", values or {})


@pytest.fixture
def family(db: None, node_kind: Callable[[str], object]) -> Family:
    node_kind("pds")
    guardian = pds.sign_up("guardian", name="A Guardian", password=PASSWORD)
    child = pds.add_child(guardian, name="A Child", kana="child", grade=5)
    itself = pds.make_child_account(child, username="child", password=PASSWORD)
    stranger = pds.sign_up("stranger", name="A Stranger", password=PASSWORD)
    pds.add_child(stranger, name="Another Child", kana="another", grade=2)
    return Family(guardian, child, signed_in(guardian), signed_in(itself), signed_in(stranger))


def signed_in(account: Account) -> Client:
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(account)
    return browser


@pytest.fixture
def other(family: Family) -> Iterator[Callable[[str], OtherNode]]:
    """Makes another node of a kind, known to the family's store."""
    made: list[OtherNode] = []

    def make(kind: str) -> OtherNode:
        node = OtherNode(kind, f"The {kind}")
        made.append(node)
        node.enrolled()
        return node

    yield make
    for node in made:
        node.close()


@pytest.fixture
def city(other: Callable[[str], OtherNode]) -> OtherNode:
    return other("city")


@pytest.fixture
def juku(other: Callable[[str], OtherNode]) -> OtherNode:
    """A cram school whose invitation code ABCD-EFGH is about mathematics of this school year."""
    node = other("juku")
    node.answer("/exchange/invitations/", (200, invitation()))
    return node


def invitation(**changes: Any) -> dict[str, Any]:
    today = clock.today()
    scope = {"subjects": ["P030"], "from": "2026-04-01", "to": today.isoformat()}
    known = {
        "code": "ABCD-EFGH",
        "organisation": "The juku",
        "dataset_id": "learning-records",
        "purpose": "tutoring",
        "scope": scope,
        "valid_until": today + timedelta(days=60),
        "expires_at": clock.now() + timedelta(days=14),
    }
    return {**known, **changes}


def learned(child: Child, count: int = 3) -> None:
    """Let the store hold so many records of the child."""
    items = [statement(child.person) for _ in range(count)]
    store([incoming_statement(item, msgspec.json.encode(item), "2.0.0", "drill") for item in items])


def agree(family: Family, subjects: list[str]) -> Any:
    """Say yes to the page that was read."""
    page = family.get("share/review/").content.decode()
    [token] = re.findall('name="notice" value="([^"]+)"', page)
    return family.post("share/review/", {"answer": "yes", "subjects": subjects, "notice": token})


def shared_with(juku: OtherNode, family: Family) -> access.Consent:
    """Go the family's way through the pages to an agreement with the cram school."""
    family.post("share/", {"partner": juku.uri, "code": "abcd-efgh"})
    agree(family, ["P030"])
    return access.consents_about(family.child.person)[0]
