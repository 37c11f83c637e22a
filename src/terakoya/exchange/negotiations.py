"""Contract negotiation (Dataspace Protocol 2025-1): once for a pair of nodes, a data set and a purpose."""

import uuid
from typing import Any
from urllib.parse import quote

from django.db import transaction

from terakoya.identity import api as identity
from terakoya.kit import clock, jobs

from . import client, policy, wire
from .datasets import dataset
from .errors import Problem, UnknownDataset, WrongState, not_found
from .models import Agreement, Negotiation, Partner
from .outbox import follows, send_soon
from .partners import partner as partner_named
from .states import CONSUMER, ENDED, NEGOTIATION, PROVIDER, step


def agreement_with(provider_uri: str, dataset_id: str, purpose: str) -> Agreement | None:
    """The agreement in force by which this node may ask the provider for a data set and purpose."""
    return (
        Agreement.objects.filter(
            partner__uri=provider_uri, side=CONSUMER, dataset_id=dataset_id, purpose=purpose, in_force=True
        )
        .order_by("-id")
        .first()
    )


def ensure_agreement(provider_uri: str, dataset_id: str, purpose: str) -> Agreement | None:
    """The agreement in force, or None while it is negotiated; a negotiation is begun when there is none under way.

    UnknownPartner when the provider is not in the registry.
    """
    if found := agreement_with(provider_uri, dataset_id, purpose):
        return found
    with transaction.atomic():
        provider = Partner.objects.select_for_update(no_key=True).get(pk=partner_named(provider_uri).pk)
        under_way = Negotiation.objects.filter(
            partner=provider, side=CONSUMER, dataset_id=dataset_id, purpose=purpose
        ).exclude(state__in=ENDED)
        if not under_way.exists():
            _begin(provider, dataset_id, purpose)
    return None


def last_negotiation(provider: Partner, dataset_id: str, purpose: str) -> Negotiation | None:
    """The newest negotiation that this node began about a data set and purpose."""
    found = Negotiation.objects.filter(partner=provider, side=CONSUMER, dataset_id=dataset_id, purpose=purpose)
    return found.order_by("-id").first()


def _begin(provider: Partner, dataset_id: str, purpose: str) -> None:
    negotiation = Negotiation.objects.create(
        pid=new_pid(),
        side=CONSUMER,
        partner=provider,
        dataset_id=dataset_id,
        purpose=purpose,
        state=step(NEGOTIATION, "", "REQUESTED", CONSUMER),
    )
    body = {
        "@context": wire.CONTEXT,
        "@type": "ContractRequestMessage",
        "consumerPid": negotiation.pid,
        "offer": {
            "@id": policy.offer_id(dataset_id, purpose),
            "@type": "Offer",
            "target": dataset_id,
            "permission": policy.permission(purpose),
        },
        "callbackAddress": callback(),
    }
    send_soon(provider, "/dsp/negotiations/request", body, then="negotiation.requested", about=negotiation.pid)


@follows("negotiation.requested")
def requested(pid: str, answer: client.Answer) -> None:
    """The provider has taken the request, or refused it at once."""
    negotiation = Negotiation.objects.select_for_update().get(pid=pid)
    if negotiation.state in ENDED:
        return
    if answer.status >= 300:
        _end(negotiation, client.refusal(answer).detail)
    elif not negotiation.other_pid:
        _learn_pid(negotiation, answer.text("providerPid"))


@follows("negotiation.told")
def told(pid: str, answer: client.Answer) -> None:
    """The partner refuses a message of a running negotiation: it cannot go on."""
    negotiation = Negotiation.objects.select_for_update().get(pid=pid)
    if answer.status >= 300 and negotiation.state not in ENDED:
        _end(negotiation, client.refusal(answer).detail)


# --- the provider's side ---


def take_request(partner: Partner, message: wire.ContractRequest) -> Negotiation:
    """A consumer begins a negotiation. Taken twice, it is the same one. Problem 400 or 404."""
    check_callback(partner, message.callbackAddress)
    known = Negotiation.objects.filter(partner=partner, side=PROVIDER, other_pid=message.consumerPid).first()
    if known is not None:
        return known
    try:
        offered = dataset(message.offer.target)
    except UnknownDataset as fault:
        raise not_found("No such data set is offered here.") from fault
    negotiation = Negotiation.objects.create(
        pid=new_pid(),
        other_pid=message.consumerPid,
        side=PROVIDER,
        partner=partner,
        dataset_id=offered.id,
        purpose=message.offer.purpose[:60],
        state=step(NEGOTIATION, "", "REQUESTED", CONSUMER),
    )
    jobs.enqueue("exchange.negotiation.decide", {"partner": partner.uri, "negotiation": negotiation.pid})
    return negotiation


