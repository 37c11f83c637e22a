"""Lists: which persons an actor may see for a use, as a condition of the database. The same rules as ``may_each``."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from django.conf import settings
from django.db.models import Q

from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.standards.purposes import PURPOSES

from .actors import Actor
from .hiding import hidden_from
from .keys import are
from .policy import judge
from .queries import living_consents, revoked_consents
from .relations import Ties, ties_of
from .situations import Situation, facts_of


def visible(actor: Actor, category: str, purpose: str, field: str = "pk", *, on: date | None = None) -> Q:
    """The condition that ``field`` of a query holds the key of a person whom the actor may see for this use on a day.

    ``Enrolment.objects.filter(visible(actor, "subject.identity", "teaching", "person"))`` is the list that ``may_each``
    would leave of all enrolments, in one query. Raises ``KeyError`` for a category or purpose that is not known.
    """
    day = on or clock.today()
    asked = Situation(actor.stakeholder, category, purpose, day, node=bool(actor.node))
    seen = Q(**{f"{field}__in": ()})
    for condition in _conditions(actor, asked, field):
        if not condition:  # everybody: an empty condition would be lost in the sum
            return condition
        seen |= condition
    return seen


def _conditions(actor: Actor, asked: Situation, field: str) -> Iterator[Q]:
    """For each of the actor's ties the condition under which a person tied so may be seen."""
    ties = list(ties_of(actor, asked.day))
    if actor.node:
        ties.append(Ties("", None))  # a node can also ask by itself, with a consent alone
    by_consent = PURPOSES[asked.purpose].by_consent
    living, ended = _consents(actor, asked, field) if by_consent else (Q(), Q())
    for tie in ties:
        plain, agreed, revoked, hidden = _ways(replace(asked, relation=tie.kind))
        if not (plain or (by_consent and agreed)):
            continue
        condition = tie.are(field)
        if not plain:
            condition &= living
        elif by_consent and not revoked:
            condition &= living | ~ended
        orders = None if hidden else hidden_from(actor, asked.day)
        yield condition if orders is None else condition & ~are(field, orders)


def _ways(asked: Situation) -> tuple[bool, bool, bool, bool]:
    """Whether the use is open as it stands, with a consent, after a withdrawal, and while the address is hidden."""
    facts = facts_of(asked)
    ways = [
        facts,
        replace(facts, consented=True),
        replace(facts, revoked=True),
        replace(facts, consented=True, protected=True),
    ]
    plain, agreed, revoked, hidden = (verdict.permitted for verdict in judge(ways, settings.NODE_REGIME))
    return plain, agreed, revoked, hidden


def _consents(actor: Actor, asked: Situation, field: str) -> tuple[Q, Q]:
    """That a consent to the use lives, and that one was withdrawn."""
    use = (actor.node or node_uri(), asked.purpose, asked.category)
    living, ended = living_consents(*use, asked.day), revoked_consents(*use)
    return are(field, living), are(field, ended)
