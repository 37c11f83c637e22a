"""The holder's page of a consent, at a city."""

import re
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from terakoya.access import api as access
from terakoya.exchange.models import Grant
from terakoya.identity.api import create_account
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Guardianship, Person
from terakoya.standards import ages

from .conftest import learned
from .other_node import OtherNode
from .test_authorisations import pushed

BEGAN = clock.today() - timedelta(days=100)


@dataclass
class Home:
    """A guardian with children at the city's schools, signed in."""

    guardian: Person
    browser: Client

    def with_child(self, name: str) -> Person:
        child = person(name)
        Guardianship.objects.create(guardian=self.guardian, child=child, begins=BEGAN)
        return child


def person(name: str) -> Person:
    return Person.objects.create(sourced_id=name, display_given=name)


@pytest.fixture
def home(db: None) -> Home:
    guardian = person("Guardian")
    account = create_account("guardian", display_name="Guardian", person=guardian.uuid)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(account)
    return Home(guardian, browser)


@pytest.fixture
def page(pds: OtherNode) -> str:
    """The address to which the PDS sends the browser."""
    return f"/authorise/?request_uri={pushed(pds).json()['request_uri']}"


def yes(browser: Client, page: str, child: Person) -> dict[str, str]:
    """The fields of the form that was read."""
    text = browser.get(f"{page}&child={child.uuid}").content.decode()
    [token] = re.findall('name="notice" value="([^"]+)"', text)
    return {"answer": "yes", "child": str(child.uuid), "notice": token}


def no(browser: Client, page: str, child: Person) -> dict[str, str]:
    return {**yes(browser, page, child), "answer": "no"}


def other_guardian(child: Person) -> Client:
    """The browser of the child's other guardian, signed in."""
    second = person("Second")
    Guardianship.objects.create(guardian=second, child=child, begins=BEGAN)
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(create_account("second", display_name="Second", person=second.uuid))
    return browser


def states(child: Person) -> list[str]:
    """The states of the agreements about a child, oldest first."""
    return [access.state_of(one) for one in reversed(access.consents_about(child.uuid))]


def test_the_question_asks_for_a_sign_in_first(page: str) -> None:
    answer = Client().get(page)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in/?next=/authorise/")


def test_the_question_says_who_what_what_for_until_when_and_how_to_stop(home: Home, page: str) -> None:
    home.with_child("Mitsuki")
    text = home.browser.get(page).content.decode()
    for words in ("The pds", "Mitsuki", "0 records now", "own use", "for example", "If you say no", "How to stop"):
        assert words in text


