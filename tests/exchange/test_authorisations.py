"""Asking for consent through the browser: both ends of PAR, RAR and PKCE."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID, uuid4

import msgspec
import pytest
import time_machine
from django.http import HttpResponse

from terakoya.access import api as access
from terakoya.access.errors import ConsentRefused
from terakoya.exchange import api, authorisations, errors
from terakoya.exchange.asking import FORM
from terakoya.exchange.authorisations import challenge
from terakoya.exchange.models import AuthorisationRequest, Grant, Transfer
from terakoya.kit import clock, jobs

from .conftest import DATASET, oneself, receipt_from, work
from .other_node import Heard, OtherNode

VERIFIER = "v" * 64


def details(**changes: Any) -> str:
    until = clock.today() + timedelta(days=30)
    asked = {"type": "terakoya_records", "dataset": DATASET, "purpose": "own_use", "valid_until": until, "scope": {}}
    return msgspec.json.encode([{**asked, **changes}]).decode()


def pushed(pds: OtherNode, **changes: Any) -> HttpResponse:
    form = {
        "response_type": "code",
        "client_id": pds.uri,
        "redirect_uri": f"{pds.uri}/connect/return/",
        "state": "s" * 32,
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
        "authorization_details": details(),
    }
    body = urlencode({**form, **changes}).encode()
    return pds.post("/exchange/par", body, content_type=FORM)


def pending(pds: OtherNode) -> AuthorisationRequest:
    return api.pending_authorisation(pushed(pds).json()["request_uri"])


def token(pds: OtherNode, right: str, **changes: Any) -> HttpResponse:
    form = {
        "grant_type": "authorization_code",
        "code": right,
        "code_verifier": VERIFIER,
        "redirect_uri": f"{pds.uri}/connect/return/",
    }
    return pds.post("/exchange/token", urlencode({**form, **changes}).encode(), content_type=FORM)


def code_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


def approved(pds: OtherNode, person: UUID) -> str:
    return code_in(api.approve(pending(pds), person, oneself(person), "self"))


# --- the holder ---


def test_a_yes_leads_back_with_a_code_that_stands_for_the_consent(pds: OtherNode) -> None:
    person = uuid4()
    address = api.approve(pending(pds), person, oneself(person), "self")
    assert address.startswith(f"{pds.uri}/connect/return/?")
    assert parse_qs(urlsplit(address).query)["state"] == ["s" * 32]
    answer = token(pds, code_in(address)).json()
    [consent] = access.consents_about(person)
    assert answer["subject"] == str(Grant.objects.get().pairwise) != str(person)
    assert answer["receipt"]["dct:identifier"] == f"urn:uuid:{consent.uuid}"
    assert str(person) not in msgspec.json.encode(answer).decode()


def test_a_client_that_did_not_hear_the_answer_gets_it_again(pds: OtherNode) -> None:
    code = approved(pds, uuid4())
    assert token(pds, code).json() == token(pds, code).json()
    assert Grant.objects.count() == 1


def test_saying_yes_twice_makes_one_consent(pds: OtherNode) -> None:
    person, asked = uuid4(), pending(pds)
    first = code_in(api.approve(asked, person, oneself(person), "self"))
    again = code_in(api.approve(asked, person, oneself(person), "self"))
    assert len(access.consents_about(person)) == 1
    assert (token(pds, first).status_code, token(pds, again).status_code) == (400, 200)


def test_a_no_leads_back_without_a_code_and_is_final(pds: OtherNode) -> None:
    person, asked = uuid4(), pending(pds)
    assert "error=access_denied" in api.refuse(asked, person, oneself(person), "self")
    for say in (api.approve, api.refuse):
        with pytest.raises(errors.AuthorisationDecided):
            say(asked, person, oneself(person), "self")
    assert [access.state_of(one) for one in access.consents_about(person)] == ["refused"]


def test_a_no_of_whom_it_does_not_concern_leaves_the_question_open(pds: OtherNode) -> None:
    person, asked = uuid4(), pending(pds)
    with pytest.raises(ConsentRefused):
        api.refuse(asked, person, oneself(uuid4()), "self")
    assert not access.consents_about(person)
    assert "code=" in api.approve(asked, person, oneself(person), "self")


@pytest.mark.parametrize(
    "change",
    [
        {"code": "guessed"},
        {"code_verifier": "w" * 64},
        {"redirect_uri": "http://elsewhere.example/"},
        {"grant_type": "password"},
    ],
)
def test_a_code_is_worth_nothing_to_anyone_else(pds: OtherNode, change: dict[str, str]) -> None:
    assert token(pds, approved(pds, uuid4()), **change).status_code == 400


def test_a_code_of_another_client_or_an_old_one_is_refused(pds: OtherNode, other: Any) -> None:
    code = approved(pds, uuid4())
    assert token(other("pds"), code).status_code == 400
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        assert token(pds, code).status_code == 400


def test_a_withdrawn_consent_s_code_is_refused(pds: OtherNode) -> None:
    code = approved(pds, uuid4())
    access.withdraw(Grant.objects.get().consent, by=None)
    assert token(pds, code).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"response_type": "token"},
        {"client_id": "http://elsewhere.example"},
        {"redirect_uri": "http://elsewhere.example/return"},
        {"code_challenge_method": "plain"},
        {"code_challenge": "short"},
        {"state": "short"},
        {"authorization_details": "no json"},
        {"authorization_details": "[]"},
    ],
)
def test_a_request_that_is_not_well_formed_is_refused(pds: OtherNode, change: dict[str, str]) -> None:
    answer = pushed(pds, **change)
    assert answer.status_code == 400 and answer.json()["error"].startswith("invalid_")
    assert not AuthorisationRequest.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "secrets"},
        {"purpose": "tutoring"},
        {"purpose": "selective_screening"},
        {"valid_until": "2020-01-01"},
        {"valid_until": "2099-01-01"},
        {"scope": {"names": True}},
        {"type": "another"},
    ],
)
def test_what_nobody_can_agree_to_is_not_asked(pds: OtherNode, change: dict[str, Any]) -> None:
    answer = pushed(pds, authorization_details=details(**change))
    assert answer.json()["error"] == "invalid_authorization_details"


def test_unknown_and_old_requests_are_told_apart(pds: OtherNode) -> None:
    with pytest.raises(errors.AuthorisationUnknown):
        api.pending_authorisation("urn:ietf:params:oauth:request_uri:guess")
    uri = pushed(pds).json()["request_uri"]
    with time_machine.travel(clock.now() + timedelta(minutes=21)), pytest.raises(errors.AuthorisationExpired):
        api.pending_authorisation(uri)


def test_a_consent_that_is_never_collected_ends_at_both_ends(pds: OtherNode) -> None:
    person = uuid4()
    approved(pds, person)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        authorisations.end_uncollected()
        work()
    assert access.state_of(access.consents_about(person)[0]) == "withdrawn"
    assert pds.last("/withdrawal").method == "POST"


# --- the recipient ---


def answering(city: OtherNode, **changes: Any) -> None:
    """Let the city take the request, and stand by a consent when the code comes."""
    pairwise = uuid4()
    answer = {"subject": str(pairwise), "receipt": receipt_from(city, pairwise), **changes}
    city.answer("/exchange/par", (201, {"request_uri": "urn:request:1", "expires_in": 60}))
    city.answer("/exchange/token", (200, answer))


def begun(city: OtherNode, child: UUID) -> str:
    """Begin, and give the state that comes back with the browser."""
    until = clock.today() + timedelta(days=30)
    address = api.begin_authorisation(
        city.uri, DATASET, "own_use", {}, until, child, "http://127.0.0.1:8100/connect/return/"
    )
    assert address.startswith(f"{city.uri}/authorise/?request_uri=urn%3Arequest%3A1")
    return parse_qs(city.last("/par").body.decode())["state"][0]


def test_a_code_becomes_a_grant_and_its_transfer_is_asked_for(city: OtherNode) -> None:
    child = uuid4()
    answering(city)
    state = begun(city, child)
    assert api.asked_subject(state) == child
    grant = api.complete_authorisation(state, "code")
    form = parse_qs(city.last("/token").body.decode())
    assert challenge(form["code_verifier"][0]) == parse_qs(city.last("/par").body.decode())["code_challenge"][0]
    assert (grant.subject, grant.side) == (child, "recipient")
    assert api.complete_authorisation(state, "code") == grant  # the page is loaded again
    assert Transfer.objects.get().state == "REQUESTED"
    assert access.state_of(access.consent(grant.consent)) == "given"


def test_when_the_holder_is_away_the_node_redeems_the_code_by_itself(city: OtherNode) -> None:
    child = uuid4()
    answering(city)
    state = begun(city, child)
    city.away = True
    with pytest.raises(errors.PartnerAway):
        api.complete_authorisation(state, "code")
    city.away = False
    jobs.run_waiting(until=clock.now() + timedelta(minutes=1))
    assert [grant.subject for grant in api.grants_of(child)] == [child]


def test_a_refused_code_is_final(city: OtherNode) -> None:
    answering(city)
    state = begun(city, uuid4())
    city.answer("/exchange/token", (400, {"type": "invalid-grant", "detail": "no"}))
    for _ in range(2):
        with pytest.raises(errors.AuthorisationRefused):
            api.complete_authorisation(state, "code")
    assert not Grant.objects.exists()


def test_a_state_that_was_never_given_out_is_refused(city: OtherNode) -> None:
    with pytest.raises(errors.AuthorisationUnknown):
        api.complete_authorisation("forged", "code")


def test_a_consent_between_others_is_not_taken(city: OtherNode, other: Any) -> None:
    answering(city, receipt=receipt_from(other("juku"), uuid4()))
    state = begun(city, uuid4())
    with pytest.raises(errors.PartnerAway):
        api.complete_authorisation(state, "code")
    assert not Grant.objects.exists()


def test_a_holder_that_does_not_answer_is_away(city: OtherNode) -> None:
    city.away = True
    with pytest.raises(errors.PartnerAway):
        begun(city, uuid4())


def test_heard_requests_never_name_the_person(city: OtherNode) -> None:
    child = uuid4()
    answering(city)
    api.complete_authorisation(begun(city, child), "code")
    work()
    assert not [heard for heard in city.heard if _names(heard, child)]


def _names(heard: Heard, person: UUID) -> bool:
    return str(person) in heard.path or str(person).encode() in heard.body
