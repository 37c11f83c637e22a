"""The second factor: who is asked, what is taken, what is not taken twice, and what becomes of a form."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.exceptions import InvalidTag
from django.http import HttpResponse
from django.test import Client

from terakoya.identity import api, factors
from terakoya.identity.errors import Paused, WrongCode
from terakoya.identity.models import Account, Factor, RecoveryCode
from terakoya.identity.policy import FREE_TRIES
from terakoya.kit import clock

from .conftest import PASSWORD, code_of, kept_in, sign_in

pytestmark = pytest.mark.django_db
STRONG, FREE = "/roster/imports/", "/matrix/"


def give_code(client: Client, code: str, **more: str) -> HttpResponse:
    return client.post("/second-factor/", {"code": code, **more})


def test_staff_are_asked_before_class_two_and_led_back(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    asked = client.get(f"{STRONG}?page=2")
    assert asked["Location"] == "/second-factor/?next=%2Froster%2Fimports%2F%3Fpage%3D2"
    assert give_code(client, code_of(secret), next=f"{STRONG}?page=2")["Location"] == f"{STRONG}?page=2"
    assert client.get(STRONG).status_code == 200


def test_pages_of_lower_classes_need_the_password_only(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    assert client.get(FREE).status_code == client.get("/").status_code == 200


def test_the_second_factor_is_asked_for_again_after_its_hours(
    client: Client, clerk: Account, secret: str, settings: Any
) -> None:
    settings.STAFF_IDLE_MINUTES, settings.SECOND_FACTOR_HOURS = 600, 2
    sign_in(client, "clerk")
    give_code(client, code_of(secret))
    with time_machine.travel(clock.now() + timedelta(hours=2, seconds=1)):
        assert client.get(STRONG).status_code == 302


@pytest.mark.parametrize("code", ["000000", "", "not-a-code", "１２３", "9" * 400, "🐟"])
def test_a_wrong_code_opens_nothing(client: Client, clerk: Account, secret: str, code: str) -> None:
    sign_in(client, "clerk")
    assert give_code(client, code).status_code == 400
    assert client.get(STRONG).status_code == 302


def test_a_code_is_good_once(clerk: Account, secret: str) -> None:
    first, second = Client(), Client()
    code = code_of(secret)
    for browser, status in ((first, 302), (second, 400)):
        sign_in(browser, "clerk")
        assert give_code(browser, code).status_code == status


def test_a_code_before_the_one_used_last_is_refused(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    early = code_of(secret, steps=-1)
    assert give_code(client, code_of(secret)).status_code == 302
    assert give_code(client, early).status_code == 400


def test_a_code_two_steps_away_is_refused(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    assert give_code(client, code_of(secret, steps=2)).status_code == 400
    assert give_code(client, code_of(secret, steps=1)).status_code == 302


def test_guessing_meets_pauses_that_even_the_right_code_meets(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(5):
            give_code(client, "000000")
        page = give_code(client, code_of(secret))
        assert page.status_code == 400 and "15秒" in page.content.decode()


def test_the_pauses_of_codes_cannot_be_caused_from_the_sign_in_page(
    client: Client, clerk: Account, secret: str
) -> None:
    for _ in range(6):
        sign_in(client, str(clerk.pk), "wrong")
    sign_in(client, "clerk")
    assert give_code(client, code_of(secret)).status_code == 302


def test_nobody_is_led_away_to_another_site(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    assert give_code(client, code_of(secret), next="https://evil.example/")["Location"] == "/"


def test_a_form_is_not_lost_but_kept_in_the_page_and_sent_on(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    page = client.post("/second-factor/reset/", {"username": "colleague", "sure": "on", "csrfmiddlewaretoken": "x"})
    kept = kept_in(page)
    assert (kept["kept_path"], kept["kept_body"]) == ("/second-factor/reset/", "username=colleague&sure=on")
    onward = give_code(client, code_of(secret), **kept).content.decode()
    assert 'action="/second-factor/reset/"' in onward and 'name="username" value="colleague"' in onward


def test_what_is_kept_is_sent_on_only_within_this_node(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    kept = kept_in(client.post("/second-factor/reset/", {"username": "colleague"}))
    answer = give_code(client, code_of(secret), **(kept | {"kept_path": "https://evil.example/"}))
    assert answer["Location"] == "/"


def test_a_kept_form_without_its_fields_is_no_fault(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    assert give_code(client, code_of(secret), kept_path="/second-factor/reset/")["Location"] == "/"


def test_the_session_gets_a_new_id_with_the_second_factor(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    before = client.session.session_key
    give_code(client, code_of(secret))
    assert client.session.session_key != before


def test_staff_without_a_factor_are_led_to_set_one_up(client: Client, clerk: Account) -> None:
    assert sign_in(client, "clerk", next=FREE)["Location"] == "/second-factor/set-up/?next=%2Fmatrix%2F"
    assert client.get(STRONG, follow=True).redirect_chain[-1][0].startswith("/second-factor/set-up/?next=%2Froster")


def set_up(client: Client) -> tuple[str, HttpResponse]:
    page = client.get("/second-factor/set-up/").content.decode()
    found = re.search(r'id-secret">([A-Z2-7 ]+)<', page)
    assert found and "<svg" in page
    secret = found[1].replace(" ", "")
    return secret, client.post("/second-factor/set-up/", {"code": code_of(secret), "next": STRONG})


def test_setting_up_shows_recovery_codes_once_and_strengthens_the_session(client: Client, clerk: Account) -> None:
    sign_in(client, "clerk")
    _, page = set_up(client)
    codes = re.findall(r"<li>([A-Z2-9]{5}-[A-Z2-9]{5})</li>", page.content.decode())
    assert len(set(codes)) == 10 and client.get(STRONG).status_code == 200
    assert not any(code in client.get("/my-sign-in/").content.decode() for code in codes)


def test_the_code_that_set_the_app_up_is_not_good_again(client: Client, clerk: Account) -> None:
    sign_in(client, "clerk")
    secret, _ = set_up(client)
    assert give_code(client, code_of(secret)).status_code == 400


def test_a_wrong_code_sets_nothing_up(client: Client, clerk: Account) -> None:
    sign_in(client, "clerk")
    client.get("/second-factor/set-up/")
    assert client.post("/second-factor/set-up/", {"code": "000000"}).status_code == 400
    assert not factors.has_factor(clerk)


def test_who_has_a_factor_needs_it_to_set_up_another(client: Client, clerk: Account, secret: str) -> None:
    sign_in(client, "clerk")
    for path in ("/second-factor/set-up/", "/my-sign-in/password/"):
        assert client.get(path)["Location"].startswith("/second-factor/?next=")


def test_a_recovery_code_opens_once(client: Client, clerk: Account, secret: str) -> None:
    code = factors.new_recovery_codes(clerk)[3]
    sign_in(client, "clerk")
    assert give_code(client, code.lower()).status_code == 302
    assert give_code(client, code).status_code == 400
    assert RecoveryCode.objects.count() == 9


def test_a_recovery_code_of_another_opens_nothing(client: Client, clerk: Account, secret: str) -> None:
    other = api.create_account("other", display_name="Other")
    sign_in(client, "clerk")
    assert give_code(client, factors.new_recovery_codes(other)[0]).status_code == 400


def test_the_secret_does_not_stand_in_the_database(clerk: Account, secret: str) -> None:
    row = Factor.objects.get()
    assert secret.encode() not in bytes(row.sealed)
    assert factors.new_recovery_codes(clerk)[0].replace("-", "") not in str(list(RecoveryCode.objects.values()))


def test_a_secret_copied_to_another_account_is_unreadable(clerk: Account, secret: str) -> None:
    other = api.create_account("other", display_name="Other")
    Factor.objects.update(account=other)
    with pytest.raises(InvalidTag):
        factors.check(other, code_of(secret))


def test_families_are_asked_only_when_they_have_set_one_up(client: Client) -> None:
    account = api.create_account("mother", display_name="Mother", password=PASSWORD)
    sign_in(client, "mother")
    assert client.get("/consents/").status_code == 200
    api.give_codes(account, api.new_secret())
    sign_in(other := Client(), "mother")
    assert other.get("/consents/")["Location"].startswith("/second-factor/")


def test_the_page_needs_a_sign_in_and_a_token(clerk: Account, secret: str) -> None:
    assert Client().get("/second-factor/")["Location"].startswith("/sign-in/")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(clerk)
    assert give_code(strict, code_of(secret)).status_code == 403


def test_no_page_shows_a_code_unless_it_is_a_demonstration(
    client: Client, clerk: Account, secret: str, settings: Any
) -> None:
    sign_in(client, "clerk")
    with time_machine.travel(clock.now(), tick=False):
        assert code_of(secret) not in client.get("/second-factor/").content.decode()
        settings.DEMO = True
        assert code_of(secret) in client.get("/second-factor/").content.decode()


def test_a_demonstration_shows_a_code_that_is_still_unused(
    client: Client, clerk: Account, secret: str, settings: Any
) -> None:
    settings.DEMO = True
    sign_in(client, "clerk")
    for _ in range(4):
        assert give_code(client, factors.shown_in_demo(clerk)).status_code == 302


def test_clerks_take_a_colleague_s_factor_away_and_the_colleague_is_told(client: Client, clerk: Account) -> None:
    colleague = api.create_account("colleague", display_name="Colleague", password=PASSWORD, is_administrator=True)
    api.give_codes(colleague, api.new_secret())
    sign_in(theirs := Client(), "colleague")
    client.force_login(clerk)
    assert client.post("/second-factor/reset/", {"username": "colleague", "sure": "on"}).status_code == 302
    assert not factors.has_factor(colleague) and theirs.get("/my-sign-in/").status_code == 302
    sign_in(theirs, "colleague")
    assert "tk-notice--warning" in theirs.get("/second-factor/set-up/").content.decode()


@pytest.mark.parametrize(("who", "fields"), [("clerk", {"sure": "on"}), ("nobody", {"sure": "on"}), ("colleague", {})])
def test_a_reset_is_refused(client: Client, clerk: Account, secret: str, who: str, fields: dict[str, str]) -> None:
    colleague = api.create_account("colleague", display_name="Colleague")
    api.give_codes(colleague, api.new_secret())
    client.force_login(clerk)
    assert client.post("/second-factor/reset/", {"username": who, **fields}).status_code == 400
    assert factors.has_factor(colleague) and factors.has_factor(clerk)


def test_others_than_clerks_reset_nothing(client: Client) -> None:
    client.force_login(api.create_account("teacher", display_name="Teacher"))
    assert client.get("/second-factor/reset/").status_code == 403


def test_of_many_codes_tried_at_once_only_the_free_ones_are_looked_at(
    clerk: Account, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each code is sent while the one before it is still being looked at."""
    looked_at = []

    def another_comes_meanwhile(account: Account, code: str) -> bool:
        looked_at.append(code)
        if len(looked_at) < 20:
            with pytest.raises((Paused, WrongCode)):
                factors.check(account, f"{len(looked_at):06d}")
        return False

    monkeypatch.setattr(factors, "_take_code", another_comes_meanwhile)
    with pytest.raises(WrongCode):
        factors.check(clerk, "000000")
    assert len(looked_at) == FREE_TRIES
