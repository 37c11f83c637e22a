"""Passwords: how long, how common, and changing one's own."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client

from terakoya.identity import api
from terakoya.identity.models import Account

from .conftest import PASSWORD, sign_in

pytestmark = pytest.mark.django_db
NEW = "yamayuri-no-hana-7"


@pytest.fixture
def mother() -> Account:
    return api.create_account("mother", display_name="Mother", password=PASSWORD)


def change(client: Client, present: str = PASSWORD, new: str = NEW, again: str | None = None) -> HttpResponse:
    fields = {"present": present, "new": new, "again": new if again is None else again}
    return client.post("/my-sign-in/password/", fields)


@pytest.mark.parametrize(
    ("who", "length", "right"), [("mother", 7, False), ("mother", 8, True), ("clerk", 11, False), ("clerk", 12, True)]
)
def test_staff_need_twelve_letters_and_families_eight(
    mother: Account, clerk: Account, who: str, length: int, right: bool
) -> None:
    password, account = "kq7wz-hta93xp"[:length], api.account_named(who)
    if right:
        validate_password(password, account)
    else:
        with pytest.raises(ValidationError):
            validate_password(password, account)


def test_one_of_the_commonest_is_refused(mother: Account) -> None:
    with pytest.raises(ValidationError):
        validate_password("password123", mother)


def test_a_changed_password_ends_all_other_sessions(client: Client, mother: Account) -> None:
    sign_in(other := Client(), "mother")
    sign_in(client, "mother")
    assert change(client).status_code == 302
    assert client.get("/my-sign-in/").status_code == 200 and other.get("/my-sign-in/").status_code == 302
    assert sign_in(Client(), "mother", NEW).status_code == 302


@pytest.mark.parametrize(
    "fields", [{"present": "wrong"}, {"new": "short"}, {"again": "another-one-7"}, {"new": "", "again": ""}]
)
def test_a_change_that_is_not_right_changes_nothing(client: Client, mother: Account, fields: dict[str, str]) -> None:
    sign_in(client, "mother")
    assert change(client, **fields).status_code == 400
    assert sign_in(Client(), "mother").status_code == 302


def test_a_session_left_open_is_no_way_to_guess_the_password(client: Client, mother: Account) -> None:
    sign_in(client, "mother")
    for _ in range(5):
        change(client, present="wrong")
    assert change(client).status_code == 400
    assert sign_in(Client(), "mother").status_code == 200  # the sign-in page rests too
