"""May this actor use this category of this person's data for this purpose? Facts gathered, then Cedar."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from terakoya.identity.api import node_uri
from terakoya.kit import clock

from . import words
from .actors import Actor, has_roster
from .matrix import matrix
from .models import Consent
from .policy import Facts, Verdict, judge
from .queries import Standing, givers_to, standings, within
from .relations import NO_SUBJECT, Relation, relations_to
from .sentences import explained, granted, refused

# what tells where somebody lives, learns or is treated
TELL_WHERE = ("subject.contact", "rights.access_log", "rights.consent")


@dataclass(frozen=True)
class Decision:
    """The answer to one question of use.

    basis: "primary_use" | "law" | "consent" | "ban" | "none"; rule: the ``@id`` of the policy
    consent: the number of the consent it rests on; obligations: the consent's scope and end, which the release keeps to
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

    def explained(self) -> str:
        """The sentence with its rule and clause."""
        return explained(self)


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
    situation = _situation(actor, category, purpose, keys, on or clock.today(), scope)
    candidates = [(key, relation) for key in keys for relation in situation.relations.get(key) or [Relation("")]]
    facts = [situation.facts(key, relation) for key, relation in candidates]
    verdicts = judge(facts, settings.NODE_REGIME) if facts else []
    best: dict[UUID, Decision] = {}
    for (key, relation), fact, verdict in zip(candidates, facts, verdicts, strict=True):
        if key not in best or (verdict.permitted and not best[key].permitted):
            best[key] = _decision(verdict, fact, relation, key, situation.standings[key].living)
    return best


@dataclass(frozen=True)
class _Situation:
    actor: Actor
    category: str
    purpose: str
    relations: dict[UUID, list[Relation]]
    standings: dict[UUID, Standing]
    protected: Collection[UUID]
    known: Collection[UUID] | None

    def facts(self, subject: UUID, relation: Relation) -> Facts:
        standing = self.standings[subject]
        return Facts(
            # whoever looks at their own or their child's data does so as the learner, whatever else they are
            stakeholder="student" if relation.kind in ("self", "guardian") else self.actor.stakeholder,
            category=self.category,
            purpose=self.purpose,
            relation=relation.kind,
            node=bool(self.actor.node),
            consented=standing.living is not None,
            revoked=standing.revoked,
            protected=subject in self.protected,
            outside=self.known is not None and subject not in self.known,
        )


def _situation(
    actor: Actor, category: str, purpose: str, subjects: Sequence[UUID], on: date, scope: dict[str, Any] | None
) -> _Situation:
    recipient = actor.node or node_uri()
    found = standings(subjects, recipient, category, purpose)
    for subject, standing in found.items():
        if standing.living and not within(scope, standing.living.scope):
            found[subject] = Standing()
    return _Situation(
        actor=actor,
        category=category,
        purpose=purpose,
        relations=relations_to(actor, subjects, on),
        standings=found,
        protected=_protected(actor, category, subjects, on),
        known=_known(actor, subjects),
    )


def _protected(actor: Actor, category: str, subjects: Sequence[UUID], on: date) -> set[UUID]:
    """Those whose address is hidden from the actor; asked only where the answer matters.

    A partner node is refused what is hidden from any of those who gave it a consent about the person: it cannot be
    seen from here to which of them it would show the answer.
    """
    if category not in TELL_WHERE or not has_roster():
        return set()
    from terakoya.roster import api as roster

    viewers = givers_to(actor.node, subjects) if actor.node else {key: {actor.person} for key in subjects}
    return {
        subject
        for subject, people in viewers.items()
        if any(person and roster.address_hidden_from(person, subject, on) for person in people)
    }


def _known(actor: Actor, subjects: Sequence[UUID]) -> set[UUID] | None:
    """Whom the roster of the node knows; None where staff do not act by a roster."""
    if actor.stakeholder not in ("school", "establisher", "cram_school") or actor.node or not has_roster():
        return None
    from terakoya.roster import api as roster

    return {*roster.people(subjects), NO_SUBJECT}


def _decision(verdict: Verdict, fact: Facts, relation: Relation, key: UUID, living: Consent | None) -> Decision:
    by_consent = verdict.basis == "consent" and living is not None
    return Decision(
        permitted=verdict.permitted,
        basis=verdict.basis,
        rule=verdict.rule,
        clause_id=_clause(verdict, fact),
        stakeholder=fact.stakeholder,
        relation=relation,
        category=fact.category,
        purpose=fact.purpose,
        subject=None if key == NO_SUBJECT else key,
        consent=living.uuid if by_consent and living else None,
        obligations={**living.scope, "until": living.valid_until.isoformat()} if by_consent and living else {},
    )


def _clause(verdict: Verdict, fact: Facts) -> str:
    if verdict.basis == "ban":
        return words.CLAUSE_OF_BAN[verdict.rule]
    if verdict.basis == "consent":
        return f"appi-consent-{settings.NODE_REGIME}"
    if verdict.basis == "law":
        return next(
            law.clause(settings.NODE_REGIME)
            for law in matrix().laws_in(settings.NODE_REGIME)
            if law.stakeholder == fact.stakeholder
            and fact.category in law.categories
            and fact.purpose in law.purposes
            and fact.relation in law.relations
        )
    return "roadmap-1" if verdict.permitted else "roadmap-1-dash"
