"""The new municipality's side: what came is shown to a clerk, who takes the pupil in, declines, or takes it back."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import PartnerAway, PartnerRefused, UnknownPartner
from terakoya.kit import jobs, paper_codes
from terakoya.records import api as records
from terakoya.register.errors import CannotRelocate
from terakoya.register.models import Relocation
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange, CannotUndo

from . import receipts, states
from .package import Package, kept

OFFICIAL, PURPOSE = "subject.official", "school_administration"


@dataclass(frozen=True)
class Likeness:
    """Entries here that may be somebody of a package: with the very key (``known``), or only alike."""

    one: roster.Named
    known: roster.Person | None
    alike: list[roster.Person]


def ask(code: str, born: date | None, partner: str, school: UUID | None, *, by: access.Actor) -> Relocation:
    """Ask the old municipality with the code that the family brought; the package comes by itself in a moment.

    Asked again, it is the same move. Raises ``CannotRelocate`` where the code is mistyped, not known there or too old,
    or the other municipality does not answer now.
    """
    normal = paper_codes.normal(code)
    if normal is None:
        raise CannotRelocate(_("The code is not complete, or a letter is wrong. It looks like K7QM-4XTP-H."))
    return _asked(_number_of(partner, normal, born), partner, school, by)


@transaction.atomic
def _asked(number: UUID, partner: str, school: UUID | None, by: access.Actor) -> Relocation:
    known = Relocation.objects.filter(uuid=number).first()
    if known is not None:
        if (known.side, known.partner) != ("arriving", partner):
            raise CannotRelocate(_("The answer of the other municipality cannot be used. Ask them for a new code."))
        if known.school is None:
            Relocation.objects.filter(pk=known.pk).update(school=school)
        return known
    name = next((one.name for one in exchange.partners() if one.uri == partner), partner)
    asked = Relocation(
        uuid=number, side="arriving", way=Relocation.Way.CODE, partner=partner, partner_name=name, school=school
    )
    states.happen(asked, "asked", by)
    return asked


@transaction.atomic
def accept(
    relocation: Relocation, to: roster.SchoolClass, begins: date, *, by: access.Actor, number: int | None = None
) -> Relocation:
    """Take the pupil into a class from a day on, and send the receipt. CannotRelocate.

    The place at the old school ends on that day, so there is neither a gap nor an overlap. Whoever the roster knows by
    the person key is that person; nobody is put together with an entry that is only alike.
    """
    found = states.locked(relocation)
    states.check(found, "accepted")
    pupil, last_day = found.known()
    if begins <= last_day:
        raise CannotRelocate(_("The first day here comes after the last day at the old school."))
    package = kept(found.package)
    try:
        changes = roster.take_in(package.mover, to, begins, by=by.name, number=number, note=str(found.uuid))
    except CannotChange as fault:
        raise CannotRelocate(fault.sentence) from fault
    for part, content in exchange.parts_known(package.parts):
        _take(part, pupil, content, found)
    decision = access.may(by, OFFICIAL, PURPOSE, pupil)
    entry = access.record_access(
        by, decision, [pupil], OFFICIAL, PURPOSE, "relocation_taken_in", reference=str(found.uuid)
    )
    states.happen(
        found,
        "accepted",
        by,
        day=begins,
        school_name="" if package.mover.hidings else to.school.name,
        changes=[change.pk for change in changes],
        receipt=receipts.receipt(found.digest, entry),
    )
    tell_soon(found)
    return found


@transaction.atomic
def decline(relocation: Relocation, reason: str, *, by: access.Actor) -> Relocation:
    """Decline what came, with the reason that the old municipality reads; the package is not kept. CannotRelocate."""
    if not reason.strip():
        raise CannotRelocate(_("Please say why, so that the old school knows what to do."))
    found = states.locked(relocation)
    states.check(found, "declined")
    found.package = ""
    states.happen(found, "declined", by, note=reason.strip()[:500])
    tell_soon(found)
    return found


@transaction.atomic
def take_back(relocation: Relocation, *, by: access.Actor) -> Relocation:
    """Take an acceptance back, until the first lesson is recorded; the old municipality is told. CannotRelocate."""
    found = states.locked(relocation)
    states.check(found, "taken_back")
    pupil, _last_day = found.known()
    accepted = found.events.filter(kind="accepted").latest("pk")
    if records.count_about(pupil, since=accepted.day):
        raise CannotRelocate(_("Lessons of this pupil are recorded already. Let them leave instead."))
    for part, _content in exchange.parts_known(kept(found.package).parts):
        part.give_back(pupil, found.uuid)
    try:
        for number in reversed(accepted.changes):
            if change := roster.life.change_of(number):
                roster.undo(change, by=by.name)
    except CannotUndo as fault:
        raise CannotRelocate(_("The register of this pupil was changed since. Let them leave instead.")) from fault
    states.happen(found, "taken_back", by)
    tell_soon(found)
    return found


def earliest(relocation: Relocation) -> date:
    """The earliest first day here: the day after the last one at the old school."""
    return relocation.known()[1] + timedelta(days=1)


def likenesses(package: Package) -> list[Likeness]:
    """For everybody a package names: who has their key here, and who is only alike; the pupil first."""
    mover = package.mover
    everybody = {mover.pupil.key: mover.pupil, **mover.others}
    known = roster.people(everybody)
    return [
        Likeness(one, known.get(key), roster.resembling(one, mover.birth_date if key == mover.pupil.key else None))
        for key, one in everybody.items()
    ]


def decisions(relocation: Relocation) -> list[dict[str, Any]]:
    """What was decided here so far, in order, as the old municipality is told."""
    return [
        {
            "kind": event.kind,
            "day": event.day.isoformat() if event.day else None,
            "school": event.school_name,
            "reason": event.note,
            "receipt": event.receipt,
        }
        for event in relocation.events.filter(kind__in=states.DECISIONS)
    ]


def tell_soon(relocation: Relocation) -> None:
    """Tell the old municipality what was decided, until it has confirmed it."""
    count = len(decisions(relocation))
    job = {"relocation": str(relocation.uuid)}
    jobs.enqueue("register.relocation.tell", job, key=f"relocation-decision:{relocation.uuid}:{count}")


def _take(part: exchange.Part, pupil: UUID, content: Any, relocation: Relocation) -> None:
    try:
        part.take(pupil, content, relocation.uuid)
    except ValueError as fault:
        sentence = _("The part “%(name)s” of the package cannot be read: %(why)s")
        raise CannotRelocate(sentence % {"name": part.name, "why": fault}) from fault


def _number_of(partner: str, code: str, born: date | None) -> UUID:
    body = {"code": code, "born": born.isoformat() if born else None}
    try:
        answer = exchange.bring(partner, "relocation-code", body)
        if "refused" not in answer:
            return UUID(answer["relocation"])
    except (PartnerAway, UnknownPartner) as fault:
        sentence = _("The other municipality does not answer now. Try again in a few minutes.")
        raise CannotRelocate(sentence) from fault
    except (PartnerRefused, KeyError, TypeError, ValueError) as fault:
        sentence = _("The other municipality cannot use the code. Please call the old school.")
        raise CannotRelocate(sentence) from fault
    raise CannotRelocate(_why_refused(answer["refused"]))


def _why_refused(reason: str) -> str:
    known = {
        "expired-code": _("The code is more than 30 days old. Ask the old school for a new one."),
        "too-many-tries": _("Too many wrong codes were tried. Wait a few minutes and try again."),
    }
    unknown = _("No pupil with this code and date of birth is known there. Compare with the paper of the family.")
    return known.get(reason, unknown)
