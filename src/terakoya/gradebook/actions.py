"""Writes of the gradebook, one transaction each: a row is put under its id, lists are posted, rows are taken away."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from terakoya.standards import oneroster

from . import former
from .errors import Fault, InUse, Refused, Unknown
from .kinds import KINDS, RESTING
from .lines import Line
from .models import Marked
from .writing import Writer, Written, end, moment, write


def put(kind: str, line: Line, *, source: str, schools: Collection[UUID] | None = None) -> Written:
    """Create the row of a line, or make the one that is there what the line says; the same twice changes nothing.

    source: name of the system that writes; schools: the only ones it may write about. Raises :class:`Refused`.
    """
    if not oneroster.ID.fullmatch(line.key):
        raise Refused([Fault("key.form", line.key[:100], "sourced_id", line.key[:100])])
    with moment() as at:
        if line.is_gone:
            _hold_nothing_rests(kind, line.key)
        return write(KINDS[kind], [line], Writer(source, at, schools))


def post(
    kind: str,
    lines: Sequence[Line],
    *,
    source: str,
    schools: Collection[UUID] | None = None,
    held: Mapping[str, Any] | None = None,
) -> list[tuple[str, str]]:
    """Create rows under ids that this node gives: pairs of the supplied id and the given one. Raises :class:`Refused`.

    held: by path from the row, as ``item.session``, what it must be: the place that the list is posted to
    """
    supplied = [line.key for line in lines]
    if twice := [key for key, number in Counter(supplied).items() if number > 1]:
        raise Refused([Fault("key.twice", key) for key in twice])
    given = [str(uuid.uuid4()) for _ in lines]
    named = [replace(line, key=key) for line, key in zip(lines, given, strict=True)]
    with moment() as at:
        try:
            write(KINDS[kind], named, Writer(source, at, schools, held=held or {}))
        except Refused as refusal:
            known = dict(zip(given, supplied, strict=True))
            raise Refused([replace(fault, key=known[fault.key]) for fault in refusal.faults]) from None
    return list(zip(supplied, given, strict=True))


def delete(kind: str, key: str, *, source: str) -> None:
    """Take a row away; its tombstone stays. Raises :class:`Unknown`, and :class:`InUse` while others rest on it."""
    with moment() as at:
        row = KINDS[kind].model._default_manager.filter(sourced_id=key, is_gone=False).first()
        if row is None:
            raise Unknown(key)
        _hold_nothing_rests(kind, key)
        end(KINDS[kind], [row], Writer(source, at))


def undo(change: int, *, by: str) -> None:
    """Take back what a package brought with a change of the roster; rows that were written since stay as they are."""
    with moment() as at:
        for part in former.parts_of(change):
            kind = KINDS[part.kind]
            before = dict(former.kept(part, kind.model))
            rows = kind.model._default_manager.filter(pk__in=list(before), modified_at=part.at)
            for row in rows:
                for name, value in (before[row.pk] or {"is_gone": True}).items():
                    setattr(row, name, value)
                row.modified_at, row.source = at, by[:150]
            names = {"modified_at", "source", "is_gone"}.union(*(held for held in before.values() if held))
            kind.model._default_manager.bulk_update(rows, sorted(names), batch_size=500)


def _hold_nothing_rests(kind: str, key: str) -> None:
    for other, name in RESTING[kind]:
        rows: Any = KINDS[other].model._default_manager
        resting: Marked | None = rows.filter(**{f"{name}__sourced_id": key}, is_gone=False).first()
        if resting is not None:
            raise InUse(other, resting.sourced_id)
