"""Who reads: a system behind a token, as the actor whom access knows, with the schools it may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from terakoya.access import api as access
from terakoya.kit import clock
from terakoya.roster import api as roster

from . import systems, tokens
from .errors import Refused
from .models import System

ROLE, RELATION = "system", "entrusted"
NEEDED = "A token is needed: Authorization: Bearer <token>, from the token address of this server."
MOST_DECISIONS = 1_000
# about a register as a whole a decision follows from the matrix and the day alone: who is shut out has no token
_whole: dict[tuple[access.Actor, str, str, date], access.Decision] = {}


@dataclass(frozen=True)
class Reader:
    """A system that asks: as what it is decided about, with which scopes, under which address it reached the node."""

    system: System
    actor: access.Actor
    scopes: frozenset[str]
    origin: str = ""

    @cached_property
    def schools(self) -> frozenset[UUID] | None:
        """The organisations whose people it may see; None for all."""
        return self.system.school_keys

    @cached_property
    def change(self) -> int:
        """The latest change of the roster when it was asked."""
        return roster.latest_change()

    def may(self, category: str) -> access.Decision:
        """The decision about a category of the data of its people."""
        key = (self.actor, category, self.system.purpose, clock.today())
        if key not in _whole:
            if len(_whole) > MOST_DECISIONS:
                _whole.clear()
            _whole[key] = access.may(self.actor, category, self.system.purpose, None)
        return _whole[key]


def reader_of(request: HttpRequest) -> Reader:
    """The system behind the token of a request. Raises ``Refused`` (401)."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    known = tokens.holder_of(token.strip()) if kind.lower() == "bearer" else None
    if known is None:
        raise Refused(401, "unauthorisedrequest", NEEDED)
    system, scopes = known
    return Reader(system, actor_of(system), scopes, request.build_absolute_uri("/").rstrip("/"))


def actor_of(system: System) -> access.Actor:
    """A system as whoever acts."""
    return access.Actor(system.stakeholder, ROLE, system.name, system.organisation, system=system.client_id)


@access.register_relations
def entrusted(actor: access.Actor, on: date) -> Iterator[access.Ties]:
    """A registered system towards the people of its schools, and towards their roster as a whole."""
    system = systems.living(actor.system) if actor.system else None
    if system is not None:
        people = people_of(system.school_keys)
        yield access.Ties(RELATION, people, "uuid", whole=True)


def people_of(schools: frozenset[UUID] | None) -> QuerySet[Any]:
    """The people who have or had a role at one of the schools (None: anywhere): nobody else is served."""
    roles = roster.rows_of("Role").filter(person=OuterRef("pk"), **at(schools, "organisation"))
    return roster.rows_of("Person").filter(Exists(roles))


def at(schools: frozenset[UUID] | None, column: str) -> dict[str, Any]:
    """The condition that a column names one of the schools, for a filter."""
    return {} if schools is None else {f"{column}__in": sorted(schools)}


def with_those_above(schools: frozenset[UUID] | None) -> Q:
    """The condition on organisations: the schools and whatever stands above them."""
    if schools is None:
        return Q()
    parents = dict(roster.rows_of("Organisation").values_list("uuid", "parent"))
    found, waiting = set[UUID](), list[UUID | None](schools)
    while waiting:
        key = waiting.pop()
        if key is not None and key not in found:
            found.add(key)
            waiting.append(parents.get(key))
    return Q(uuid__in=sorted(found))
