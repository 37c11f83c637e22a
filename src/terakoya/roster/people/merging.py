"""Puts two entries of one person together, and takes that back without losing what was written since."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from terakoya.identity import api as identity
from terakoya.kit import clock

from .. import journal
from ..changing import Writing, changing
from ..errors import CannotMerge, CannotUndo
from ..models import Alias, Before, Change, Kept, PastName, Person, Role
from ..people_models import NAME_FIELDS
from . import aliases
from .following import follow_merge, follow_unmerge
from .names import keep_past
from .plans import Plan, choosable, plan


def merge(person: UUID, entry: UUID, *, take: Collection[str] = (), by: str, note: str = "") -> Change:
    """Say that an entry is a person who is known already, as one change.

    The entry's roles, enrolments, guardianships, protections and profiles go over as the periods they are; where both
    say the same of a day, the person's own row stands and the other one stays with the entry. ``take`` names the
    fields whose value the person has from the entry. The entry is never deleted: each of its identifiers answers with
    the person. Raises ``CannotMerge``.
    """
    if set(take) - set(choosable()):
        raise CannotMerge("field")
    with changing(Change.Kind.MERGE, by=by, note=note) as writing:
        rows = Person.objects.select_for_update().in_bulk([person, entry])
        if len(rows) < 2:
            raise CannotMerge("same")
        found = plan(rows[person], rows[entry])
        _write(found, writing)
        _take(found, take, writing)
        writing.update((one, {"person_id": person}) for one in Alias.objects.filter(person=entry))
        writing.create([Alias(entry_id=entry, person_id=person, taken=sorted(take))])
        writing.change.counts = found.moves
        writing.change.save(update_fields=["counts"])
        _follow(writing, found.entry, found.person)
        follow_merge(found.entry, found.person, reference=str(writing.change.uuid))
        aliases.tell_merge(entry, person, str(writing.change.uuid))
    return writing.change


def unmerge(change: Change, *, by: str) -> Change:
    """Take a merge back, as a change of its own. Nothing that was written since is lost.

    What was touched by the merge alone is as it was. What a later change wrote stays as that change left it, but goes
    back to the entry that it belonged to; rows that came later stay with the person. Raises ``CannotUndo``: ``done``,
    or ``later`` when the person was put together with yet another one.
    """
    if change.kind != Change.Kind.MERGE or Change.objects.filter(undoes=change).exists():
        raise CannotUndo("done", change)
    alias = Alias.objects.filter(made_by=change).select_related("entry", "person").get()
    if (later := _led_on(alias, change)) is not None:
        raise CannotUndo("later", later)
    with changing(Change.Kind.UNDO, by=by, note=change.note, undoes=change) as writing:
        writing.remove([alias])
        writing.remove(list(PastName.objects.filter(made_by=change)))
        for part in Before.objects.filter(change=change, is_gone=False).order_by("-pk"):
            _put_back(part, change, writing)
        people = Person.objects.in_bulk([alias.entry_id, alias.person_id])
        entry, person = people[alias.entry_id], people[alias.person_id]
        follow_unmerge(entry, person, reference=str(writing.change.uuid))
        _follow(writing, entry, person)
        aliases.tell_unmerge(entry.pk, person.pk, str(writing.change.uuid))
    return writing.change


def merges() -> "QuerySet[Alias]":
    """The entries that are put together with somebody, the latest first; ``made_by`` is the change to take back."""
    return Alias.objects.select_related("entry", "person", "made_by").order_by("-made_by", "-pk")


def _write(found: Plan, writing: Writing) -> None:
    for pairs in (found.closes, found.writes):
        by_model: dict[type[Kept], list[tuple[Any, dict[str, Any]]]] = {}
        for row, facts in pairs:
            closed = {"closed_by_id": writing.change.pk} if facts.get("closed") else {}
            plain = {name: value for name, value in facts.items() if name != "closed"}
            by_model.setdefault(type(row), []).append((row, plain | closed))
        for rows in by_model.values():
            writing.update(rows)


def _take(found: Plan, take: Collection[str], writing: Writing) -> None:
    """Give the person the chosen values; names that this replaces are kept as past ones."""
    person, entry = found.person, found.entry
    facts: dict[str, Any] = {_column(name): getattr(entry, _column(name)) for name in take}
    if any(name in facts and getattr(person, name) not in ("", facts[name]) for name in NAME_FIELDS):
        keep_past(writing, [(person.pk, {name: getattr(person, name) for name in NAME_FIELDS})], found.day)
    if entry.ended is None:
        facts["ended"] = None
    writing.update([(person, facts)])
    writing.update([(entry, {"ended": entry.ended or found.day})])


def _column(name: str) -> str:
    known: Any = Person._meta.get_field(name)
    column: str = known.attname
    return column


def _put_back(part: Before, merged: Change, writing: Writing) -> None:
    """What the merge found, except for fields that a later change has written."""
    model, images = journal.images_of(part)
    stored = dict(images)
    rows = model._default_manager.in_bulk(list(stored))
    later = _written_since(model, rows, merged)
    for key, facts in stored.items():
        facts.pop("change_id", None)
        stored[key] = {name: value for name, value in facts.items() if name not in later.get(key, ())}
    writing.update((row, stored[key]) for key, row in rows.items())


def _written_since(model: type[Kept], rows: dict[Any, Any], merged: Change) -> dict[Any, set[str]]:
    """For the rows that later changes touched, the fields that these found another value in."""
    touched = {key for key, row in rows.items() if row.change_id != merged.pk}
    found: dict[Any, set[str]] = {key: set() for key in touched}
    for part in _since(merged).filter(table=model.__name__) if touched else ():
        for key, facts in journal.images_of(part)[1]:
            if key in found:
                found[key] |= set(facts)
    return found


def _since(merged: Change) -> "QuerySet[Before]":
    """What later changes found, but for those that were taken back: they and what took them back left nothing."""
    later = Before.objects.filter(change__gt=merged.pk, is_gone=False, change__undoes=None)
    return later.exclude(change__in=Change.objects.exclude(undoes=None).values("undoes"))


def _led_on(alias: Alias, merged: Change) -> Change | None:
    """The merge by which the person of an alias became yet another one."""
    for part in _since(merged).filter(table="Alias").order_by("change").select_related("change"):
        if any(key == alias.pk for key, _ in journal.images_of(part)[1]):
            return part.change
    return None


def _follow(writing: Writing, entry: Person, person: Person) -> None:
    """Keep open the accounts of those of the two who have a role today and are no alias."""
    here = Role.objects.on(clock.today()).filter(person__in=[entry.pk, person.pk])
    present = set(here.values_list("person", flat=True)) - set(aliases.kept_keys([entry.pk]))
    enabled = {one.pk for one in (entry, person) if one.enabled}
    identity.keep_open(present & enabled, {entry.pk, person.pk}, reference=str(writing.change.uuid))
