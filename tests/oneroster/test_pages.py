"""The administrators' pages of the systems."""

import pytest
from django.test import Client

from terakoya.audit.api import entry_at
from terakoya.identity.api import account_named
from terakoya.oneroster import systems, tokens
from terakoya.oneroster.models import System
from tests.access.school import School

FORM = {
    "name": "ドリル",
    "organisation": "校務システム社",
    "stakeholder": "school_affairs_provider",
    "purpose": "entrusted_processing",
    "ground": "委託契約 第14号",
    "scopes": ["roster-core.readonly"],
}


@pytest.fixture
def clerk(client: Client, school: School) -> Client:
    client.force_login(school.clerk)
    return client


def made() -> tuple[System, str]:
    facts = {name: FORM[name] for name in ("organisation", "stakeholder", "ground", "scopes")}
    return systems.register("ドリル", **facts, by="clerk")  # type: ignore[arg-type]


def test_a_system_is_let_in_and_its_secret_shown_once(clerk: Client) -> None:
    answer = clerk.post("/systems/new/", FORM)
    system = System.objects.get()
    assert (system.name, system.scopes, system.made_by) == ("ドリル", ["roster-core.readonly"], "clerk")
    assert (secret := answer.context["secret"]) in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert bytes(system.secret_digest) == systems.digest(secret)
    assert secret not in clerk.get(f"/systems/{system.client_id}/").content.decode()


@pytest.mark.parametrize("name", ["name", "organisation", "stakeholder", "ground", "scopes"])
def test_what_is_missing_is_asked_for_and_nothing_is_let_in(clerk: Client, name: str) -> None:
    answer = clerk.post("/systems/new/", {key: value for key, value in FORM.items() if key != name})
    assert answer.status_code == 400
    assert answer.context["form"].errors[name]
    assert not System.objects.exists()


def test_the_list_says_when_each_last_came(clerk: Client) -> None:
    system, _secret = made()
    assert "ドリル" in clerk.get("/systems/").content.decode()
    tokens.issue(system, list(system.scopes))
    assert clerk.get("/systems/").context["living"][0].last_token_at is not None


def test_shutting_out_takes_effect_at_once(clerk: Client) -> None:
    system, _secret = made()
    token = tokens.issue(system, list(system.scopes))
    clerk.post(f"/systems/{system.client_id}/", {"step": "revoke"})
    assert tokens.holder_of(token) is None
    assert [one.client_id for one in clerk.get("/systems/").context["gone"]] == [system.client_id]


def test_a_new_secret_ends_the_old_one(clerk: Client) -> None:
    system, old = made()
    answer = clerk.post(f"/systems/{system.client_id}/", {"step": "renew"})
    system.refresh_from_db()
    assert bytes(system.secret_digest) == systems.digest(answer.context["secret"]) != systems.digest(old)


def test_nobody_but_an_administrator_sees_them(client: Client, school: School) -> None:
    system, _secret = made()
    client.force_login(school.head)
    for place in ("/systems/", "/systems/new/", f"/systems/{system.client_id}/"):
        assert client.get(place).status_code == 403


def test_there_is_no_page_of_an_unknown_system(clerk: Client) -> None:
    assert clerk.get("/systems/none/").status_code == 404
    assert account_named("clerk") is not None


def test_each_thing_done_to_a_system_is_a_line_of_the_log(clerk: Client, school: School) -> None:
    clerk.post("/systems/new/", FORM)
    system = System.objects.get()
    clerk.post(f"/systems/{system.client_id}/", {"step": "renew"})
    clerk.post(f"/systems/{system.client_id}/", {"step": "revoke"})
    system.refresh_from_db()
    said = [entry_at(index).facts for index in system.lines]
    assert [one["what"] for one in said] == ["system_let_in", "system_renewed", "system_shut_out"]
    assert {one["actor"]["account"] for one in said} == {school.clerk.pk}
    assert said[0]["reference"] == f"{system.client_id} roster-core.readonly"


def test_the_page_of_a_system_shows_its_lines_of_the_log(clerk: Client) -> None:
    clerk.post("/systems/new/", FORM)
    clerk.post(f"/systems/{System.objects.get().client_id}/", {"step": "renew"})
    renewed, let_in = clerk.get(f"/systems/{System.objects.get().client_id}/").context["lines"]
    assert (renewed["scopes"], let_in["scopes"]) == ([], ["roster-core.readonly"])
    assert renewed["index"] > let_in["index"]


def test_a_system_is_not_let_in_without_its_line(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **named: object) -> None:
        raise OSError

    monkeypatch.setattr("terakoya.audit.api.append", full)
    with pytest.raises(OSError):
        made()
    assert not System.objects.exists()
