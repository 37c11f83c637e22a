import re

import pytest

from terakoya.access import api as access
from terakoya.exchange.models import Grant
from terakoya.kit.models import Job
from terakoya.pds.api import add_child
from tests.exchange.other_node import OtherNode

from .conftest import Family, agree, invitation, learned, shared_with

CODE = "abcd-efgh"


def entered(family: Family, juku: OtherNode) -> None:
    family.post("share/", {"partner": juku.uri, "code": CODE})


@pytest.mark.parametrize(
    ("type", "words"),
    [("unknown", "does not know this code"), ("used", "used already"), ("expired", "too old")],
)
def test_a_code_that_does_not_do_is_explained(family: Family, juku: OtherNode, type: str, words: str) -> None:
    problem = {"type": f"invitation-{type}", "status": 404, "detail": ""}
    juku.answer("/exchange/invitations/", (404, problem))
    answer = family.post("share/", {"partner": juku.uri, "code": CODE})
    assert words in answer.content.decode()


def test_a_cram_school_that_is_away_is_said_so(family: Family, juku: OtherNode) -> None:
    juku.away = True
    answer = family.post("share/", {"partner": juku.uri, "code": CODE})
    assert "does not answer now" in answer.content.decode()


def test_the_question_says_who_what_how_much_and_until_when(family: Family, juku: OtherNode) -> None:
    learned(family.child, 3)
    entered(family, juku)
    page = family.get("share/review/").content.decode()
    for words in (
        "The juku",
        "mathematics",
        "3 records now",
        "For example:",
        "tutoring",
        "If you say no",
        "How to stop",
    ):
        assert words in page


def test_no_and_yes_look_alike_and_nothing_is_ticked_beforehand(family: Family, juku: OtherNode) -> None:
    wish = {**invitation()["scope"], "subjects": ["P010", "P030"]}
    juku.answer("/exchange/invitations/", (200, invitation(scope=wish)))
    entered(family, juku)
    page = family.get("share/review/").content.decode()
    assert page.count("tk-button--secondary") == 2
    assert "checked" not in page


def test_without_a_code_there_is_no_question(family: Family) -> None:
    assert family.get("share/review/").url == f"/children/{family.child.person}/share/"


def token(family: Family) -> str:
    [found] = re.findall('name="notice" value="([^"]+)"', family.get("share/review/").content.decode())
    return found


def test_a_no_sends_nothing_is_kept_and_forgets_the_code(family: Family, juku: OtherNode) -> None:
    entered(family, juku)
    answer = family.post("share/review/", {"answer": "no", "notice": token(family)})
    assert "You said no" in answer.content.decode()
    [consent] = access.consents_about(family.child.person)
    assert (access.state_of(consent), consent.recipient, consent.capacity) == ("refused", juku.uri, "guardian")
    assert "The juku" in consent.notice
    assert not Grant.objects.exists() and not Job.objects.filter(topic="exchange.offer").exists()
    assert family.get("share/review/").status_code == 302


def test_a_no_is_taken_while_the_cram_school_is_away(family: Family, juku: OtherNode) -> None:
    entered(family, juku)
    shown = token(family)
    juku.away = True
    assert "You said no" in family.post("share/review/", {"answer": "no", "notice": shown}).content.decode()
    assert [access.state_of(one) for one in access.consents_about(family.child.person)] == ["refused"]


@pytest.mark.parametrize("shown", ["", "forged", "of another child"])
def test_a_no_to_what_was_not_shown_is_asked_again(family: Family, juku: OtherNode, shown: str) -> None:
    entered(family, juku)
    if shown == "of another child":
        shown = token(family)
        sibling = add_child(family.guardian, name="A Sibling", kana="sibling", grade=1)
        family.browser.post(f"/children/{sibling.person}/share/", {"partner": juku.uri, "code": CODE})
        family.child = sibling
    answer = family.post("share/review/", {"answer": "no", "notice": shown})
    assert "Please read the page again" in answer.content.decode()
    assert "Choose at least one" not in answer.content.decode()
    assert access.consents_about(family.child.person) == []


def test_a_no_ends_what_was_agreed_to_before_and_the_page_says_so(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    entered(family, juku)
    assert "What you agreed to before ends too." in family.get("share/review/").content.decode()
    family.post("share/review/", {"answer": "no", "notice": token(family)})
    assert access.state_of(access.consent(consent.uuid)) == "withdrawn"


def test_a_yes_is_a_consent_and_an_offer_on_its_way(family: Family, juku: OtherNode) -> None:
    consent = shared_with(juku, family)
    assert (consent.recipient, consent.purpose, consent.capacity) == (juku.uri, "tutoring", "guardian")
    assert consent.scope["subjects"] == ["P030"]
    assert Grant.objects.get().consent == consent.uuid
    assert Job.objects.filter(topic="exchange.offer").count() == 1


def test_subjects_beyond_the_wish_are_refused(family: Family, juku: OtherNode) -> None:
    entered(family, juku)
    answer = agree(family, ["P030", "P010"])
    assert answer.status_code == 200
    assert access.consents_about(family.child.person) == []


def test_a_code_that_was_used_meanwhile_gives_no_consent(family: Family, juku: OtherNode) -> None:
    entered(family, juku)
    juku.answer("/exchange/invitations/", (410, {"type": "invitation-used", "status": 410, "detail": ""}))
    answer = family.post("share/review/", {"answer": "yes", "subjects": ["P030"]})
    assert answer.status_code == 409
    assert access.consents_about(family.child.person) == []


def test_a_wish_beyond_what_the_purpose_allows_gives_no_consent(family: Family, juku: OtherNode) -> None:
    juku.answer("/exchange/invitations/", (200, invitation(valid_until="2040-01-01")))
    entered(family, juku)
    answer = agree(family, ["P030"])
    assert answer.status_code == 200
    assert access.consents_about(family.child.person) == []
