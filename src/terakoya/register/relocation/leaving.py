"""The old municipality's side: a pupil leaves, and the package goes to the new municipality."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.exchange import api as exchange
from terakoya.identity import api as identity
from terakoya.kit import clock, jobs, paper_codes
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

from . import ending, states
from .package import Package, digest_of, kept, sealed

CODE_DAYS = 30
RELEASED = ("subject.official", "subject.identity", "subject.guardianship")
CITY, PURPOSE = "city", "school_transfer"


def destinations() -> list[exchange.Partner]:
    """The municipalities of the federation to which a pupil may move."""
    return exchange.partners(CITY)


@transaction.atomic
def prepare(pupil: UUID, last_day: date, way: str, *, to: str = "", by: access.Actor) -> Relocation:
    """Prepare the move of a pupil whose last day here is given; ``to`` is the address of the new municipality.

    Raises ``CannotRelocate`` where another move of the pupil is under way, the pupil is in no class on that day, or
    there is no such municipality. Nothing is passed on yet.
    """
    told_of(pupil, last_day)
    if _moves_of(pupil, "leaving").filter(state__in=states.UNDER_WAY).exists():
        raise CannotRelocate(_("A move of this pupil is under way already. Withdraw it first."))
    partner = _destination(to) if way == Relocation.Way.PARTNER else None
    homeroom = roster.homeroom_of(pupil, last_day)
    relocation = Relocation(
        side="leaving",
        way=way,
        person=pupil,
        last_day=last_day,
        partner=partner.uri if partner else "",
        partner_name=partner.name if partner else "",
        school=homeroom.school_id if homeroom else None,
    )
    if way == Relocation.Way.CODE:
        relocation.code, relocation.code_until = _new_code(), clock.today() + timedelta(days=CODE_DAYS)
    states.happen(relocation, "prepared", by)
    return relocation


def told_of(pupil: UUID, last_day: date) -> roster.Mover:
    """What the new municipality is told of a pupil, with the schools of before they came here. CannotRelocate."""
    try:
        mover = roster.mover_of(pupil, last_day)
    except CannotChange as fault:
        raise CannotRelocate(fault.sentence) from fault
    came = _moves_of(pupil, "arriving").filter(state="accepted").order_by("pk")
    earlier = [stay for one in came if one.package for stay in kept(one.package).mover.stays]
    known = {(stay.school, stay.begins) for stay in mover.stays}
    fresh = [stay for stay in earlier if (stay.school, stay.begins) not in known]
    return _with_stays(mover, fresh)


def _moves_of(pupil: UUID, side: str) -> QuerySet[Relocation]:
    return Relocation.objects.filter(side=side, person__in=roster.also_known_as(pupil))


def birth_of(pupil: UUID) -> date | None:
    """The date of birth of a pupil here, by which a code is checked."""
    person = roster.person(pupil)
    return person.birth_date if person else None


@transaction.atomic
def send(relocation: Relocation, *, by: access.Actor) -> Relocation:
    """Send the package to the municipality that is named; it goes on its way with this transaction. CannotRelocate."""
    found = states.locked(relocation)
    states.check(found, "sent")
    release(found, _destination(found.partner), by)
    return found


@transaction.atomic
def hand_out(relocation: Relocation, *, by: access.Actor) -> Relocation:
    """Give the package out as a signed file, for somewhere outside the federation; the pupil leaves. CannotRelocate."""
    found = states.locked(relocation)
    states.check(found, "handed")
    pupil, last_day = found.known()
    decision = access.may(by, RELEASED[0], PURPOSE, pupil)
    if not decision.permitted:
        raise CannotRelocate(_("The file is given out by the head of the school or the board of education."))
    _seal(found, "", "")
    mover = kept(found.package).mover
    people = [pupil, *(one.key for one in mover.guardians)]
    access.record_access(by, decision, people, RELEASED[0], PURPOSE, "relocation_sent", reference=str(found.uuid))
    begins = last_day + timedelta(days=1)
    changes, note = ending.leave(found, begins, by=by.name)
    states.happen(found, "handed", by, day=begins, changes=changes, note=note)
    return found


@transaction.atomic
def withdraw(relocation: Relocation, *, by: access.Actor) -> Relocation:
    """Withdraw a move before it was accepted; where the package is out, the other side is asked. CannotRelocate."""
    found = states.locked(relocation)
    if states.may(found, "withdrawing"):
        states.happen(found, "withdrawing", by)
        job = {"relocation": str(found.uuid), "message_id": str(found.uuid)}
        jobs.enqueue("register.relocation.withdraw", job, key=f"relocation-withdrawal:{found.uuid}")
        return found
    states.check(found, "withdrawn")
    note = ending.take_back(found, by=by.name) if found.state == "handed" else ""
    found.code = None
    states.happen(found, "withdrawn", by, note=note)
    return found


def release(relocation: Relocation, partner: exchange.Partner, by: access.Actor | str) -> None:
    """Decide, seal, log and send, in the caller's transaction: the family reads who was given what. CannotRelocate."""
    if not audit.may_release():
        raise CannotRelocate(
            _("Nothing is passed on now: other nodes have not confirmed the log of this one for days.")
        )
    relocation.partner, relocation.partner_name = partner.uri, partner.name
    relocation.save()
    pupil, last_day = relocation.known()
    recipient = access.partner_actor(partner.uri, partner.name, partner.kind)
    decisions = [access.may(recipient, category, PURPOSE, pupil) for category in RELEASED]
    for decision in decisions:
        if not decision.permitted:
            raise CannotRelocate(decision.sentence())
    _seal(relocation, partner.uri, partner.name, recipient)
    mover = kept(relocation.package).mover
    access.record_access(
        recipient,
        decisions[0],
        [pupil, *(one.key for one in mover.guardians)],
        RELEASED[0],
        PURPOSE,
        "relocation_sent",
        reference=str(relocation.uuid),
        sealed=relocation.uuid if roster.exposed_by_a_guardian(pupil, last_day) else None,
    )
    event = states.happen(relocation, "sent", by)
    bring_soon(relocation, event.pk)


