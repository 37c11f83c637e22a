from typing import Any

import pytest
from django.test import Client

from terakoya.identity.api import account_named
from terakoya.pds.models import Child, Membership

from .conftest import PASSWORD, Family, signed_in

FORM = {"name": "A Guardian", "username": "newcomer", "password": PASSWORD, "adult": "on"}


def test_signing_up_opens_an_empty_store(family: Family) -> None:
    browser = Client(headers={"Accept-Language": "en"})
    answer = browser.post("/sign-up/", FORM, follow=True)
    assert answer.status_code == 200
    assert "First steps" in answer.content.decode()
    assert account_named("newcomer") is not None


@pytest.mark.parametrize(
    "change",
    [{"adult": ""}, {"password": "short"}, {"username": "A b"}, {"username": "guardian"}, {"name": ""}],
)
def test_signing_up_says_what_is_wrong_and_opens_nothing(family: Family, change: dict[str, str]) -> None:
    answer = Client().post("/sign-up/", {**FORM, **change})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert account_named("newcomer") is None


def test_whoever_is_not_signed_in_reads_what_the_store_is_for(family: Family) -> None:
    assert "You decide who else may see them." in Client(headers={"Accept-Language": "en"}).get("/").content.decode()


def test_a_guardian_adds_a_child_and_katakana_becomes_hiragana(family: Family) -> None:
    answer = family.browser.post(
        "/children/new/", {"name": "B", "kana": "\u30df\u30c4", "grade": "1", "birth_date": "2019-05-14"}
    )
    assert answer.status_code == 302
    added = Child.objects.get(name="B")
    assert added.kana == "\u307f\u3064"
    assert added.school_grade == 1
    assert added.memberships.get().capacity == Membership.Capacity.GUARDIAN


def test_a_reading_in_letters_is_refused(family: Family) -> None:
    answer = family.browser.post(
        "/children/new/", {"name": "B", "kana": "Mitsu", "grade": "1", "birth_date": "2019-05-14"}
    )
    assert "kana" in answer.context["form"].errors


def test_a_child_signs_in_and_is_led_to_its_own_page(family: Family) -> None:
    assert family.childs_browser.get("/").url == f"/children/{family.child.person}/"


def test_a_child_gets_one_sign_in_only(family: Family) -> None:
    answer = family.post("sign-in/", {"username": "second", "password": PASSWORD})
    assert answer.status_code == 302
    assert account_named("second") is None


@pytest.mark.parametrize(
    "page", ["", "sign-in/", "connect/", "arriving/", "share/", "sharing/", "accesses/", "newest/"]
)
def test_nothing_of_a_child_exists_for_another_family(family: Family, page: str) -> None:
    assert family.strangers_browser.get(f"/children/{family.child.person}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["sign-in/", "connect/", "share/", "share/review/"])
def test_a_child_cannot_do_what_only_guardians_do(family: Family, page: str) -> None:
    assert family.childs_browser.get(f"/children/{family.child.person}/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "sharing/", "accesses/", "arriving/", "connect/"])
def test_pages_of_a_child_ask_for_a_sign_in(family: Family, page: str) -> None:
    answer: Any = Client().get(f"/children/{family.child.person}/{page}")
    assert answer.url.startswith("/sign-in/?next=")


def test_with_one_child_the_navigation_leads_straight_to_it(family: Family) -> None:
    assert family.browser.get("/sharing/").url == f"/children/{family.child.person}/sharing/"


def test_with_two_children_the_navigation_asks_which(family: Family) -> None:
    family.browser.post(
        "/children/new/", {"name": "B", "kana": "\u307f\u3064", "grade": "1", "birth_date": "2019-05-14"}
    )
    assert "A Child" in family.browser.get("/accesses/").content.decode()
    assert signed_in(family.guardian).get("/accesses/").status_code == 200
