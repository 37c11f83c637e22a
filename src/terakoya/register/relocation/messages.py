"""What two municipalities say to each other about a pupil, as signed messages that bear being repeated."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import Refused
from terakoya.identity import api as identity
from terakoya.kit import clock, paper_codes
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation

from . import arriving, ending, leaving, receipts, states
from .package import NotAPackage, Package, digest_of, kept, opened

Body = dict[str, Any]
DOOR = "relocation"


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What the new municipality decided, as it is told."""

    kind: str
    day: date | None = None
    school: str = ""
    reason: str = ""
    receipt: receipts.Receipt | None = None


# --- at the new municipality ---


def take_package(partner: exchange.Partner, body: Body) -> Body:
    """The old municipality brings a pupil. The same package again gets the same answer; another of its number, none."""
    _check_kind(partner)
    token = body.get("package")
    if not isinstance(token, str):
        raise Refused("The message has no package.")
    try:
        package = opened(token, partner.jwk)
    except NotAPackage as fault:
        raise Refused(str(fault)) from fault
    if (package.issuer, package.audience) != (partner.uri, identity.node_uri()):
        raise Refused("The package is from or for somebody else.")
    known = _locked(package.relocation)
    if known is None:
        known = Relocation(uuid=package.relocation, side="arriving", way=Relocation.Way.PARTNER)
        known.partner, known.partner_name = partner.uri, partner.name
    elif (known.side, known.partner) != ("arriving", partner.uri):
        raise Refused("A package of this number is known from elsewhere.")
    digest = digest_of(token)
    if known.digest and known.digest != digest:
        raise Refused("Another package was sent under this number before.")
    if not known.digest and states.may(known, "received"):
        _receive(known, package, token, partner)
    return answer_of(known)


def take_withdrawal(partner: exchange.Partner, body: Body) -> Body:
    """The old municipality withdraws, before or after its package arrived; what was accepted stays accepted."""
    _check_kind(partner)
    number = _uuid(body, "relocation")
    known = _locked(number)
    if known is None:
        known = Relocation(uuid=number, side="arriving", way=Relocation.Way.PARTNER)
        known.partner, known.partner_name = partner.uri, partner.name
    elif (known.side, known.partner) != ("arriving", partner.uri):
        raise Refused("A package of this number is known from elsewhere.")
    if states.may(known, "withdrawn"):
        known.package = ""
        states.happen(known, "withdrawn", partner.name)
    return answer_of(known)


def answer_of(relocation: Relocation) -> Body:
    """Where a package stands here: the same answer for as long as nothing else is decided."""
    return {
        "relocation": str(relocation.uuid),
        "digest": relocation.digest,
        "state": relocation.state,
        "decisions": arriving.decisions(relocation),
    }


def _receive(relocation: Relocation, package: Package, token: str, partner: exchange.Partner) -> None:
    relocation.person, relocation.last_day = package.mover.pupil.key, package.last_day
    relocation.package, relocation.digest = token, digest_of(token)
    states.happen(relocation, "received", partner.name)
    sender = access.partner_actor(partner.uri, partner.name, partner.kind)
    people = [package.mover.pupil.key, *(one.key for one in package.mover.guardians)]
    access.record_event(sender, "relocation_received", people, str(relocation.uuid))


# --- at the old municipality ---


def take_code(partner: exchange.Partner, body: Body) -> Body:
    """A municipality asks with the code of a family: the number of the move, whose package is brought to it at once.

    A wrong code is answered and not refused, so that it counts: too many, and the municipality has to wait.
    """
    _check_kind(partner)
    if identity.take_try(partner.uri, DOOR):
        return {"refused": "too-many-tries"}
    code = paper_codes.normal(str(body.get("code")))
    found = Relocation.objects.select_for_update().filter(side="leaving", code=code).first() if code else None
    if found is None or found.partner not in ("", partner.uri) or not _is_born(found, body.get("born")):
        return {"refused": "unknown-code"}
    if found.code_until is None or found.code_until < clock.today():
        return {"refused": "expired-code"}
    identity.forget_tries(partner.uri, DOOR)
    if found.state == "prepared":
        try:
            leaving.release(found, partner, partner.name)
        except CannotRelocate as fault:
            raise Refused(fault.sentence) from fault
    return {"relocation": str(found.uuid)}


def take_decisions(partner: exchange.Partner, body: Body) -> Body:
    """The new municipality tells all that it decided so far; what is new is carried out, in order."""
    found = _locked(_uuid(body, "relocation"))
    if found is None or (found.side, found.partner) != ("leaving", partner.uri):
        raise Refused("Nothing was sent to you under this number.")
    carry_out(found, body.get("decisions"), partner.name)
    return {"relocation": str(found.uuid), "decisions": found.events.filter(kind__in=states.DECISIONS).count()}


def carry_out(relocation: Relocation, told: Any, by: str) -> None:
    """Carry out the decisions that are not carried out yet, in the caller's transaction. Refused."""
    try:
        all_of_them = msgspec.convert(told, list[Decision])
    except msgspec.ValidationError as fault:
        raise Refused(f"The decisions have not the expected shape: {fault}.") from fault
    done = relocation.events.filter(kind__in=states.DECISIONS).count()
    for decision in all_of_them[done:]:
        if decision.kind not in states.DECISIONS or not states.may(relocation, decision.kind):
            raise Refused(f"{decision.kind} does not follow on {relocation.state}.")
        _carry_out(relocation, decision, by)


def _carry_out(relocation: Relocation, decision: Decision, by: str) -> None:
    if decision.kind == "accepted":
        _close(relocation, decision, by)
    elif decision.kind == "taken_back":
        states.happen(relocation, "taken_back", by, note=ending.take_back(relocation, by=by))
    else:
        states.happen(relocation, "declined", by, note=decision.reason[:500])


def _close(relocation: Relocation, decision: Decision, by: str) -> None:
    pupil, last_day = relocation.known()
    if decision.receipt is None or not receipts.is_good(decision.receipt, relocation.digest):
        raise Refused("The receipt is not for this package, or its entry is not below the root.")
    if decision.day is None or decision.day <= last_day:
        raise Refused("The first day at the new school must come after the last day at the old one.")
    changes, note = ending.leave(relocation, decision.day, by=by)
    hidden = bool(kept(relocation.package).mover.hidings)
    states.happen(
        relocation,
        "accepted",
        by,
        day=decision.day,
        school_name="" if hidden else decision.school[:255],
        changes=changes,
        note=note,
        receipt=msgspec.to_builtins(decision.receipt),
    )
    access.record_event(access.node_actor(), "relocation_closed", [pupil], str(relocation.uuid))


def _is_born(relocation: Relocation, born: Any) -> bool:
    person = relocation.person and leaving.birth_of(relocation.person)
    return not person or person.isoformat() == born


def _check_kind(partner: exchange.Partner) -> None:
    if partner.kind != leaving.CITY or settings.NODE_KIND != leaving.CITY:
        raise Refused("Pupils move between municipalities.")


def _locked(number: UUID) -> Relocation | None:
    return Relocation.objects.select_for_update().filter(uuid=number).first()


def _uuid(body: Body, name: str) -> UUID:
    try:
        return UUID(str(body[name]))
    except (KeyError, ValueError) as fault:
        raise Refused(f"{name} must be a UUID.") from fault