def take_counter_request(partner: Partner, pid: str, message: wire.ContractRequest) -> Negotiation:
    """A consumer asks anew in a running negotiation: only after an offer of this node, and this node makes none."""
    negotiation = find(partner, pid, PROVIDER)
    _advance(negotiation, "REQUESTED", CONSUMER)
    return negotiation


@transaction.atomic
def decide(pid: str) -> None:
    """Agree to a request that this node's data allow, or end the negotiation with the reason."""
    negotiation = Negotiation.objects.select_for_update().select_related("partner").get(pid=pid)
    if negotiation.state != "REQUESTED":
        return
    objection = policy.objection(dataset(negotiation.dataset_id), negotiation.purpose, negotiation.partner)
    if objection:
        _end(negotiation, objection, tell=True)
        return
    _advance(negotiation, "AGREED", PROVIDER)
    agreement = Agreement.objects.create(
        agreement_id=new_pid(),
        negotiation=negotiation,
        side=PROVIDER,
        partner=negotiation.partner,
        dataset_id=negotiation.dataset_id,
        purpose=negotiation.purpose,
        policy=policy.permission(negotiation.purpose),
        agreed_at=clock.now(),
    )
    terms = {
        "@id": agreement.agreement_id,
        "@type": "Agreement",
        "target": agreement.dataset_id,
        "timestamp": agreement.agreed_at.isoformat(),
        "assigner": identity.node_uri(),
        "assignee": negotiation.partner.uri,
        "permission": agreement.policy,
    }
    _tell(negotiation, "agreement", "ContractAgreementMessage", agreement=terms)


def take_verification(partner: Partner, pid: str, message: wire.ContractVerification) -> None:
    """The consumer has checked the agreement: it is final."""
    negotiation = _matched(partner, pid, PROVIDER, message.consumerPid)
    if negotiation.state == "FINALIZED":
        return
    _advance(negotiation, "VERIFIED", CONSUMER)
    _advance(negotiation, "FINALIZED", PROVIDER)
    Agreement.objects.filter(negotiation=negotiation).update(in_force=True)
    _tell(negotiation, "events", "ContractNegotiationEventMessage", eventType="FINALIZED")


# --- the consumer's side ---


def take_agreement(partner: Partner, pid: str, message: wire.ContractAgreement) -> None:
    """The provider agrees: check that it is what was asked for, and say so, or end the negotiation."""
    negotiation = _matched(partner, pid, CONSUMER, message.providerPid)
    known = Agreement.objects.filter(negotiation=negotiation).first()
    if known is not None and known.agreement_id == message.agreement.id:
        return
    _advance(negotiation, "AGREED", PROVIDER)
    if difference := _difference(negotiation, message.agreement):
        _end(negotiation, difference, tell=True)
        return
    Agreement.objects.create(
        agreement_id=message.agreement.id[:60],
        negotiation=negotiation,
        side=CONSUMER,
        partner=partner,
        dataset_id=negotiation.dataset_id,
        purpose=negotiation.purpose,
        policy=policy.permission(message.agreement.purpose),
        agreed_at=message.agreement.timestamp,
    )
    _advance(negotiation, "VERIFIED", CONSUMER)
    _tell(negotiation, "agreement/verification", "ContractAgreementVerificationMessage")


def take_event(partner: Partner, pid: str, message: wire.ContractEvent) -> None:
    """The provider says that the agreement is final: what waited for it goes on. An ACCEPTED is for the provider."""
    if message.eventType == "ACCEPTED":
        negotiation = _matched(partner, pid, PROVIDER, message.consumerPid)
        _advance(negotiation, "ACCEPTED", CONSUMER)
        return
    negotiation = _matched(partner, pid, CONSUMER, message.providerPid)
    if negotiation.state == "FINALIZED":
        return
    _advance(negotiation, "FINALIZED", PROVIDER)
    Agreement.objects.filter(negotiation=negotiation).update(in_force=True)
    jobs.wake("exchange.", partner=partner.uri)


# --- both sides ---


