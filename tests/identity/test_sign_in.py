"""Signing in: who gets in, where to, and what guessing meets."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http import HttpResponse
from django.test import Client

from terakoya.identity import api
from terakoya.identity.models import Account, SignInTries
from terakoya.identity.policy import LONGEST_PAUSE, pause_after
from terakoya.kit import clock

pytestmark = pytest.mark.django_db
RIGHT = "asagao-2026"


@pytest.fixture(autouse=True)
def _hana() -> None:
    api.create_account("hana", display_name="Hana", password=RIGHT)


def sign_in(client: Client, username: str = "hana", password: str = RIGHT, **more: str) -> HttpResponse:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


def test_the_right_password_leads_on_to_the_page_that_was_wanted(client: Client) -> None:
    assert sign_in(client, " ＨＡＮＡ", next="/matrix/").headers["Location"] == "/matrix/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_away_to_another_site(client: Client, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere).headers["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_part_is_wrong(client: Client) -> None:
    for username in ("hana", "nobody"):
        page = sign_in(client, username, "wrong").content.decode()
        assert page.count("ログイン名かパスワードが違います") >= 1


def test_five_wrong_passwords_begin_a_pause_that_even_the_right_one_meets(client: Client) -> None:
    moment = clock.now()
    with time_machine.travel(moment, tick=False):
        for _ in range(5):
            sign_in(client, password="wrong")
        assert "15秒" in sign_in(client).content.decode()
    with time_machine.travel(moment + timedelta(seconds=16), tick=False):
        assert sign_in(client).status_code == 302
    assert not SignInTries.objects.exists()


def test_the_pause_of_one_name_does_not_touch_another(client: Client) -> None:
    api.create_account("taro", display_name="Taro", password=RIGHT)
    for _ in range(6):
        sign_in(client, password="wrong")
    assert sign_in(client, "taro").status_code == 302


def test_the_pause_grows_to_a_quarter_of_an_hour() -> None:
    pauses = [pause_after(wrong) for wrong in range(40)]
    assert pauses == sorted(pauses) and not any(pauses[:5]) and pauses[-1] == LONGEST_PAUSE


def test_what_was_typed_as_a_name_is_not_kept_in_clear(client: Client) -> None:
    sign_in(client, "my-secret-password", "wrong")
    assert "my-secret" not in SignInTries.objects.get().name_digest


def test_empty_fields_are_told_each(client: Client) -> None:
    page = sign_in(client, "", "").content.decode()
    assert "ログイン名を入力してください" in page and "パスワードを入力してください" in page


def test_signing_out_needs_a_post_and_ends_the_session(client: Client) -> None:
    sign_in(client)
    assert client.get("/sign-out/").status_code == 405
    client.post("/sign-out/")
    assert "_auth_user_id" not in client.session


def test_the_form_helps_password_managers(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()
    assert 'autocomplete="username"' in page and 'autocomplete="current-password"' in page


def test_the_form_needs_a_token_of_the_page() -> None:
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("page", ["/sign-in/", "/card/", "/second-factor/", "/my-sign-in/"])
def test_no_other_site_shows_the_pages_in_a_frame(client: Client, page: str) -> None:
    answer = client.get(page)
    assert answer["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_a_name_that_nobody_has_costs_the_same_work_and_gets_the_same_answer(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.create_account("closed", display_name="Closed", password=RIGHT)
    Account.objects.filter(username="closed").update(is_active=False)
    hashed: list[str] = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *of: (hashed.append(of[1]), real(*of))[1])
    answers = []
    for name in ("hana", "nobody", "closed"):
        hashed.clear()
        page = sign_in(client, name, "wrong")
        answers.append((page.status_code, page.context["form"].errors.as_json(), len(hashed)))
    assert len(set(answers)) == 1


def test_a_long_pause_is_told_in_minutes(client: Client) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        for _ in range(9):
            sign_in(client, password="wrong")
            time.shift(timedelta(minutes=15))
        sign_in(client, password="wrong")
        assert "8分" in re.sub(r"<[^>]+>", "", sign_in(client).content.decode())
