"""Sessions: how long they last, who sees and ends them, and that nobody plants one."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from terakoya.identity import api, sessions
from terakoya.identity.browsers import in_words
from terakoya.identity.jobs import forget
from terakoya.identity.models import Account, OpenSession
from terakoya.kit import clock

from .conftest import PASSWORD, kept_in, sign_in

pytestmark = pytest.mark.django_db
OWN = "/my-sign-in/"
WINDOWS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
)


@pytest.fixture
def mother() -> Account:
    return api.create_account("mother", display_name="Mother", password=PASSWORD)


def is_in(client: Client) -> bool:
    return client.get(OWN).status_code == 200


@pytest.mark.parametrize(("who", "minutes"), [("clerk", 30), ("mother", 120)])
def test_a_session_that_is_not_used_ends(
    client: Client, clerk: Account, mother: Account, who: str, minutes: int
) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        sign_in(client, who)
        time.move_to(start + timedelta(minutes=minutes - 1))
        assert is_in(client)
        time.move_to(start + timedelta(minutes=2 * minutes - 1, seconds=1))
        assert not is_in(client)


def test_a_session_in_use_ends_after_its_whole_length(client: Client, clerk: Account) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as time:
        sign_in(client, "clerk")
        for minutes in range(20, 480, 20):
            time.move_to(start + timedelta(minutes=minutes))
            assert is_in(client)
        time.move_to(start + timedelta(hours=8))
        assert not is_in(client)


def test_who_was_signed_out_for_idleness_is_told_so(client: Client, clerk: Account) -> None:
    sign_in(client, "clerk")
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert "しばらく操作がなかった" in client.get(OWN, follow=True).content.decode()


def test_signing_in_gives_a_new_session_id(client: Client, mother: Account) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    sign_in(client, "mother")
    assert client.session.session_key != session.session_key


def test_one_sees_where_one_is_signed_in(mother: Account) -> None:
    here, there = Client(HTTP_USER_AGENT=WINDOWS), Client(HTTP_USER_AGENT="Mozilla/5.0 (iPad) Safari/600")
    sign_in(here, "mother"), sign_in(there, "mother")
    page = here.get(OWN).content.decode()
    assert "Chrome · Windows" in page and "Safari · iPad" in page


def test_one_ends_another_session_of_one_s_own(mother: Account) -> None:
    here, there = Client(), Client()
    sign_in(here, "mother"), sign_in(there, "mother")
    other = OpenSession.objects.get(session_key=there.session.session_key)
    here.post(f"{OWN}sessions/end/", {"session": str(other.pk)})
    assert is_in(here) and not is_in(there)


def test_one_ends_all_other_sessions(mother: Account) -> None:
    browsers = [Client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, "mother")
    browsers[0].post(f"{OWN}sessions/end/")
    assert [is_in(browser) for browser in browsers] == [True, False, False]


def test_nobody_ends_the_session_of_another(client: Client, mother: Account, clerk: Account) -> None:
    sign_in(theirs := Client(), "clerk")
    sign_in(client, "mother")
    client.post(f"{OWN}sessions/end/", {"session": str(OpenSession.objects.get(account=clerk).pk)})
    assert is_in(theirs)


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "１"])
def test_a_session_number_that_is_none_ends_no_session_of_others(client: Client, mother: Account, number: str) -> None:
    sign_in(client, "mother")
    assert client.post(f"{OWN}sessions/end/", {"session": number}).status_code == 302 and is_in(client)


def test_signing_out_takes_the_session_out_of_the_list(client: Client, mother: Account) -> None:
    sign_in(client, "mother")
    client.post("/sign-out/")
    assert not OpenSession.objects.exists()


def test_what_is_left_of_ended_sessions_is_dropped(client: Client, mother: Account) -> None:
    sign_in(client, "mother")
    with time_machine.travel(clock.now() + timedelta(days=1)):
        forget()
    assert not OpenSession.objects.exists() and not Session.objects.exists()


def test_a_closed_account_is_out_with_its_next_request(client: Client, mother: Account) -> None:
    sign_in(client, "mother")
    Account.objects.update(is_active=False)
    assert not is_in(client)


@pytest.mark.parametrize(
    ("header", "words"), [("", ""), ("curl/8", ""), (WINDOWS, "Chrome · Windows"), ("\x00 <b>" * 900, "")]
)
def test_a_browser_is_named_in_known_words_only(header: str, words: str) -> None:
    assert in_words(header) == words


def test_use_is_written_once_a_minute_at_most(client: Client, mother: Account) -> None:
    sign_in(client, "mother")
    before = OpenSession.objects.get().seen_at
    is_in(client)
    assert OpenSession.objects.get().seen_at == before
    with time_machine.travel(clock.now() + sessions.WRITTEN_EVERY):
        is_in(client)
    assert OpenSession.objects.get().seen_at > before


def too_late(client: Client) -> dict[str, str]:
    """The clerk's form, sent after half an hour, as it waits in the page that asks for the sign-in."""
    sign_in(client, "clerk")
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        page = client.post("/second-factor/reset/", {"username": "colleague"})
    assert page.status_code == 200 and 'name="password"' in page.content.decode()
    return kept_in(page)


def test_a_form_that_comes_too_late_is_sent_on_after_the_sign_in(client: Client, clerk: Account) -> None:
    kept = too_late(client)
    assert (kept["kept_path"], kept["kept_body"]) == ("/second-factor/reset/", "username=colleague")
    assert 'action="/second-factor/reset/"' in sign_in(client, "clerk", **kept).content.decode()


def test_a_wrong_password_does_not_lose_the_form(client: Client, clerk: Account) -> None:
    kept = too_late(client)
    assert kept_in(sign_in(client, "clerk", "wrong", **kept)) == kept


def test_what_one_has_filled_in_is_not_sent_by_another(client: Client, clerk: Account, mother: Account) -> None:
    assert sign_in(client, "mother", **too_late(client))["Location"] == "/"


def test_a_form_of_nobody_is_not_sent_on(client: Client, clerk: Account) -> None:
    kept = {"kept_path": "/second-factor/reset/", "kept_body": "username=colleague", "kept_for": "forged"}
    assert 'action="/second-factor/reset/"' not in sign_in(client, "clerk", **kept).content.decode()


def test_signing_out_too_late_is_no_form_to_keep(client: Client, clerk: Account) -> None:
    sign_in(client, "clerk")
    with time_machine.travel(clock.now() + timedelta(minutes=31)):
        assert client.post("/sign-out/").status_code == 302
