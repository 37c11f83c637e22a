"""Takes a change back: what it touched is as it was, what it made is gone, unless something later rests on it."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from terakoya.kit import clock

from . import accounts, beside, journal
from .changing import AT_ONCE, Writing, changing
from .errors import CannotUndo
from .models import Before, Change, Kept, Period, Person

NOT_PART_OF_THE_STATE = ("made_by_id", "change_id", "closed_by_id")


def kept_tables() -> list[type[Kept]]:
    """The tables whose rows say which change touched them, those first to which others refer."""
    tables = [model for model in apps.get_app_config("roster").get_models() if issubclass(model, Kept)]
    return sorted(tables, key=_depth)


def undo(change: Change, *, by: str) -> Change:
    """Take a change back, as a change of its own; ``CannotUndo`` names what came later and rests on it."""
    if Change.objects.filter(undoes=change).exists():
        raise CannotUndo("done", change)
    with changing(Change.Kind.UNDO, by=by, note=change.note, undoes=change) as writing:
        later = _later_than(change)
        if later is not None:
            raise CannotUndo("later", later)
        unknown = set(Person.objects.filter(made_by=change).values_list("uuid", flat=True))
        _remove_made(change, writing, periods=True)  # first: what they closed is to live again under the same key
        for part in Before.objects.filter(change=change, is_gone=False).order_by("-pk"):
            _put_back(part, writing)
        _remove_made(change, writing, periods=False)
        for part in Before.objects.filter(change=change, is_gone=True).order_by("-pk"):
            model, images = journal.images_of(part)
            key = model._meta.pk.attname
            writing.create([model(**{key: value, **facts}) for value, facts in images])
        accounts.close(unknown, reference=str(writing.change.uuid))
        accounts.follow_roles(clock.today(), reference=str(writing.change.uuid))
        beside.undo(change.pk, by)
    return writing.change


def state() -> str:
    """A digest of all that the roster says, whichever changes it came by: equal states have equal digests."""
    digest = hashlib.sha256()
    for model in kept_tables():
        rows = model._default_manager.values_list(*_said_by(model)).iterator(10_000)
        lines = sorted(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False) for row in rows)
        digest.update(f"{model.__name__} {len(lines)}\n".encode())
        for line in lines:
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _said_by(model: type[Kept]) -> Iterator[str]:
    """The fields that say something: of other rows their identifier, not the key that a database gave them."""
    for field in model._meta.concrete_fields:
        if field.attname in NOT_PART_OF_THE_STATE or (field.primary_key and model is not Person):
            continue
        yield f"{field.name}__sourced_id" if isinstance(field, models.ForeignKey) else field.name


def _remove_made(change: Change, writing: Writing, *, periods: bool) -> None:
    for model in reversed(kept_tables()):
        if issubclass(model, Period) is periods:
            made = model._default_manager.filter(made_by=change).order_by("pk")
            while rows := list(made[: journal.AT_ONCE]):
                writing.remove(rows)


def _put_back(part: Before, writing: Writing) -> None:
    model, images = journal.images_of(part)
    pairs = list(images)
    for start in range(0, len(pairs), AT_ONCE):
        some = dict(pairs[start : start + AT_ONCE])
        rows = model._default_manager.in_bulk(list(some))
        for facts in some.values():
            facts.pop("change_id", None)
        writing.update((row, some[key]) for key, row in rows.items())


def _later_than(change: Change) -> Change | None:
    """The first later change that touched a row of this one, or made one that refers to what it made."""
    numbers: set[Any] = set()
    for part in Before.objects.filter(change=change, is_gone=False):
        model, images = journal.images_of(part)
        keys = [key for key, _ in images]
        for start in range(0, len(keys), AT_ONCE):
            touched = model._default_manager.filter(pk__in=keys[start : start + AT_ONCE]).exclude(change=change)
            numbers |= set(touched.values_list("change", flat=True))
    for model in kept_tables():
        made = model._default_manager.filter(made_by=change)
        numbers |= set(made.exclude(change=change).values_list("change", flat=True))
        for other in kept_tables():
            for field in _references(other, model):
                resting = other._default_manager.filter(**{f"{field}__in": made.values("pk")})
                numbers |= set(resting.exclude(made_by=change).values_list("change", flat=True))
    later = Change.objects.filter(pk__in=numbers, pk__gt=change.pk).exclude(kind=Change.Kind.UNDO)
    return later.order_by("number").first()


def _references(model: type[Kept], to: type[Kept]) -> list[str]:
    return [
        field.name
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.related_model is to
    ]


def _depth(model: type[Kept]) -> int:
    above = [
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is not model
        and issubclass(field.related_model, Kept)
    ]
    return 1 + max((_depth(one) for one in above), default=0)