def take_termination(partner: Partner, pid: str, message: wire.ContractTermination) -> None:
    """The partner ends the negotiation."""
    negotiation = find(partner, pid)
    if negotiation.state == "TERMINATED":
        return
    _advance(negotiation, "TERMINATED", PROVIDER if negotiation.side == CONSUMER else CONSUMER)
    negotiation.reason = "; ".join([message.code, *message.reason]).strip("; ")[:500]
    negotiation.save(update_fields=["reason"])


def find(partner: Partner, pid: str, side: str = "") -> Negotiation:
    """The partner's own negotiation of this id, locked; Problem 404 for another's, and for none."""
    found = Negotiation.objects.select_for_update().filter(partner=partner, pid=pid)
    negotiation = (found.filter(side=side) if side else found).first()
    if negotiation is None:
        raise not_found("There is no such negotiation.")
    return negotiation


def as_message(negotiation: Negotiation, state: str = "") -> dict[str, Any]:
    """The negotiation as the protocol shows it."""
    return {
        "@context": wire.CONTEXT,
        "@type": "ContractNegotiation",
        **pids(negotiation),
        "state": state or negotiation.state,
    }


def pids(process: Any) -> dict[str, str]:
    """The two ids of a process under their names in messages."""
    own, other = ("consumerPid", "providerPid") if process.side == CONSUMER else ("providerPid", "consumerPid")
    return {own: process.pid, other: process.other_pid}


def new_pid() -> str:
    """A new id of a process or an agreement."""
    return f"urn:uuid:{uuid.uuid4()}"


def callback() -> str:
    """Where partners send messages of the Dataspace Protocol to."""
    return f"{identity.node_uri()}/dsp"


def check_callback(partner: Partner, address: Any) -> None:
    """A callback leads to the partner's address in the registry or nowhere. Problem 400."""
    if not isinstance(address, str) or address.rstrip("/") != f"{partner.uri}/dsp":
        raise Problem(400, "wrong-callback", f"callbackAddress must be {partner.uri}/dsp, as the registry has it.")


def wrong_state(process: Any, fault: WrongState, type: str) -> Problem:
    """A step that the state does not allow, as the protocol answers it."""
    reason = {"@context": wire.CONTEXT, "@type": type, **pids(process), "code": "state", "reason": [str(fault)]}
    return Problem(400, "wrong-state", str(fault), **reason)


def _matched(partner: Partner, pid: str, side: str, other_pid: str) -> Negotiation:
    negotiation = find(partner, pid, side)
    if not negotiation.other_pid:
        _learn_pid(negotiation, other_pid)
    if negotiation.other_pid != other_pid:
        raise not_found("There is no such negotiation.")
    return negotiation


def _learn_pid(negotiation: Negotiation, other_pid: str) -> None:
    taken = Negotiation.objects.filter(
        partner=negotiation.partner, side=negotiation.side, other_pid=other_pid[:60]
    ).exists()
    if not other_pid or taken:
        raise not_found("There is no such negotiation.")
    negotiation.other_pid = other_pid[:60]
    negotiation.save(update_fields=["other_pid"])


def _advance(negotiation: Negotiation, to: str, by: str) -> None:
    try:
        negotiation.state = step(NEGOTIATION, negotiation.state, to, by)
    except WrongState as fault:
        raise wrong_state(negotiation, fault, "ContractNegotiationError") from fault
    negotiation.updated_at = clock.now()
    negotiation.save(update_fields=["state", "updated_at"])


def _end(negotiation: Negotiation, reason: str, *, tell: bool = False) -> None:
    negotiation.reason = reason[:500]
    negotiation.save(update_fields=["reason"])
    _advance(negotiation, "TERMINATED", negotiation.side)
    if tell:
        message = {"code": "refused", "reason": [reason[:500]]}
        _tell(negotiation, "termination", "ContractNegotiationTerminationMessage", **message)


def _tell(negotiation: Negotiation, step_path: str, type: str, **more: Any) -> None:
    path = f"/dsp/negotiations/{quote(negotiation.other_pid, safe=':')}/{step_path}"
    body = {"@context": wire.CONTEXT, "@type": type, **pids(negotiation), **more}
    send_soon(negotiation.partner, path, body, then="negotiation.told", about=negotiation.pid)


def _difference(negotiation: Negotiation, agreed: wire.Agreement) -> str:
    wanted = (negotiation.dataset_id, negotiation.purpose, negotiation.partner.uri, identity.node_uri())
    if (agreed.target, agreed.purpose, agreed.assigner, agreed.assignee) != wanted:
        return "The agreement is not about what was asked for."
    return ""
