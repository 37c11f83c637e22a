"""Materials and who uses them: taken over from a package as a whole, and read by whoever serves them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from terakoya.kit import clock

from . import former
from .models import ClassResource, CourseResource, FormerResources, Resource, ResourcesHead, UserResource

AT_ONCE = 500
STEP = timedelta(milliseconds=1)
Facts = Mapping[str, Any]
KINDS: Mapping[str, Any] = {
    "resource": Resource,
    "classResource": ClassResource,
    "courseResource": CourseResource,
    "userResource": UserResource,
}


@dataclass
class Written:
    """What came of rows: numbers of those that are new, changed and unchanged, and of those taken away."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0


@contextmanager
def moment() -> Iterator[datetime]:
    """A transaction in which nobody else writes materials, and a moment later than any before."""
    with transaction.atomic():
        ResourcesHead.objects.get_or_create(pk=1, defaults={"at": datetime(2000, 1, 1, tzinfo=UTC)})
        head = ResourcesHead.objects.select_for_update().get(pk=1)
        now = clock.now()
        head.at = max(now - timedelta(microseconds=now.microsecond % 1000), head.at + STEP)
        head.save(update_fields=["at"])
        yield head.at


def write(
    kind: str, wanted: Mapping[str, Facts], at: datetime, *, replaces: QuerySet[Any] | None, change: int = 0
) -> Written:
    """Make the rows of a kind what is wanted of them, by sourcedId: only those that become others are written.

    replaces: rows of which the living ones that are not among the wanted are taken away
    change: the change of the roster that it came with, with which it is taken back
    """
    model = KINDS[kind]
    known = {row.sourced_id: row for row in _known(model, list(wanted))}
    new = [
        model(sourced_id=key, modified_at=at, **facts)
        for key, facts in wanted.items()
        if key not in known and not facts.get("is_gone")
    ]
    held = {row.pk: former.facts_of(row) for row in known.values()}
    changed = [row for key, row in known.items() if _change(row, {"is_gone": False, **wanted[key]})]
    gone = [] if replaces is None else [row for row in replaces.filter(is_gone=False) if row.sourced_id not in wanted]
    held |= {row.pk: former.facts_of(row) for row in gone}
    for row in gone:
        row.is_gone = True
    for row in (*changed, *gone):
        row.modified_at = at
    model.objects.bulk_create(new, batch_size=AT_ONCE)
    names = [one.attname for one in model._meta.concrete_fields if not one.primary_key]
    model.objects.bulk_update([*changed, *gone], names, batch_size=AT_ONCE)
    made = _known(model, [row.sourced_id for row in new])
    before = {row.pk: held[row.pk] for row in (*changed, *gone)} | {row.pk: None for row in made}
    if change and before:
        former.keep(change, kind, at, before)
    ended = sum(1 for row in changed if row.is_gone)
    return Written(len(new), len(changed) - ended, len(wanted) - len(new) - len(changed), ended + len(gone))


def undo(change: int) -> None:
    """Take back what a package brought with a change of the roster; rows that were written since stay as they are."""
    with moment() as at:
        for part in former.parts_of(change):
            model = KINDS[part.kind]
            before = former.kept(part, model)
            rows = former.untouched(part, list(model.objects.filter(pk__in=list(before))))
            for row in rows:
                _change(row, {**(before[row.pk] or {"is_gone": True}), "modified_at": at})
            names = [one.attname for one in model._meta.concrete_fields if not one.primary_key]
            model.objects.bulk_update(rows, names, batch_size=AT_ONCE)
            FormerResources.objects.filter(pk=part.pk).update(undone_at=at)


def rows_of(kind: str) -> QuerySet[Any]:
    """All rows of a kind, gone ones too: ``resource``, ``classResource``, ``courseResource``, ``userResource``."""
    rows: QuerySet[Any] = KINDS[kind].objects.all()
    return rows


def resource_keys(sourced_ids: Sequence[str]) -> dict[str, int]:
    """The database's keys of the living ones of some materials."""
    found: dict[str, int] = {}
    for start in range(0, len(sourced_ids), AT_ONCE):
        rows = Resource.objects.filter(sourced_id__in=sourced_ids[start : start + AT_ONCE], is_gone=False)
        found |= dict(rows.values_list("sourced_id", "pk"))
    return found


def latest() -> datetime | None:
    """The moment of the latest writing of materials."""
    return ResourcesHead.objects.values_list("at", flat=True).first()


def _known(model: Any, keys: Sequence[str]) -> Iterator[Any]:
    for start in range(0, len(keys), AT_ONCE):
        yield from model.objects.filter(sourced_id__in=keys[start : start + AT_ONCE])


def _change(row: Any, facts: Facts) -> bool:
    different = {name: value for name, value in facts.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