def bring_soon(relocation: Relocation, number: int) -> None:
    """Let the package be brought until the other side has it."""
    message = UUID(int=(relocation.uuid.int + number) % (1 << 128))
    job = {"relocation": str(relocation.uuid), "message_id": str(message)}
    jobs.enqueue("register.relocation.bring", job, key=f"relocation:{relocation.uuid}:{number}")


def _seal(relocation: Relocation, audience: str, audience_name: str, recipient: access.Actor | None = None) -> None:
    pupil, last_day = relocation.known()
    school = next((one.name for one in roster.organisations() if one.pk == relocation.school), "")
    package = Package(
        relocation=relocation.uuid,
        issuer=identity.node_uri(),
        issuer_name=settings.NODE_NAME,
        audience=audience,
        audience_name=audience_name,
        made_at=clock.now(),
        school=school,
        last_day=last_day,
        mover=told_of(pupil, last_day),
        parts=exchange.parts_for(recipient, PURPOSE, pupil, last_day) if recipient else {},
    )
    relocation.package = sealed(package)
    relocation.digest = digest_of(relocation.package)
    relocation.save()


def _destination(uri: str) -> exchange.Partner:
    found = next((one for one in destinations() if one.uri == uri), None)
    if found is None:
        raise CannotRelocate(_("There is no such municipality in the federation. Choose one of the list."))
    return found


def _new_code() -> str:
    while True:
        code = paper_codes.new_code()
        if not Relocation.objects.filter(code=code).exists():
            return code


def _with_stays(mover: roster.Mover, earlier: list[Any]) -> roster.Mover:
    facts = {**vars(mover), "stays": [*earlier, *mover.stays]}
    return roster.Mover(**facts)
