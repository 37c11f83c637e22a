"""Names and since when: what somebody was called on a day, and how a name is changed or corrected."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from terakoya.kit import clock

from ..changing import Writing, changing
from ..errors import CannotRename
from ..models import Change, PastName, Person
from ..people_models import NAME_FIELDS
from .following import follow_name

Names = Mapping[str, str]
Named = Person | PastName


def name_on(person: Person, day: date) -> Named:
    """The names of somebody as they held on a day: those of a past that lasted beyond it, else those of today."""
    return person.past_names.filter(until__gt=day).first() or person


def names_on(people: Iterable[Person], day: date) -> dict[UUID, Named]:
    """The same for many people, in one query."""
    rows = {one.uuid: one for one in people}
    found: dict[UUID, Named] = dict(rows)
    # the earliest of those that lasted beyond the day comes last, and stays
    for past in PastName.objects.filter(person__in=list(rows), until__gt=day).order_by("-until", "-pk"):
        found[past.person_id] = past
    return found


def past_names_of(person: UUID) -> QuerySet[PastName]:
    """The names that somebody had, the oldest first."""
    return PastName.objects.filter(person=person)


def keep_past(writing: Writing, before: Iterable[tuple[UUID, Names]], until: date) -> int:
    """Keep names that hold no longer from a day on; for whoever writes names by sets, before or after it does.

    before: person keys with all the name fields as they were; how many were kept is returned
    """
    rows = [
        PastName(person_id=person, until=until, **{name: old[name] for name in NAME_FIELDS}) for person, old in before
    ]
    writing.create(rows)
    return len(rows)


def keep_replaced(writing: Writing, pairs: Iterable[tuple[Person, Mapping[str, Any]]], until: date) -> None:
    """Keep the names that people had until a day, where the facts beside them say others; before these are written.

    A name that was filled in is no past one. Names that came and went on one day held on none of them.
    """
    replaced = {
        person.pk: (_of(person), _of(person) | {name: facts[name] for name in NAME_FIELDS if name in facts})
        for person, facts in pairs
        if any(getattr(person, name) not in ("", facts.get(name, "")) for name in NAME_FIELDS if name in facts)
    }
    of_today = {}
    if replaced:
        of_today = {one.person_id: one for one in PastName.objects.filter(person__in=list(replaced), until=until)}
    keep_past(writing, [(key, old) for key, (old, _) in replaced.items() if key not in of_today], until)
    writing.remove([past for key, past in of_today.items() if _of(past) == replaced[key][1]])


def rename(person: Person, names: Names, *, since: date, by: str, note: str = "") -> Change:
    """Give somebody other names that hold from a day on; the old ones stay, with the day until which they held.

    Raises ``CannotRename`` with its reason: ``unchanged``, ``future`` (the day is to come), ``before`` (a later
    change of names is known), ``empty`` (no name would be left).
    """
    _check(person, names)
    if since > clock.today():
        raise CannotRename("future")
    if person.past_names.filter(until__gte=since).exists():
        raise CannotRename("before")
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        keep_past(writing, [(person.uuid, _of(person))], since)
        _write(writing, person, names)
    return writing.change


def correct(person: Person, names: Names, *, by: str, note: str = "") -> Change:
    """Correct names that were never true; no past name is left. Raises ``CannotRename`` (unchanged, empty)."""
    _check(person, names)
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        _write(writing, person, names)
    return writing.change


def _check(person: Person, names: Names) -> None:
    now = _of(person)
    if set(names) - set(NAME_FIELDS):
        raise ValueError(f"no names: {sorted(set(names) - set(NAME_FIELDS))}")
    if all(now[field] == value for field, value in names.items()):
        raise CannotRename("unchanged")
    after = now | dict(names)
    if not any(after[f"{form}_{part}"] for form in ("official", "display") for part in ("family", "given")):
        raise CannotRename("empty")


def _of(row: Named) -> dict[str, str]:
    return {name: getattr(row, name) for name in NAME_FIELDS}


def _write(writing: Writing, person: Person, names: Names) -> None:
    writing.update([(person, dict(names))])
    follow_name(person, reference=str(writing.change.uuid))
