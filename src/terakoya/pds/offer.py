"""What a cram school asks for by its invitation, and handing it over."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from terakoya.access import api as access
from terakoya.access.api import Actor, Consent, Terms
from terakoya.curriculum import api as curriculum
from terakoya.exchange import api as exchange
from terakoya.identity.api import node_uri
from terakoya.records import api as records

from .models import Child
from .policy import RECORDS


@dataclass(frozen=True)
class Asked:
    """An invitation with the partner behind it. ``begin`` and ``end`` are the days that the records lie within."""

    partner: exchange.Partner
    code: str
    invitation: exchange.Invitation
    subjects: list[str]
    begin: date | None
    end: date | None

    def scope(self, subjects: list[str]) -> dict[str, Any]:
        """The wish narrowed to some of its subjects."""
        return {**self.invitation.scope, "subjects": sorted(set(subjects) & set(self.subjects))}


@dataclass(frozen=True)
class Covered:
    """What the wish covers now: how many records, and one of them as an example."""

    count: int
    example: records.RecordLine | None


def asked(partner_uri: str, code: str) -> Asked:
    """Ask the cram school what stands behind the code. Errors as ``exchange.ask_invitation``."""
    invitation = exchange.ask_invitation(partner_uri, code)
    partner = exchange.partner(partner_uri)
    scope = invitation.scope
    return Asked(partner, code, invitation, list(scope["subjects"]), _day(scope.get("from")), _day(scope.get("to")))


def subjects_to_choose(person: UUID, asked: Asked) -> list[tuple[str, str]]:
    """The subjects of the wish by code and name."""
    return [(code, curriculum.subject_name(code)) for code in asked.subjects]


def covered(person: UUID, asked: Asked, subjects: list[str] | None = None) -> Covered:
    wanted, begin, end = subjects or asked.subjects, asked.begin, asked.end
    latest = records.statements_about(person, subjects=wanted, since=begin, until=end, limit=1)
    count = records.count_about(person, subjects=wanted, since=begin, until=end)
    return Covered(count, latest[0] if latest else None)


def terms(child: Child, asked: Asked, subjects: list[str]) -> Terms:
    """The wish, narrowed to some of its subjects, as terms to agree to."""
    return Terms(
        subject=child.person,
        recipient=asked.partner.uri,
        recipient_name=asked.partner.name,
        holder=node_uri(),
        holder_name=settings.NODE_NAME,
        categories=(RECORDS,),
        purpose=asked.invitation.purpose,
        scope=asked.scope(subjects),
        valid_until=asked.invitation.valid_until,
        dataset=asked.invitation.dataset_id,
    )


@transaction.atomic
def share(child: Child, asked: Asked, subjects: list[str], *, by: Actor, shown: str) -> Consent:
    """Agree, and hand the offer to the outbox; both or neither. Raises ``access.errors.ConsentRefused``.

    ``shown`` is the token of the page on which it was read; the offer goes out once everybody has agreed who must.
    """
    agreed = terms(child, asked, subjects)
    notice = access.unsealed(shown, agreed, by)
    capacity = "self" if child.is_of_age else "guardian"
    consent = access.give_consent(agreed, by=by, capacity=capacity, notice=notice)
    exchange.offer_grant(consent, code=asked.code)
    return consent


def refuse(child: Child, *, by: Actor, shown: str) -> Consent:
    """Record the no to what was read, as the token of its page tells it; the cram school need not be there for it.

    Raises ``access.errors.ConsentRefused``.
    """
    asked, notice = access.shown(shown, child.person, by)
    capacity = "self" if child.is_of_age else "guardian"
    return access.refuse_consent(asked, by=by, capacity=capacity, notice=notice)


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
