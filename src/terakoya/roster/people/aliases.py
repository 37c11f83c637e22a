"""Entries that were one person: whoever asks by an old one is answered with the person it is."""

from collections.abc import Callable, Collection, Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from ..models import Alias, Person

Listener = Callable[[UUID, UUID, str], None]
_on_merge: list[Listener] = []
_on_unmerge: list[Listener] = []


def on_merge(listener: Listener) -> Listener:
    """Register a function called in the transaction of each merge: the key given up, the key kept, the change."""
    if listener not in _on_merge:
        _on_merge.append(listener)
    return listener


def on_unmerge(listener: Listener) -> Listener:
    """Register a function called in the transaction in which a merge is taken back, with the same three."""
    if listener not in _on_unmerge:
        _on_unmerge.append(listener)
    return listener


def tell_merge(entry: UUID, person: UUID, reference: str) -> None:
    """Tell of a merge; in its transaction."""
    for listener in _on_merge:
        listener(entry, person, reference)


def tell_unmerge(entry: UUID, person: UUID, reference: str) -> None:
    """Tell that a merge was taken back; in its transaction."""
    for listener in _on_unmerge:
        listener(entry, person, reference)


def kept_keys(keys: Iterable[UUID] | None = None) -> dict[UUID, UUID]:
    """For those of the keys (None: of all) that were given up, the key of the person each one is."""
    rows = Alias.objects.all() if keys is None else Alias.objects.filter(entry__in=list(keys))
    return dict(rows.values_list("entry", "person"))


def kept_key(key: UUID) -> UUID:
    """The key of the person, whichever of their keys is given."""
    return kept_keys([key]).get(key, key)


def also_known_as(person: UUID) -> set[UUID]:
    """All keys under which data of somebody may lie, the given one among them."""
    return keys_of([person])[person]


def keys_of(people: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """For each of some people all keys under which their data may lie, the given one among them; one query."""
    asked = list(people)
    of_entries = Alias.objects.filter(entry__in=asked).values("person")
    near = Alias.objects.filter(Q(person__in=asked) | Q(person__in=of_entries))
    groups: dict[UUID, set[UUID]] = {}
    for entry, person in near.values_list("entry", "person"):
        groups.setdefault(person, {person}).add(entry)
    known = {key: group for group in groups.values() for key in group}
    return {one: {one} | known.get(one, set()) for one in asked}


def aliases() -> QuerySet[Alias]:
    """All aliases, for a room above that narrows a query by them."""
    return Alias.objects.all()


def by_identifier(value: str) -> Person | None:
    """The person with this sourcedId, login name or userMasterIdentifier, an old one counts; the first that fits."""
    for field in ("sourced_id", "username", "identifier"):
        row = Person.objects.filter(**{field: value}).first() if value else None
        if row is not None:
            return Person.objects.get(pk=kept_key(row.pk))
    return None


def kept_people(keys: Iterable[UUID]) -> dict[UUID, Person]:
    """The known ones of some people by the key that was asked, each old key with the person it is; one query."""
    rows = Person.objects.filter(pk__in=list(keys)).select_related("alias__person")
    return {row.pk: alias.person if (alias := getattr(row, "alias", None)) else row for row in rows}
