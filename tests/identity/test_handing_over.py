"""Somebody was entered twice: one account stays open, the other one leads to it."""

from uuid import uuid4

import pytest
from django.test import Client

from terakoya.identity import api
from terakoya.identity.models import Account

pytestmark = pytest.mark.django_db
OLD, NEW = "old-Password-77", "new-Password-88"


@pytest.fixture
def closed() -> Account:
    """The account that was closed, with its own password."""
    entry, person = uuid4(), uuid4()
    api.create_account("twice", display_name="twice", password=OLD, person=entry)
    api.create_account("once", display_name="once", password=NEW, person=person)
    api.hand_over(entry, person)
    return Account.objects.get(username="twice")


def _said(client: Client, username: str, password: str) -> str:
    client.cookies["django_language"] = "en"
    answer = client.post("/sign-in/", {"username": username, "password": password}, headers={"accept-language": "en"})
    return answer.content.decode()


def test_the_old_login_name_with_its_password_leads_to_the_new_one(closed: Account, client: Client) -> None:
    assert not closed.is_active
    assert "Sign in as once" in _said(client, "twice", OLD)
    assert "_auth_user_id" not in client.session


def test_whoever_does_not_know_the_password_is_told_nothing(closed: Account, client: Client) -> None:
    assert "Sign in as once" not in _said(client, "twice", "wrong")


def test_given_back_both_are_open_again(closed: Account) -> None:
    kept = closed.continued_in
    assert kept is not None and kept.person is not None and closed.person is not None
    api.give_back(closed.person, kept.person)
    closed.refresh_from_db()
    assert (closed.is_active, closed.continued_in) == (True, None)
