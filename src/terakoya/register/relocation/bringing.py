"""The jobs behind a move: each brings one thing until the other side has answered, whatever stops in between."""

import logging
from typing import Any

from django.db import transaction

from terakoya.exchange import api as exchange
from terakoya.exchange.errors import PartnerAway, PartnerRefused, Refused, UnknownPartner
from terakoya.kit import jobs
from terakoya.register.models import Relocation

from . import arriving, messages, states

log = logging.getLogger(__name__)
Job = dict[str, Any]


@jobs.handles("register.relocation.bring")
def bring_package(job: Job) -> None:
    """Bring a package that was sent; what the other side has decided already is carried out at once."""
    relocation = Relocation.objects.get(uuid=job["relocation"])
    if relocation.state != "sent":
        return
    try:
        answer = _ask(relocation, "relocation", {"package": relocation.package}, job["message_id"])
    except PartnerRefused as refusal:
        _note(relocation, "refused", relocation.partner_name, refusal.detail)
        return
    if answer.get("digest") != relocation.digest:
        _note(relocation, "refused", relocation.partner_name, f"state {answer.get('state')}")
        return
    _note(relocation, "received", relocation.partner_name)
    _carry_out(relocation, answer)


@jobs.handles("register.relocation.withdraw")
def bring_withdrawal(job: Job) -> None:
    """Ask the other side to let go of a package; where it has decided already, that stands."""
    relocation = Relocation.objects.get(uuid=job["relocation"])
    if relocation.state != "withdrawing":
        return
    try:
        answer = _ask(relocation, "relocation-withdrawal", {"relocation": job["relocation"]}, job["message_id"])
    except PartnerRefused as refusal:
        raise jobs.TryLater(str(refusal)) from refusal
    if answer.get("state") == "withdrawn":
        _note(relocation, "withdrawn", relocation.partner_name)
    else:
        _carry_out(relocation, answer)


@jobs.handles("register.relocation.tell")
def tell_decisions(job: Job) -> None:
    """Tell the old municipality what was decided here, until it confirms that it has carried it out."""
    relocation = Relocation.objects.get(uuid=job["relocation"])
    told = arriving.decisions(relocation)
    if relocation.told >= len(told):
        return
    try:
        answer = _ask(relocation, "relocation-decision", {"relocation": job["relocation"], "decisions": told}, None)
    except PartnerRefused as refusal:
        log.warning("%s did not take the decision on %s: %s", relocation.partner, relocation.uuid, refusal)
        raise jobs.TryLater(str(refusal)) from refusal
    Relocation.objects.filter(pk=relocation.pk, told__lt=len(told)).update(told=answer.get("decisions", 0))


def _ask(relocation: Relocation, topic: str, body: Job, message_id: str | None) -> dict[str, Any]:
    try:
        answer = exchange.bring(relocation.partner, topic, body, message_id=message_id)
    except (PartnerAway, UnknownPartner) as reason:
        raise jobs.TryLater(str(reason)) from reason
    return answer if isinstance(answer, dict) else {}


@transaction.atomic
def _note(relocation: Relocation, kind: str, by: str, note: str = "") -> None:
    """Write down what the answer says, unless something else has happened meanwhile."""
    found = states.locked(relocation)
    if states.may(found, kind):
        states.happen(found, kind, by, note=note[:500])


@transaction.atomic
def _carry_out(relocation: Relocation, answer: dict[str, Any]) -> None:
    found = states.locked(relocation)
    try:
        messages.carry_out(found, answer.get("decisions", []), found.partner_name)
    except Refused as fault:
        log.warning("%s decided what cannot be carried out on %s: %s", found.partner, found.uuid, fault)