def test_the_question_shows_one_of_the_child_s_own_records_and_the_look_is_logged(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    learned(child.uuid, 3)
    text = home.browser.get(page).content.decode()
    assert "3 records now" in text
    assert 'One of them: “mathematics, <span lang="ja">分数</span>: score 80%, 8 May 2026”.' in text
    [line] = access.accesses_of(child.uuid)
    assert (line.what, line.role, line.purpose) == ("pupil_records", "guardian", "own_use")


def test_where_nothing_is_passed_on_yet_nothing_is_looked_at(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    assert "for example" in home.browser.get(page).content.decode()
    assert access.accesses_of(child.uuid) == []


def test_yes_and_no_look_alike(home: Home, page: str) -> None:
    home.with_child("Mitsuki")
    assert home.browser.get(page).content.decode().count("tk-button--secondary") == 2


def test_the_answer_may_lead_back_to_the_asker_only(home: Home, page: str, pds: OtherNode) -> None:
    home.with_child("Mitsuki")
    policy = home.browser.get(page).headers["Content-Security-Policy"]
    [directive] = [part for part in policy.split(";") if "form-action" in part]
    assert directive.split() == ["form-action", "'self'", pds.uri]


def test_a_yes_is_a_consent_of_the_guardian_and_leads_back_with_a_code(home: Home, page: str, pds: OtherNode) -> None:
    child = home.with_child("Mitsuki")
    answer = home.browser.post(page, yes(home.browser, page, child))
    assert answer.headers["Location"].startswith(f"{pds.uri}/connect/return/?code=")
    [consent] = access.consents_about(child.uuid)
    assert (consent.capacity, consent.recipient) == ("guardian", pds.uri)


@pytest.mark.parametrize("notice", ["", "forged", "of the other child"])
def test_a_yes_to_what_was_not_shown_is_no_yes(home: Home, page: str, notice: str) -> None:
    child, other = home.with_child("Mitsuki"), home.with_child("Haru")
    fields = yes(home.browser, page, other)
    fields |= {"child": str(child.uuid)} if notice.startswith("of") else {"notice": notice}
    assert "Please read the page again" in home.browser.post(page, fields).content.decode()
    assert not access.consents_about(child.uuid) and not access.consents_about(other.uuid)


def test_a_learner_of_age_decides_alone(home: Home, page: str) -> None:
    grown = home.with_child("Mitsuki")
    Person.objects.filter(uuid=grown.uuid).update(birth_date=ages.birthday(clock.today(), -18))
    account = create_account("grown", display_name="Mitsuki", person=grown.uuid)
    assert "knows no child of yours" in home.browser.get(page).content.decode()
    home.browser.force_login(account)
    home.browser.post(page, yes(home.browser, page, grown))
    assert [one.capacity for one in access.consents_about(grown.uuid)] == ["self"]


def test_a_no_leads_back_and_is_kept_with_what_was_shown(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    answer = home.browser.post(page, no(home.browser, page, child))
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["access_denied"]
    [consent] = access.consents_about(child.uuid)
    assert (access.state_of(consent), consent.given_by) == ("refused", home.guardian.uuid)
    assert "The pds" in consent.notice
    assert not Grant.objects.exists()


def test_a_no_to_what_was_not_shown_is_asked_again(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    answer = home.browser.post(page, {"answer": "no", "child": str(child.uuid)})
    assert "Please read the page again" in answer.content.decode()
    assert not access.consents_about(child.uuid)
    assert home.browser.post(page, no(home.browser, page, child)).status_code == 302


def test_a_no_with_several_children_is_about_one_of_them(home: Home, page: str) -> None:
    first, second = home.with_child("Mitsuki"), home.with_child("Riku")
    assert "Which child" in home.browser.post(page, {"answer": "no"}).content.decode()
    home.browser.post(page, no(home.browser, page, second))
    assert (states(first), states(second)) == ([], ["refused"])


def test_a_guardian_s_no_stands_against_the_other_s_yes(home: Home, page: str, pds: OtherNode) -> None:
    child = home.with_child("Mitsuki")
    home.browser.post(page, yes(home.browser, page, child))
    second, again = other_guardian(child), f"/authorise/?request_uri={pushed(pds).json()['request_uri']}"
    second.post(again, no(second, again, child))
    assert states(child) == ["paused", "refused"]
    assert [case.kind for case in access.open_disagreements([child.uuid])] == ["guardians"]


def test_a_guardian_s_yes_after_the_other_s_no_waits(home: Home, page: str, pds: OtherNode) -> None:
    child = home.with_child("Mitsuki")
    home.browser.post(page, no(home.browser, page, child))
    second, again = other_guardian(child), f"/authorise/?request_uri={pushed(pds).json()['request_uri']}"
    second.post(again, yes(second, again, child))
    assert states(child) == ["refused", "paused"]


@pytest.mark.parametrize("agreed", [False, True])
def test_a_no_tells_the_guardian_under_a_court_order_nothing(
    home: Home, page: str, pds: OtherNode, agreed: bool
) -> None:
    child = home.with_child("Mitsuki")
    if agreed:
        home.browser.post(page, yes(home.browser, page, child))
    second, again = other_guardian(child), f"/authorise/?request_uri={pushed(pds).json()['request_uri']}"
    under = Guardianship.objects.get(child=child, guardian__display_given="Second").guardian
    AddressProtection.objects.create(person=child, hidden_from=under, begins=BEGAN)
    assert "ends too" not in second.get(f"{again}&child={child.uuid}").content.decode()
    answer = second.post(again, no(second, again, child))
    assert parse_qs(urlsplit(answer.headers["Location"]).query).keys() == {"error", "state", "iss"}
    assert "do not say the same" not in second.get("/").content.decode()
    assert ("do not say the same" in home.browser.get("/").content.decode()) == agreed


def test_a_no_ends_what_the_reader_agreed_to_before_and_the_page_says_so(home: Home, page: str, pds: OtherNode) -> None:
    child = home.with_child("Mitsuki")
    assert "ends too" not in home.browser.get(page).content.decode()
    home.browser.post(page, yes(home.browser, page, child))
    again = f"/authorise/?request_uri={pushed(pds).json()['request_uri']}"
    assert "What you agreed to before ends too." in home.browser.get(again).content.decode()
    home.browser.post(again, no(home.browser, again, child))
    assert states(child) == ["withdrawn", "refused"]


def test_a_no_alone_ties_the_asker_to_nobody(home: Home, page: str, pds: OtherNode) -> None:
    child = home.with_child("Mitsuki")
    home.browser.post(page, no(home.browser, page, child))
    asker = access.partner_actor(pds.uri, "The pds", "pds")
    assert not access.may(asker, "rights.access_log", "rights", child.uuid).permitted


def test_with_two_children_the_page_asks_which_one_first(home: Home, page: str) -> None:
    home.with_child("Mitsuki")
    second = home.with_child("Riku")
    assert "Which child" in home.browser.get(page).content.decode()
    text = home.browser.get(f"{page}&child={second.uuid}").content.decode()
    assert "Riku" in text
    assert "I agree" in text


def test_nobody_can_say_yes_for_anothers_child(home: Home, page: str) -> None:
    home.with_child("Mitsuki")
    home.with_child("Riku")
    stranger = person("Stranger")
    home.browser.post(page, {"answer": "yes", "child": str(stranger.uuid)})
    assert access.consents_about(stranger.uuid) == []
    assert not Grant.objects.exists()


def test_a_guardian_whose_guardianship_has_ended_cannot_decide(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    Guardianship.objects.filter(child=child).update(ends=clock.today())
    assert "knows no child of yours" in home.browser.get(page).content.decode()
    home.browser.post(page, {"answer": "yes", "child": str(child.uuid)})
    assert not Grant.objects.exists()


def test_without_children_one_goes_back_without_an_answer(home: Home, page: str) -> None:
    assert "knows no child of yours" in home.browser.get(page).content.decode()
    assert "error=access_denied" in home.browser.post(page, {"answer": "no"}).headers["Location"]


@pytest.mark.parametrize("query", ["", "?request_uri=", "?request_uri=urn:unknown"])
def test_a_question_that_nobody_asked_is_a_friendly_page(home: Home, query: str) -> None:
    answer = home.browser.get(f"/authorise/{query}")
    assert answer.status_code == 404
    assert "There is no such question here" in answer.content.decode()


def test_a_question_that_is_too_old_is_a_friendly_page(home: Home, page: str) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=1)):
        answer = home.browser.get(page)
    assert answer.status_code == 410
    assert "too old" in answer.content.decode()


def test_a_question_that_was_answered_is_not_asked_again(home: Home, page: str) -> None:
    child = home.with_child("Mitsuki")
    home.browser.post(page, no(home.browser, page, child))
    for answer in (home.browser.get(page), home.browser.post(page, {"answer": "yes"})):
        assert answer.status_code == 410
        assert "answered already" in answer.content.decode()
