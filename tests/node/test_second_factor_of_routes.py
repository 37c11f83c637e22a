"""Every route of every kind of node, as staff who gave the password only: what reaches class I or II is held back.

Which routes these are follows from their declared uses and the categories' classes, and is worked out here anew.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern
from pytest_django import Settings

from terakoya.identity import api as identity
from terakoya.kit.declaration import Use
from terakoya.node.kinds import KINDS
from terakoya.node.routes import url_map
from terakoya.standards.categories import CATEGORIES

from .test_access_of_routes import PLAIN, Knock, knocks
from .worlds import signed_in, world_of

STAFF = ("head", "teacher", "other_teacher", "juku_teacher", "other_juku_teacher", "clerk", "operator")
FAMILIES = ("guardian", "other_guardian", "guardian_elsewhere", "pupil", "child")
HELD_BACK = ("/second-factor/?next=", "/second-factor/set-up/?next=")


def is_strong(route: URLPattern) -> bool:
    use = getattr(route.callback, "declared_use", None)
    classes = {CATEGORIES[one].importance for one in use.categories} if isinstance(use, Use) else set()
    return bool(classes & {"I", "II"}) and str(route.name) != "home"


def by_password_only(account: identity.Account) -> Client:
    browser = signed_in(account)
    session = browser.session
    session.pop("factor_at", None)
    session.save()
    return browser


def location(browser: Client, knock: Knock) -> str:
    """Where a GET leads; nothing when it answers itself."""
    response = browser.get(knock.address, headers=PLAIN)
    return str(response.headers.get("Location", ""))


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest, node_kind: Callable, settings: Settings, tmp_path: Path) -> Iterator[str]:
    node_kind(request.param)
    settings.DATA_DIR = tmp_path
    settings.TRUST_ANCHOR_URL = "" if request.param == "nation" else "http://nation.example"
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False):
        yield request.param


@pytest.mark.django_db
def test_the_password_alone_opens_no_class_one_or_two_to_staff(kind: str, tmp_path: Path) -> None:
    world = world_of(kind, tmp_path)
    strong = {str(route.name) for route in url_map(KINDS[kind]) if is_strong(route)}
    asked = [
        knock for knock in knocks(kind, world) if knock.method == "GET" and knock.route.partition(" ")[0] in strong
    ]
    for role in set(STAFF) & world.cast.keys():
        account = world.cast[role]
        assert account is not None
        browser = by_password_only(account)
        let_through = [knock.route for knock in asked if not location(browser, knock).startswith(HELD_BACK)]
        assert let_through == [], role


@pytest.mark.django_db
def test_families_without_a_second_factor_are_never_asked_for_one(kind: str, tmp_path: Path) -> None:
    world = world_of(kind, tmp_path)
    for role in set(FAMILIES) & world.cast.keys():
        account = world.cast[role]
        assert account is not None
        browser = by_password_only(account)
        pages = [one for one in knocks(kind, world) if one.method == "GET" and not one.route.startswith("identity.")]
        assert [one.route for one in pages if location(browser, one).startswith(HELD_BACK)] == [], role
