"""Keys under which the data of a person lie: more than one where the roster put two entries together."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from .actors import has_roster


def keys_of(people: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """For each of some people all keys that are theirs, the given one among them; a query at most."""
    asked = list(people)
    if not has_roster() or not asked:
        return {one: {one} for one in asked}
    from terakoya.roster import api as roster

    return roster.who.all_keys_of(asked)


def all_keys(people: Iterable[UUID]) -> set[UUID]:
    """All keys of some people together."""
    return {key for keys in keys_of(people).values() for key in keys}


def are(field: str, people: "QuerySet[Any, Any] | Collection[UUID]") -> Q:
    """The condition that ``field`` of a query holds a key of one of the people, or of whom one of them became."""
    found = Q(**{f"{field}__in": people})
    if not has_roster():
        return found
    from terakoya.roster import api as roster

    became = roster.who.all_aliases().filter(entry__in=people)
    return found | Q(**{f"{field}__in": became.values("person")})
