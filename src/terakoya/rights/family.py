"""For whom somebody may ask. The rooms that know families register how to find them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from django.conf import settings

from terakoya.access import api as access

from .policy import CAPACITIES, CATEGORY, PURPOSE

if TYPE_CHECKING:
    from terakoya.roster.api import Person


@dataclass(frozen=True)
class Someone:
    """A person by key, name and its reading."""

    person: UUID
    name: str
    kana: str = ""


class Families(Protocol):
    """A room that knows who belongs to whom. ``room`` is its name: on kinds of node without it, it is not asked."""

    room: str

    def of(self, actor: access.Actor) -> list[Someone]:
        """Those whom the actor may speak for today, themselves among them."""
        ...

    def named(self, people: Iterable[UUID]) -> dict[UUID, Someone]:
        """The known ones of several people."""
        ...


_families: list[Families] = []


def register_families(families: Families) -> None:
    """Register a room that knows families; called in ``apps.ready()``."""
    _families.append(families)


def spoken_for(actor: access.Actor) -> list[Someone]:
    """Those for whom the actor may ask today; ``access`` decides about each."""
    known = {one.person: one for families in _of_this_kind() for one in families.of(actor)}
    if not known:
        return []
    decisions = access.may_each(actor, CATEGORY, PURPOSE, known)
    return [one for key, one in known.items() if _speaks(decisions[key])]


def someone_of(actor: access.Actor, person: UUID) -> Someone | None:
    """The person with the name of today, when the actor may speak for them today; a former guardian is not told it."""
    return next((one for one in spoken_for(actor) if one.person == person), None)


def capacity_towards(actor: access.Actor, person: UUID) -> str | None:
    """``self`` or ``guardian``: as what the actor may ask for the person today; None when not at all."""
    decision = access.may(actor, CATEGORY, PURPOSE, person)
    return decision.relation.kind if _speaks(decision) else None


def named(people: Iterable[UUID]) -> dict[UUID, Someone]:
    """The people whom a room of this node knows by name."""
    keys = list(people)
    return {key: one for families in _of_this_kind() for key, one in families.named(keys).items()}


def _speaks(decision: access.Decision) -> bool:
    return decision.permitted and decision.relation.kind in CAPACITIES


def _of_this_kind() -> list[Families]:
    return [families for families in _families if families.room in settings.KIND.rooms]


class RosterFamilies:
    """Families as the roster ties them today."""

    room = "roster"

    def of(self, actor: access.Actor) -> list[Someone]:
        from terakoya.roster import api as roster

        if actor.person is None or actor.node:
            return []
        myself = roster.person(actor.person)
        return [_someone(one) for one in [*roster.children_of(actor.person), *([myself] if myself else [])]]

    def named(self, people: Iterable[UUID]) -> dict[UUID, Someone]:
        from terakoya.roster import api as roster

        return {key: _someone(one) for key, one in roster.people(people).items()}


def _someone(person: "Person") -> Someone:
    return Someone(person.uuid, person.name, person.kana)
