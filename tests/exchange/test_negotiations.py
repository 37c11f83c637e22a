"""Contract negotiation, from both sides."""

from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from hypothesis.strategies import sampled_from

from terakoya.exchange import api, policy, wire
from terakoya.exchange.errors import WrongState
from terakoya.exchange.models import Agreement, Negotiation
from terakoya.exchange.states import CONSUMER, ENDED, NEGOTIATION, PROVIDER, TRANSFER, step

from .conftest import DATASET, work
from .other_node import Heard, OtherNode


def request_of(node: OtherNode, purpose: str = "own_use", **changes: Any) -> dict[str, Any]:
    """A consumer's request for the learning records."""
    offer = {
        "@id": policy.offer_id(DATASET, purpose),
        "@type": "Offer",
        "target": DATASET,
        "permission": policy.permission(purpose),
    }
    return {
        "@context": wire.CONTEXT,
        "@type": "ContractRequestMessage",
        "consumerPid": "urn:uuid:consumer",
        "offer": offer,
        "callbackAddress": f"{node.uri}/dsp",
        **changes,
    }


def say(type: str, negotiation: dict[str, str], **more: Any) -> dict[str, Any]:
    pids = {name: negotiation[name] for name in ("providerPid", "consumerPid")}
    return {"@context": wire.CONTEXT, "@type": type, **pids, **more}


def agreeing(city: OtherNode, **changes: Any) -> None:
    """Let the other node agree to whatever is requested."""

    def take(heard: Heard) -> tuple[int, Any]:
        said = heard.json
        return 201, say("ContractNegotiation", {**said, "providerPid": "urn:uuid:provider"}, state="REQUESTED")

    city.answer("/dsp/negotiations/request", take)


def agreement_message(city: OtherNode, request: dict[str, Any], **changes: Any) -> dict[str, Any]:
    terms = {
        "@id": "urn:uuid:agreement",
        "@type": "Agreement",
        "target": request["offer"]["target"],
        "timestamp": "2026-11-01T00:00:00Z",
        "assigner": city.uri,
        "assignee": "http://127.0.0.1:8100",
        "permission": request["offer"]["permission"],
        **changes,
    }
    return say("ContractAgreementMessage", {**request, "providerPid": "urn:uuid:provider"}, agreement=terms)


def test_a_provider_agrees_to_what_its_data_allow(pds: OtherNode) -> None:
    started = pds.post("/dsp/negotiations/request", request_of(pds)).json()
    assert started["state"] == "REQUESTED"
    work()
    [agreement] = pds.messages_of("ContractAgreementMessage")
    assert agreement.json["agreement"]["assignee"] == pds.uri
    verified = say("ContractAgreementVerificationMessage", started)
    assert pds.post(f"/dsp/negotiations/{started['providerPid']}/agreement/verification", verified).status_code == 200
    work()
    assert pds.last("/events").json["eventType"] == "FINALIZED"
    assert Agreement.objects.get(in_force=True).agreement_id == agreement.json["agreement"]["@id"]


@pytest.mark.parametrize("purpose", ["tutoring", "selective_screening", "teaching", "world_domination"])
def test_a_provider_ends_a_negotiation_about_a_purpose_that_is_not_the_partner_s(pds: OtherNode, purpose: str) -> None:
    pds.post("/dsp/negotiations/request", request_of(pds, purpose))
    work()
    assert pds.messages_of("ContractNegotiationTerminationMessage")[0].json["reason"]
    assert Negotiation.objects.get().state == "TERMINATED" and not Agreement.objects.exists()


def test_a_repeated_request_is_the_same_negotiation(pds: OtherNode) -> None:
    first, again = (pds.post("/dsp/negotiations/request", request_of(pds)).json() for _ in range(2))
    work()
    assert first == again and Negotiation.objects.count() == 1
    assert len(pds.messages_of("ContractAgreementMessage")) == 1


def test_an_unknown_data_set_is_not_there(pds: OtherNode) -> None:
    offer = {**request_of(pds)["offer"], "target": "secrets"}
    assert pds.post("/dsp/negotiations/request", request_of(pds, offer=offer)).status_code == 404


def test_a_step_out_of_turn_is_refused_in_the_protocol_s_shape(pds: OtherNode) -> None:
    started = pds.post("/dsp/negotiations/request", request_of(pds)).json()
    verified = say("ContractAgreementVerificationMessage", started)
    early = pds.post(f"/dsp/negotiations/{started['providerPid']}/agreement/verification", verified)
    assert early.status_code == 400
    assert early.json()["@type"] == "ContractNegotiationError" and early.json()["type"] == "wrong-state"


