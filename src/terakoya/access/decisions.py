"""May this actor use this category of this person's data for this purpose? Facts gathered, then Cedar."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.standards.purposes import PURPOSES

from . import words
from .actors import Actor, has_roster
from .ages import Birth, births
from .errors import NotKnown, NotPermitted
from .hiding import hidden_from
from .keys import keys_of
from .matrix import Cell, matrix
from .models import Consent
from .policy import TELL_WHERE, Verdict, judge
from .queries import Standing, standings, within
from .relations import NO_SUBJECT, Relation, relations_to
from .sentences import as_whom, explained, granted, refused
from .situations import FAMILY, Agreement, Facts, Situation, Span, facts_of

# what is refused by these must not even be known to exist: who is nobody to the person, and what a court order hides
NOT_TO_BE_KNOWN = ("ban-no-tie", "ban-outside-tenant", "ban-address-protection")


@dataclass(frozen=True)
class Decision:
    """The answer to one question of use.

    basis: "primary_use" | "law" | "consent" | "ban" | "none"; rule: the ``@id`` of the policy
    consent: the number of the consent it rests on
    obligations: what the release keeps to: fields to ``drop``, ``retention`` in words ("" = that of the category),
    whether it may go ``onward``; under a consent also its scope (subjects, from, to) and its end (``until``)
    """

    permitted: bool
    basis: str
    rule: str
    clause_id: str
    stakeholder: str
    relation: Relation
    category: str
    purpose: str
    subject: UUID | None
    consent: UUID | None = None
    obligations: dict[str, Any] = field(default_factory=dict)

    @property
    def clause(self) -> str:
        """The clause in the reader's words."""
        return words.clause_words(self.clause_id, self.stakeholder)

    def sentence(self) -> str:
        """Why, in one sentence in the reader's words: as whom and what for, or what stands against it."""
        return granted(self) if self.permitted else refused(self)

    def as_whom(self) -> str:
        """What the actor is to the person, in the reader's words: "homeroom teacher of 5-2"."""
        return as_whom(self)

    def explained(self) -> str:
        """The sentence with its rule and clause."""
        return explained(self)

    def refusal(self) -> NotPermitted:
        """What to raise for a use that is refused; where nothing may be known of it, that there is no such page."""
        return (NotKnown if self.rule in NOT_TO_BE_KNOWN else NotPermitted)(self.sentence())


def may(
    actor: Actor,
    category: str,
    purpose: str,
    subject: UUID | None,
    *,
    on: date | None = None,
    scope: dict[str, Any] | None = None,
) -> Decision:
    """Decide one use. ``subject`` is None for a use that is about nobody in particular (a statistic, a whole import).

    With ``scope`` (school subjects, from, to) a consent counts only when the scope lies within it.
    Raises ``KeyError`` for a category or purpose that is not in ``standards``.
    """
    key = subject or NO_SUBJECT
    return may_each(actor, category, purpose, [key], on=on, scope=scope)[key]


def may_each(
    actor: Actor,
    category: str,
    purpose: str,
    subjects: Iterable[UUID],
    *,
    on: date | None = None,
    scope: dict[str, Any] | None = None,
) -> dict[UUID, Decision]:
    """Decide the same use for each of many persons, with a number of queries that does not grow with them."""
    keys = list(dict.fromkeys(subjects))
    known = _known(actor, category, purpose, keys, on or clock.today(), scope)
    candidates = [(key, relation) for key in keys for relation in known.relations.get(key) or [Relation("")]]
    facts = [facts_of(known.situation(key, relation)) for key, relation in candidates]
    verdicts = judge(facts, settings.NODE_REGIME) if facts else []
    best: dict[UUID, Decision] = {}
    for (key, relation), fact, verdict in zip(candidates, facts, verdicts, strict=True):
        if key not in best or (verdict.permitted and not best[key].permitted):
            stakeholder = "student" if relation.kind in FAMILY else actor.stakeholder
            best[key] = _decision(verdict, fact, stakeholder, relation, key, known.standings[key].living)
    return best


