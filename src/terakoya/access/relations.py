"""What ties an actor to the persons whom data are about. Rooms register it as queries, which serve both ways:
to say what an actor is to some persons, and to list the persons to whom an actor is something."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from .actors import Actor
from .keys import keys_of

NO_SUBJECT = UUID(int=0)
MANY = 500


@dataclass(frozen=True)
class Relation:
    """A tie by its kind, with a detail that the sentence names, such as the class of a homeroom teacher."""

    kind: str
    detail: str = ""


@dataclass(frozen=True)
class Ties:
    """All persons to whom an actor is the same on a day.

    rows: a query with the persons' keys in its column ``person``, or the keys themselves, or None for everybody
    detail: the column with the detail, "" without; whole: the tie holds to a register as a whole too (no person named)
    """

    kind: str
    rows: QuerySet[Any] | frozenset[UUID] | None
    person: str = ""
    detail: str = ""
    whole: bool = False

    def among(self, subjects: Collection[UUID]) -> dict[UUID, Relation]:
        """The tie to each of the subjects that it holds to, in one query at most."""
        if self.rows is None:
            return dict.fromkeys(subjects, Relation(self.kind))
        found = self._rows(subjects)
        if self.whole and NO_SUBJECT in subjects:
            found[NO_SUBJECT] = Relation(self.kind)
        return found

    def are(self, field: str) -> Q:
        """The condition that ``field`` of a query holds the key of one of the persons."""
        if self.rows is None:
            return Q()
        keys = self.rows.values(self.person) if isinstance(self.rows, QuerySet) else self.rows
        return Q(**{f"{field}__in": keys})

    def _rows(self, subjects: Collection[UUID]) -> dict[UUID, Relation]:
        if not isinstance(self.rows, QuerySet):
            return {subject: Relation(self.kind) for subject in subjects if self.rows and subject in self.rows}
        rows = self.rows.filter(**{f"{self.person}__in": list(subjects)}) if len(subjects) <= MANY else self.rows
        columns = (self.person, self.detail) if self.detail else (self.person,)
        wanted = set(subjects)
        return {row[0]: Relation(self.kind, *row[1:]) for row in rows.values_list(*columns) if row[0] in wanted}


Finder = Callable[[Actor, date], Iterable[Ties]]
_finders: list[Finder] = []


def register_relations(find: Finder) -> Finder:
    """Register a function that gives the ties of an actor on a day, those that count most first."""
    _finders.append(find)
    return find


def ties_of(actor: Actor, on: date) -> Iterator[Ties]:
    """All ties of the actor on a day, from the rooms of this kind of node."""
    for finder in filter(_is_of_this_kind, _finders):
        yield from finder(actor, on)


def relations_to(actor: Actor, subjects: Iterable[UUID], on: date) -> dict[UUID, list[Relation]]:
    """All relations of the actor to each of the persons on a day; those that count most first.

    Whoever is nothing to the actor under the key that is asked may be somebody under another one of theirs.
    """
    ties, wanted = list(ties_of(actor, on)), set(subjects)
    found = _relations(ties, wanted)
    groups = keys_of(wanted - set(found) - {NO_SUBJECT})
    others = {key: subject for subject, group in groups.items() for key in group if key != subject}
    for key, relations in (_relations(ties, set(others)) if others else {}).items():
        found[others[key]] += relations
    return found


def _relations(ties: Iterable[Ties], subjects: set[UUID]) -> dict[UUID, list[Relation]]:
    found: dict[UUID, list[Relation]] = defaultdict(list)
    for tie in ties:
        for subject, relation in tie.among(subjects).items():
            found[subject].append(relation)
    return found


def _is_of_this_kind(finder: Finder) -> bool:
    """Whether the room that registered the function is one of this kind of node."""
    package, _dot, rest = finder.__module__.partition("terakoya.")
    return bool(package) or rest.split(".")[0] in settings.KIND.rooms
