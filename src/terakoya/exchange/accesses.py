"""'Who looked at my data' across nodes: asking partners for their lines about a person, and answering partners."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.kit import clock

from . import client, partners, wire
from .errors import PartnerAway, not_found
from .models import AccessesAnswer, Grant, Partner, Transfer
from .states import CONSUMER

PATIENCE_SECONDS = 2.0
MOST_LINES = 2000
AFTERWARDS = timedelta(minutes=1)  # the entry of the deletion itself is still told


@dataclass(frozen=True)
class PartnerAccesses:
    """A partner's lines about a person, as it last told them at ``at`` (None: never); ``reached``: it answered now."""

    partner: Partner
    lines: list[access.AccessLine]
    at: datetime | None
    reached: bool


def fetch_accesses(person: UUID) -> list[PartnerAccesses]:
    """Ask each linked partner at once who looked at the person's data there; nobody is waited for beyond 2 seconds.

    A partner that does not answer, is shown with what it said last. One that knows the person under several keys, as
    entries that turned out to be one, is asked about each.
    """
    asked = {(grant.partner, grant.subject): grant.pairwise for grant in _grants(person)}
    requests = {
        (partner, subject): client.prepare(partner, "GET", f"/exchange/subjects/{pairwise}/accesses")
        for (partner, subject), pairwise in asked.items()
    }
    with ThreadPoolExecutor(max_workers=8) as pool:
        answers = dict(zip(requests, pool.map(_fetch, requests.values()), strict=True))
    return [_remembered(*of, request, answers[of]) for of, request in requests.items()]


def subject_of(partner: Partner, pairwise: UUID) -> UUID | None:
    """The person whom a partner knows by the pairwise id and whose log it may ask about; None when there is none."""
    grant = Grant.objects.filter(partner=partner, pairwise=pairwise).first()
    asker = access.partner_actor(partner.uri, partner.name, partner.kind)
    if grant is None or not access.may(asker, "rights.access_log", "rights", grant.subject).permitted:
        return None
    return grant.subject


def lines_for(partner: Partner, pairwise: UUID) -> list[dict[str, Any]]:
    """The lines of this node's log about the person whom a partner knows by the pairwise id. Problem 404.

    After the last grant has ended, nothing newer is told than how it ended. What happened under a consent that came
    from another store, is told to that store alone: two guardians may each have one.
    """
    grants = list(Grant.objects.filter(partner=partner, pairwise=pairwise))
    if not grants:
        raise not_found()
    asker = access.partner_actor(partner.uri, partner.name, partner.kind)
    if not access.may(asker, "rights.access_log", "rights", grants[0].subject).permitted:
        raise not_found()
    ends = [grant.ended_at for grant in grants]
    last = clock.now() if None in ends else max(end for end in ends if end) + AFTERWARDS
    hidden = _of_other_stores(grants)
    lines = (line for line in access.accesses_of(grants[0].subject) if line.at <= last and line.id not in hidden)
    return [line.as_dict() for line, _ in zip(lines, range(MOST_LINES), strict=False)]


def _of_other_stores(grants: list[Grant]) -> set[int]:
    """The places in the log of what happened under consents about the same person that others brought here."""
    own = {grant.consent for grant in grants}
    subject = grants[0].subject
    others = Grant.objects.filter(side=CONSUMER, subject__in=access.keys_of([subject])[subject])
    others = others.exclude(consent__in=own)
    names = {str(number) for number in others.values_list("consent", flat=True)}
    names |= set(Transfer.objects.filter(grant__in=others).values_list("pid", flat=True))
    if not names:
        return set()
    entries = (entry for key in access.keys_of([subject])[subject] for entry in audit.entries_about(key))
    return {entry.index for entry in entries if {entry.facts["consent"], entry.facts["reference"]} & names}


def _grants(person: UUID) -> Iterable[Grant]:
    found = Grant.objects.filter(subject__in=access.keys_of([person])[person], partner__status="active")
    return found.select_related("partner").order_by("id")


def _fetch(request: client.Sent) -> tuple[int, Any, bytes] | None:
    try:
        return client.fetch(request, PATIENCE_SECONDS)
    except PartnerAway:
        return None


def _remembered(
    partner: Partner, person: UUID, request: client.Sent, answer: tuple[int, Any, bytes] | None
) -> PartnerAccesses:
    known = AccessesAnswer.objects.filter(partner=partner, subject=person).first()
    try:
        if answer is None:
            raise PartnerAway(partner.uri)
        told = client.trusted(partner, request, *answer)
        lines = _lines(partner, told)
    except PartnerAway:
        partners.missed(partner)
        old = [access.AccessLine.from_dict(line) for line in known.lines] if known else []
        return PartnerAccesses(partner, old, known.at if known else None, False)
    partners.heard_from(partner)
    moment = clock.now()
    AccessesAnswer.objects.update_or_create(
        partner=partner, subject=person, defaults={"lines": [line.as_dict() for line in lines], "at": moment}
    )
    return PartnerAccesses(partner, lines, moment, True)


def _lines(partner: Partner, told: client.Answer) -> list[access.AccessLine]:
    if told.status != 200:
        return []
    try:
        lines = [access.AccessLine.from_dict(line) for line in told.shaped(wire.AccessLines).lines]
    except (KeyError, TypeError, ValueError) as fault:
        raise PartnerAway(f"the lines of {partner.uri} have not the expected shape") from fault
    return [replace(line, node=partner.name, node_kind=partner.kind) for line in lines]
