"""The door for partners: who may come in, and what each bad message is answered with."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from django.http import HttpResponse
from pytest_django import Settings

from terakoya.exchange import api, client, messages
from terakoya.exchange.datasets import register_receiver
from terakoya.exchange.errors import PartnerAway, Refused
from terakoya.exchange.models import Answered, Negotiation, Partner, SeenNonce, Transfer
from terakoya.exchange.partners import partner
from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from .conftest import agreed, granted, learner_with
from .other_node import OtherNode, deliver

PATH = "/exchange/messages/greeting"
BODY = b'{"hello":"there"}'


@pytest.fixture
def greetings() -> list[dict[str, Any]]:
    taken: list[dict[str, Any]] = []

    def take(_sender: Partner, body: dict[str, Any]) -> dict[str, Any]:
        if "refuse" in body:
            raise Refused("not wanted")
        taken.append(body)
        return {"number": len(taken)}

    register_receiver("greeting", take)
    return taken


def problem(response: HttpResponse) -> str:
    assert response["Content-Type"] == "application/problem+json"
    return msgspec.json.decode(response.content)["type"]


def test_a_signed_message_is_taken_and_answered_signed(pds: OtherNode, greetings: list[Any]) -> None:
    headers = pds.headers("POST", PATH, BODY)
    response = deliver("POST", PATH, BODY, headers)
    assert response.json() == {"number": 1}
    parts = messages.request_parts("POST", identity.node_uri() + PATH, headers)
    ours = identity.public_jwk()
    seal = messages.verify_answer(parts, 200, response.headers, response.content, ours, ours["kid"])
    assert seal.kid == ours["kid"]


def test_an_answer_is_tied_to_its_request(pds: OtherNode, greetings: list[Any]) -> None:
    response = pds.post(PATH, BODY)
    ours, another = identity.public_jwk(), pds.headers("POST", PATH, BODY)
    parts = messages.request_parts("POST", identity.node_uri() + PATH, another)
    with pytest.raises(messages.NotGenuine):
        messages.verify_answer(parts, 200, response.headers, response.content, ours, ours["kid"])


def test_the_same_bytes_are_refused_and_the_same_message_signed_anew_gets_the_same_answer(
    pds: OtherNode, greetings: list[Any]
) -> None:
    message_id = str(uuid.uuid4())
    headers = pds.headers("POST", PATH, BODY, message_id=message_id)
    first = deliver("POST", PATH, BODY, headers)
    replayed = deliver("POST", PATH, BODY, headers)
    again = pds.post(PATH, BODY, message_id=message_id)
    assert (replayed.status_code, problem(replayed)) == (401, "repeated")
    assert again.json() == first.json() == {"number": 1}
    assert len(greetings) == 1


def test_another_message_under_a_known_message_id_is_refused(pds: OtherNode, greetings: list[Any]) -> None:
    message_id = str(uuid.uuid4())
    pds.post(PATH, BODY, message_id=message_id)
    other = pds.post(PATH, b'{"hello":"you"}', message_id=message_id)
    assert (other.status_code, problem(other)) == (409, "message-id-reused")


def test_a_refused_message_leaves_nothing_and_cannot_be_replayed(pds: OtherNode, greetings: list[Any]) -> None:
    body = b'{"refuse":1}'
    headers = pds.headers("POST", PATH, body)
    assert problem(deliver("POST", PATH, body, headers)) == "refused"
    assert problem(deliver("POST", PATH, body, headers)) == "repeated"
    assert not Answered.objects.exists() and SeenNonce.objects.count() == 1


def test_behind_a_proxy_the_node_s_own_address_counts(pds: OtherNode, greetings: list[Any], settings: Settings) -> None:
    settings.NODE_URL = "https://city.example"
    response = deliver("POST", PATH, BODY, {**pds.headers("POST", PATH, BODY), "Host": "10.0.0.7:8100"})
    assert response.status_code == 200


def test_clocks_may_differ_by_five_minutes_and_no_more(pds: OtherNode, greetings: list[Any]) -> None:
    headers, moment = pds.headers("POST", PATH, BODY), clock.now()
    for minutes, status in ((-6, 401), (6, 401), (4, 200)):
        with time_machine.travel(moment + timedelta(minutes=minutes), tick=False):
            assert deliver("POST", PATH, BODY, headers).status_code == status


def _without(name: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda headers: {key: value for key, value in headers.items() if key != name}


def _replaced(name: str, old: str, new: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda headers: {**headers, name: headers[name].replace(old, new)}


# what is sent, how its header fields are changed on the way, and the answer
BAD = {
    "no signature": (PATH, BODY, _without("Signature"), 401),
    "no signature input": (PATH, BODY, _without("Signature-Input"), 401),
    "no digest": (PATH, BODY, _without("Content-Digest"), 401),
    "no message id": (PATH, BODY, _without(messages.MESSAGE_ID), 401),
    "another message id": (PATH, BODY, lambda h: {**h, messages.MESSAGE_ID: str(uuid.uuid4())}, 401),
    "signature cut short": (PATH, BODY, lambda h: {**h, "Signature": h["Signature"][:-9] + ":"}, 401),
    "signature is no structured field": (PATH, BODY, lambda h: {**h, "Signature": "\x7f)(;="}, 401),
    "two labels": (PATH, BODY, lambda h: {**h, "Signature": h["Signature"] + ", b=:AAAA:"}, 401),
    "digest uncovered": (PATH, BODY, _replaced("Signature-Input", ' "content-digest"', ""), 401),
    "target uncovered": (PATH, BODY, _replaced("Signature-Input", ' "@target-uri"', ""), 401),
    "another tag": (PATH, BODY, _replaced("Signature-Input", "terakoya", "another"), 401),
    "another algorithm": (PATH, BODY, _replaced("Signature-Input", "ed25519", "hmac-sha256"), 401),
    "malformed JSON": (PATH, b'{"hello":', None, 400),
    "no JSON but text": (PATH, b"hello", None, 400),
    "JSON of another shape": (PATH, b"[1,2]", None, 400),
    "bytes that are no text": (PATH, b"\xff\xfe{}", None, 400),
    "a huge body": (PATH, b'"' + b"a" * 5_000_001 + b'"', None, 413),
    "an unknown topic": ("/exchange/messages/nothing", BODY, None, 404),
    "negotiation of nobody": ("/dsp/negotiations/urn:uuid:1/termination", BODY, None, 400),
    "a callback elsewhere": (
        "/dsp/negotiations/request",
        b'{"@context":["https://w3id.org/dspace/2025/1/context.jsonld"],"@type":"ContractRequestMessage",'
        b'"consumerPid":"urn:uuid:1","offer":{"@id":"x","@type":"Offer","target":"secrets","permission":'
        b'[{"action":"use","constraint":[{"leftOperand":"purpose","operator":"eq","rightOperand":"own_use"}]}]},'
        b'"callbackAddress":"http://127.0.0.1:1/dsp"}',
        None,
        400,
    ),
    "another context": ("/dsp/catalog/request", b'{"@context":["x"],"@type":"CatalogRequestMessage"}', None, 400),
    "unknown field": ("/exchange/grants", b'{"code":"x","subject":"y","receipt":{},"more":1}', None, 400),
    "withdrawal of no consent id": ("/exchange/consents/abc/withdrawal", b"{}", None, 404),
    "receipt for no consent": (f"/exchange/consents/{uuid.UUID(int=5)}/deletion", b"{}", None, 400),
    "a form where JSON is expected": (PATH, b"a=b", lambda h: {**h, "Content-Type": "text/plain"}, 415),
    "JSON where a form is expected": ("/exchange/token", b"{}", None, 415),
}


@pytest.mark.parametrize("case", BAD)
def test_each_bad_message_has_its_answer_and_leaves_nothing(pds: OtherNode, greetings: list[Any], case: str) -> None:
    path, body, change, status = BAD[case]
    headers = pds.headers("POST", path, body)
    response = deliver("POST", path, body, change(headers) if change else headers)
    assert response.status_code == status
    assert not greetings and not Answered.objects.exists() and not Negotiation.objects.exists()


def test_an_altered_body_is_refused(pds: OtherNode, greetings: list[Any]) -> None:
    response = deliver("POST", PATH, BODY.replace(b"there", b"world"), pds.headers("POST", PATH, BODY))
    assert (response.status_code, problem(response)) == (401, "not-genuine")


def test_a_signature_for_another_path_is_refused(pds: OtherNode, greetings: list[Any]) -> None:
    response = deliver("POST", PATH + "?more=1", BODY, pds.headers("POST", PATH, BODY))
    assert response.status_code == 401


def test_a_stranger_is_refused(db: None, greetings: list[Any]) -> None:
    stranger = OtherNode("pds", "stranger")
    response = stranger.post(PATH, BODY)
    stranger.close()
    assert (response.status_code, problem(response)) == (401, "unknown-partner")


def test_a_node_that_left_the_registry_is_a_stranger(pds: OtherNode, greetings: list[Any]) -> None:
    Partner.objects.filter(uri=pds.uri).update(status="gone")
    assert pds.post(PATH, BODY).status_code == 401


def test_a_partner_cannot_sign_for_another(pds: OtherNode, other: Any, greetings: list[Any]) -> None:
    juku = other("juku")
    headers = pds.headers("POST", PATH, BODY)
    headers["Signature-Input"] = headers["Signature-Input"].replace(pds.kid, juku.kid)
    assert deliver("POST", PATH, BODY, headers).status_code == 401


def test_what_belongs_to_another_partner_is_not_there(pds: OtherNode, other: Any) -> None:
    stranger = other("pds")
    person = learner_with(1)
    grant, agreement = granted(person, pds), agreed(pds, "holder")
    transfer = Transfer.objects.create(
        pid="urn:uuid:t",
        other_pid="urn:uuid:o",
        side="holder",
        partner=grant.partner,
        grant=grant,
        agreement=agreement,
        state="STARTED",
    )
    for path in (
        f"/exchange/transfers/{transfer.pid}/pages",
        f"/dsp/transfers/{transfer.pid}",
        f"/dsp/negotiations/{agreement.negotiation.pid}",
        f"/exchange/subjects/{grant.pairwise}/accesses",
    ):
        assert stranger.get(path).status_code == 404
        assert pds.get(path).status_code == 200


def test_an_unsigned_or_foreign_answer_is_not_believed(pds: OtherNode) -> None:
    pds.signs = False
    with pytest.raises(PartnerAway, match="trusted"):
        client.call(partner(pds.uri), "GET", "/anything")


def test_a_partner_that_speaks_again_wakes_what_waited_for_it(pds: OtherNode, greetings: list[Any]) -> None:
    pds.away = True
    api.send(pds.uri, "greeting", {"hello": "you"})
    jobs.run_waiting()
    pds.away = False
    assert jobs.run_waiting() == 0  # it rests
    pds.post(PATH, BODY)
    assert jobs.run_waiting() == 1
    assert pds.last("greeting").json == {"hello": "you"}


def test_a_message_keeps_its_id_however_often_it_is_sent(pds: OtherNode) -> None:
    pds.signs = False  # the answers are lost on the way
    api.send(pds.uri, "greeting", {})
    jobs.run_waiting()
    pds.signs = True
    jobs.run_waiting(until=clock.now() + timedelta(hours=1))
    assert len(pds.heard) == 2 and len({heard.message_id for heard in pds.heard}) == 1
