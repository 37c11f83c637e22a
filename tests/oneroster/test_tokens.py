"""Systems, their secrets and their tokens (RFC 6749, 4.4)."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from terakoya.kit import clock
from terakoya.oneroster import systems, tokens
from terakoya.oneroster.errors import NotASystem
from terakoya.oneroster.models import System
from terakoya.oneroster.scopes import PREFIX, SCOPES
from tests.access.school import School

TOKEN, USERS = "/ims/oneroster/token", "/ims/oneroster/rostering/v1p2/users"
Facts = dict[str, Any]
FACTS: Facts = {
    "organisation": "校務システム社",
    "stakeholder": "school_affairs_provider",
    "ground": "業務委託契約",
    "scopes": ["roster-core.readonly", "roster.readonly"],
    "by": "clerk",
}


@pytest.fixture
def system(school: School) -> tuple[System, str]:
    return systems.register("名簿", **FACTS)


def ask(client: Client, client_id: str, secret: str, **more: str) -> Any:
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, **more}
    return client.post(TOKEN, form)


def users(client: Client, token: str) -> int:
    return client.get(USERS, headers={"Authorization": f"Bearer {token}"}).status_code


def test_a_secret_gives_a_token_that_opens_what_its_scopes_say(client: Client, system: tuple[System, str]) -> None:
    answer = ask(client, system[0].client_id, system[1])
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "Bearer", 3600)
    assert set(body["scope"].split()) == {PREFIX + scope for scope in FACTS["scopes"]}
    assert answer["Cache-Control"] == "no-store"
    assert users(client, body["access_token"]) == 200


def test_the_secret_may_come_by_basic_authentication(client: Client, system: tuple[System, str]) -> None:
    pair = base64.b64encode(f"{system[0].client_id}:{system[1]}".encode()).decode()
    answer = client.post(TOKEN, {"grant_type": "client_credentials"}, headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 200


def test_fewer_scopes_can_be_asked_for(client: Client, system: tuple[System, str]) -> None:
    answer = ask(client, system[0].client_id, system[1], scope=f"{PREFIX}roster-core.readonly")
    assert answer.json()["scope"] == f"{PREFIX}roster-core.readonly"


def test_a_scope_that_is_not_held_is_refused(client: Client, system: tuple[System, str]) -> None:
    answer = ask(client, system[0].client_id, system[1], scope=f"{PREFIX}gradebook.delete")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("secret", ["", "wrong"])
def test_a_wrong_secret_is_refused(client: Client, system: tuple[System, str], secret: str) -> None:
    answer = ask(client, system[0].client_id, secret)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_unknown_system_and_another_grant_are_refused(client: Client, school: School) -> None:
    assert ask(client, "or-none", "x").status_code == 401
    assert ask(client, "or-none", "x", grant_type="password").json()["error"] == "unsupported_grant_type"
    assert client.get(TOKEN).status_code == 405


def test_many_wrong_secrets_lock_even_the_right_one_out(client: Client, system: tuple[System, str]) -> None:
    for _ in range(10):
        last = ask(client, system[0].client_id, "wrong")
    assert last.status_code == 429
    assert ask(client, system[0].client_id, system[1]).status_code == 429


def test_revoking_ends_tokens_at_once(client: Client, system: tuple[System, str]) -> None:
    token = ask(client, system[0].client_id, system[1]).json()["access_token"]
    assert systems.revoke(system[0].client_id, by="clerk")
    assert users(client, token) == 401
    assert ask(client, system[0].client_id, system[1]).status_code == 401
    assert not systems.revoke(system[0].client_id, by="clerk")


def test_a_new_secret_ends_the_old_one_and_its_tokens(client: Client, system: tuple[System, str]) -> None:
    token = ask(client, system[0].client_id, system[1]).json()["access_token"]
    secret = systems.renew_secret(system[0].client_id, by="clerk")
    assert users(client, token) == 401
    assert ask(client, system[0].client_id, system[1]).status_code == 401
    assert ask(client, system[0].client_id, secret or "").status_code == 200


def test_a_token_ends_after_an_hour(
    client: Client, system: tuple[System, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    token = ask(client, system[0].client_id, system[1]).json()["access_token"]
    later = clock.now() + timedelta(hours=1, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert users(client, token) == 401


@pytest.mark.parametrize("change", ["head", "end"])
def test_a_changed_token_is_void(client: Client, system: tuple[System, str], change: str) -> None:
    token = tokens.issue(system[0], list(SCOPES))
    changed = token.replace("eyJ", "eyK", 1) if change == "head" else f"{token[:-2]}AA"
    assert tokens.holder_of(changed) is None


def test_a_token_has_no_more_than_its_system(system: tuple[System, str]) -> None:
    held = tokens.holder_of(tokens.issue(system[0], list(SCOPES)))
    assert held is not None
    assert held[1] == set(FACTS["scopes"])


def test_of_a_secret_a_digest_is_kept(system: tuple[System, str]) -> None:
    assert system[1].encode() not in bytes(System.objects.get().secret_digest)


@pytest.mark.parametrize(
    "facts",
    [
        {"organisation": " "},
        {"ground": ""},
        {"stakeholder": "student"},
        {"scopes": []},
        {"scopes": ["all"]},
        {"purpose": "selective_screening"},
    ],
)
def test_a_system_that_does_not_say_what_is_needed_is_not_let_in(school: School, facts: Facts) -> None:
    with pytest.raises(NotASystem):
        systems.register("名簿", **{**FACTS, **facts})