def test_a_consumer_reaches_an_agreement(city: OtherNode) -> None:
    agreeing(city)
    assert api.ensure_agreement(city.uri, DATASET, "own_use") is None
    assert api.ensure_agreement(city.uri, DATASET, "own_use") is None
    work()
    [asked] = city.messages_of("ContractRequestMessage")
    message = agreement_message(city, asked.json)
    path = f"/dsp/negotiations/{asked.json['consumerPid']}"
    assert city.post(f"{path}/agreement", message).status_code == 200
    assert city.post(f"{path}/agreement", message).status_code == 200
    work()
    assert len(city.messages_of("ContractAgreementVerificationMessage")) == 1
    final = say("ContractNegotiationEventMessage", message, eventType="FINALIZED")
    assert city.post(f"{path}/events", final).status_code == 200
    found = api.ensure_agreement(city.uri, DATASET, "own_use")
    assert found is not None and found.agreement_id == "urn:uuid:agreement"


def test_an_agreement_may_overtake_the_answer_to_the_request(city: OtherNode) -> None:
    api.ensure_agreement(city.uri, DATASET, "own_use")
    pid = Negotiation.objects.get().pid
    message = agreement_message(city, request_of(city, consumerPid=pid))
    assert city.post(f"/dsp/negotiations/{pid}/agreement", message).status_code == 200
    agreeing(city)
    work()
    assert Negotiation.objects.get().state == "VERIFIED"


def test_an_agreement_about_something_else_ends_the_negotiation(city: OtherNode) -> None:
    agreeing(city)
    api.ensure_agreement(city.uri, DATASET, "own_use")
    work()
    asked = city.messages_of("ContractRequestMessage")[0].json
    message = agreement_message(city, asked, assignee="http://elsewhere.example")
    city.post(f"/dsp/negotiations/{asked['consumerPid']}/agreement", message)
    work()
    assert Negotiation.objects.get().state == "TERMINATED" and not Agreement.objects.exists()
    assert city.messages_of("ContractNegotiationTerminationMessage")


def test_a_refused_request_ends_the_negotiation_and_the_next_call_begins_another(city: OtherNode) -> None:
    city.answer("/dsp/negotiations/request", (404, {"type": "not-found", "detail": "No such data set."}))
    api.ensure_agreement(city.uri, DATASET, "own_use")
    work()
    assert Negotiation.objects.get().reason == "No such data set."
    api.ensure_agreement(city.uri, DATASET, "own_use")
    assert Negotiation.objects.count() == 2


class Process(RuleBasedStateMachine):
    """Any order of steps by either side: only the protocol's edges lead anywhere, and an end is an end."""

    machine = NEGOTIATION

    def __init__(self) -> None:
        super().__init__()
        self.state = ""

    @rule(to=sampled_from(sorted(NEGOTIATION)), by=sampled_from([CONSUMER, PROVIDER]))
    @precondition(lambda self: self.state not in ENDED)
    def say(self, to: str, by: str) -> None:
        before = self.state
        allowed = by in self.machine[before].get(to, ())
        try:
            self.state = step(self.machine, before, to, by)
        except WrongState:
            assert not allowed
        else:
            assert allowed

    @rule(to=sampled_from(sorted(NEGOTIATION)), by=sampled_from([CONSUMER, PROVIDER]))
    @precondition(lambda self: self.state in ENDED)
    def say_after_the_end(self, to: str, by: str) -> None:
        with pytest.raises(WrongState):
            step(self.machine, self.state, to, by)

    @invariant()
    def is_a_state(self) -> None:
        assert self.state in self.machine


class TransferProcess(Process):
    machine = TRANSFER


@pytest.mark.parametrize("process", [Process, TransferProcess])
def test_only_the_protocol_s_steps_lead_anywhere(process: type[Process]) -> None:
    run_state_machine_as_test(process, settings=hypothesis_settings(max_examples=40, stateful_step_count=15))


@pytest.mark.parametrize("machine", [NEGOTIATION, TRANSFER])
def test_every_state_can_be_reached_and_left_for_an_end(machine: dict[str, dict[str, Any]]) -> None:
    reached, fresh = {""}, [""]
    while fresh:
        fresh = [to for state in fresh for to in machine[state] if to not in reached]
        reached.update(fresh)
    assert reached == set(machine)
    assert all(set(ENDED) & set(machine[state]) or state in (*ENDED, "") or machine[state] for state in machine)