@dataclass(frozen=True)
class _Known:
    """What the database says of an actor and many persons; :meth:`situation` is one of them as plain values."""

    actor: Actor
    category: str
    purpose: str
    day: date
    recipient: str
    relations: dict[UUID, list[Relation]]
    standings: dict[UUID, Standing]
    protected: Collection[UUID]
    own: Collection[UUID] | None
    born: Mapping[UUID, Birth]

    def situation(self, subject: UUID, relation: Relation) -> Situation:
        return Situation(
            stakeholder=self.actor.stakeholder,
            category=self.category,
            purpose=self.purpose,
            day=self.day,
            relation=relation.kind,
            node=bool(self.actor.node),
            recipient=self.recipient,
            consents=self._consents(self.standings[subject]),
            born=self.born[subject].day if subject in self.born else None,
            orders=(Span(),) if subject in self.protected else (),
            own=self.own is None or subject in self.own,
        )

    def _consents(self, standing: Standing) -> tuple[Agreement, ...]:
        use = (self.recipient, self.purpose, (self.category,))
        if living := standing.living:
            return (Agreement(*use, "given", living.valid_until, living.capacity, living.uuid),)
        return (Agreement(*use, "withdrawn", self.day),) if standing.revoked else ()


def _known(
    actor: Actor, category: str, purpose: str, subjects: Sequence[UUID], on: date, scope: dict[str, Any] | None
) -> _Known:
    recipient = actor.node or node_uri()
    found = dict.fromkeys(subjects, Standing())
    if PURPOSES[purpose].by_consent:
        found = standings(subjects, recipient, category, purpose)
    for subject, standing in found.items():
        if standing.living and not within(scope, standing.living.scope):
            found[subject] = Standing()
    relations = relations_to(actor, subjects, on)
    return _Known(
        actor=actor,
        category=category,
        purpose=purpose,
        day=on,
        recipient=recipient,
        relations=relations,
        standings=found,
        protected=_protected(actor, category, subjects, on),
        own=_own(actor, subjects, relations),
        born=_born(relations, found),
    )


def _born(tied: Mapping[UUID, Iterable[Relation]], said: Mapping[UUID, Standing]) -> Mapping[UUID, Birth]:
    """The birth dates of those on whose coming of age the answer may turn, in few queries for all.

    A consent that names the day needs none; a copy ends when the node that holds the records says so.
    """
    guarded = {subject for subject, ties in tied.items() if any(one.kind == "guardian" for one in ties)}
    for subject, standing in said.items():
        living = standing.living
        if living and living.capacity == "guardian" and living.lapses_on is None and not living.source:
            guarded.add(subject)
    return births(guarded) if guarded else {}


def _protected(actor: Actor, category: str, subjects: Collection[UUID], on: date) -> set[UUID]:
    """Those whose address is hidden from the actor; asked only where the answer matters."""
    hidden = hidden_from(actor, on) if category in TELL_WHERE else None
    if not hidden:
        return set()
    keys = set(hidden)
    return {subject for subject, own in keys_of(subjects).items() if own & keys}


def _own(actor: Actor, subjects: Collection[UUID], tied: Mapping[UUID, object]) -> set[UUID] | None:
    """Whom the roster of the node knows, those tied to the actor too; None where staff do not act by a roster."""
    if actor.stakeholder not in ("school", "establisher", "cram_school") or actor.node or not has_roster():
        return None
    from terakoya.roster import api as roster

    unknown = set(subjects) - set(tied) - {NO_SUBJECT}
    return {*tied, NO_SUBJECT, *(roster.people(unknown) if unknown else ())}


def _decision(
    verdict: Verdict, fact: Facts, stakeholder: str, relation: Relation, key: UUID, living: Consent | None
) -> Decision:
    cell = matrix().cell(fact.part, fact.category, fact.purpose, settings.NODE_REGIME)
    consent = living if verdict.basis == "consent" else None
    return Decision(
        permitted=verdict.permitted,
        basis=verdict.basis,
        rule=verdict.rule,
        clause_id=_clause(verdict, cell),
        stakeholder=stakeholder,
        relation=relation,
        category=fact.category,
        purpose=fact.purpose,
        subject=None if key == NO_SUBJECT else key,
        consent=consent.uuid if consent else None,
        obligations=_obligations(cell, consent) if verdict.permitted else {},
    )


def _obligations(cell: Cell, consent: Consent | None) -> dict[str, Any]:
    duties = cell.obligations
    found: dict[str, Any] = {"drop": list(duties.drop), "onward": duties.onward, "retention": duties.retention}
    return {**found, **consent.scope, "until": consent.valid_until.isoformat()} if consent else found


def _clause(verdict: Verdict, cell: Cell) -> str:
    if verdict.basis == "ban":
        return cell.clause_id if verdict.rule == "ban-never" else words.CLAUSE_OF_BAN[verdict.rule]
    return "roadmap-1-dash" if not verdict.permitted and cell.basis == "consent" else cell.clause_id
