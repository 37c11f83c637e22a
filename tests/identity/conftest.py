"""A clerk, who is staff of any node, and signing in as a person does it."""

import re
from html import unescape
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from terakoya.identity import api, factors
from terakoya.identity.models import Account
from terakoya.kit import clock

PASSWORD = "asagao-to-tsuki-2026"


@pytest.fixture
def clerk() -> Account:
    return api.create_account("clerk", display_name="Clerk", password=PASSWORD, is_administrator=True)


@pytest.fixture
def secret(clerk: Account) -> str:
    """The clerk's authenticator app."""
    secret = api.new_secret()
    api.give_codes(clerk, secret)
    return secret


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: Any) -> HttpResponse:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def code_of(secret: str, steps: int = 0) -> str:
    """What an authenticator app shows now, or so many half minutes later."""
    return factors._code_at(secret, factors._step_at(clock.now()) + steps)


def kept_in(page: HttpResponse) -> dict[str, str]:
    """The form that waits in a page, as its hidden fields."""
    return {
        name: unescape(value) for name, value in re.findall(r'name="(kept_\w+)" value="([^"]*)"', page.content.decode())
    }
