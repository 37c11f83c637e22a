"""Writes rows of one kind as lines say them: all or nothing, only those that become others, each with its moment."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction

from terakoya.kit import clock
from terakoya.roster import api as roster

from . import former, rules
from .errors import Fault, Refused
from .kinds import KINDS, Kind
from .lines import Line
from .models import Latest, Marked, Result
from .rules import Around

AT_ONCE = 500
STEP = timedelta(milliseconds=1)  # what the interface can tell apart
_MUST_BE_SAID = object()
OWN = ("sourced_id", "modified_at", "source", "is_gone")


@dataclass
class Written:
    """What came of lines: numbers of rows that are new, changed and unchanged, and of those taken away."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0


@dataclass(frozen=True)
class Writer:
    """Who writes, when and within which bounds.

    schools: keys of the only schools whose classes may be written about, None for all
    change: number of the change of the roster that a package came with, which may be taken back
    """

    source: str
    at: datetime
    schools: Collection[UUID] | None = None
    change: int | None = None
    held: Mapping[str, Any] = field(default_factory=dict)  # by path from the row: what it must be


@contextmanager
def moment() -> Iterator[datetime]:
    """A transaction in which nobody else writes, and the moment that its rows get: later than any before it."""
    with transaction.atomic():
        Latest.objects.get_or_create(pk=1, defaults={"at": datetime(2000, 1, 1, tzinfo=UTC)})
        latest = Latest.objects.select_for_update().get(pk=1)
        now = clock.now()
        now -= timedelta(microseconds=now.microsecond % 1000)
        latest.at = max(now, latest.at + STEP)
        latest.save(update_fields=["at"])
        yield latest.at


def write(kind: Kind, lines: Sequence[Line], writer: Writer) -> Written:
    """Write lines of one kind, in a moment. Raises :class:`Refused` with all that is wrong; the caller rolls back."""
    written, faults = Written(), list[Fault]()
    for start in range(0, len(lines), AT_ONCE):
        _Part(kind, lines[start : start + AT_ONCE], writer, faults, written).write()
    if faults:
        raise Refused(faults)
    return written


def end(kind: Kind, rows: Iterable[Marked], writer: Writer) -> int:
    """Take living rows away: they stay as tombstones."""
    ending = [(row, {"is_gone": False}) for row in rows if not row.is_gone]
    for row, _ in ending:
        row.is_gone = True
    _update(kind, ending, writer)
    return len(ending)


class _Part:
    """Some lines, few enough to be looked at together."""

    def __init__(
        self, kind: Kind, lines: Sequence[Line], writer: Writer, faults: list[Fault], written: Written
    ) -> None:
        self.kind, self.lines, self.writer, self.faults, self.written = kind, lines, writer, faults, written

    def write(self) -> None:
        before = len(self.faults)
        self.found = {to: _found(to, keys) for to, keys in self._wanted().items()}
        known = {row.sourced_id: row for row in _rows(self.kind, [line.key for line in self.lines])}
        pairs = [self._row(line, known.get(line.key)) for line in self.lines]
        rows = [pair for pair in pairs if pair is not None]
        if len(self.faults) == before:
            self._hold([row for row, _ in rows])
        if len(self.faults) == before:
            self._save(rows)

    def _wanted(self) -> dict[str, list[str]]:
        wanted: dict[str, list[str]] = {}
        for line in self.lines:
            for name, key in line.references.items():
                if key:
                    wanted.setdefault(self.kind.references[name], []).append(key)
        return wanted

    def _row(self, line: Line, row: Marked | None) -> tuple[Marked, dict[str, Any]] | None:
        """The row that a line makes or changes, with what it held before; None where there is nothing to write."""
        if row is None and line.is_gone and not line.facts:
            return None
        row = row or self.kind.model(sourced_id=line.key)
        faults, before = len(self.faults), dict[str, Any]()
        for name, value in (*line.facts.items(), *self._keys(line), ("is_gone", line.is_gone)):
            _set(row, name, value, before)
        _complete(row, line, before)
        if row.pk is None and len(self.faults) == faults:
            self._miss(row)
        return row, before

    def _keys(self, line: Line) -> Iterator[tuple[str, Any]]:
        for name, key in line.references.items():
            to = self.kind.references[name]
            value = self.found[to].get(key) if key else _nothing(self.kind, name)
            if value is _MUST_BE_SAID:
                continue
            if key and value is None:
                self.faults.append(Fault("reference", line.key, name, key, {"kind": to}))
            else:
                yield name, value

    def _miss(self, row: Marked) -> None:
        for one in self.kind.model._meta.concrete_fields:
            optional = one.null or one.has_default() or one.primary_key or one.name in OWN
            if not optional and getattr(row, one.attname) in (None, ""):
                self.faults.append(Fault("required", row.sourced_id, one.name, details={"kind": self.kind.name}))

    def _hold(self, rows: Sequence[Any]) -> None:
        """Hold the living rows against the rules, and all against what the writer may write about."""
        around = _around(self.kind, rows)
        for row in rows:
            school = around.schools.get(row.school_class) if "school_class" in self.kind.references else None
            if self.writer.schools is not None and school is not None and school not in self.writer.schools:
                self.faults.append(Fault("reference", row.sourced_id, "school_class", details={"kind": "class"}))
            elif not row.is_gone:
                self.faults += rules.faults(row, around)
                self.faults += _misplaced(row, self.writer.held)

    def _save(self, rows: Sequence[tuple[Marked, dict[str, Any]]]) -> None:
        new = [row for row, _ in rows if row.pk is None]
        changed = [(row, before) for row, before in rows if row.pk is not None and before]
        for row in new:
            row.modified_at, row.source = self.writer.at, self.writer.source
        self.kind.model._default_manager.bulk_create(new, batch_size=AT_ONCE)
        if self.writer.change is not None and new:
            made = _rows(self.kind, [row.sourced_id for row in new])
            former.keep(self.writer.change, self.kind.name, self.writer.at, [(row.pk, None) for row in made])
        _update(self.kind, changed, self.writer)
        ended = sum(1 for row, before in changed if row.is_gone and "is_gone" in before)
        self.written.ended += ended
        self.written.new += len(new)
        self.written.changed += len(changed) - ended
        self.written.unchanged += len(self.lines) - len(new) - len(changed)


def _update(kind: Kind, changed: Sequence[tuple[Marked, dict[str, Any]]], writer: Writer) -> None:
    if not changed:
        return
    if writer.change is not None:
        former.keep(writer.change, kind.name, writer.at, [(row.pk, before) for row, before in changed])
    for row, _ in changed:
        row.modified_at, row.source = writer.at, writer.source
    names = {"modified_at", "source"}.union(*(before for _, before in changed))
    kind.model._default_manager.bulk_update([row for row, _ in changed], sorted(names), batch_size=AT_ONCE)


def _set(row: Marked, name: str, value: Any, before: dict[str, Any]) -> None:
    """Give a row a value; what it held goes to ``before`` where that was another."""
    if name == "objectives":
        value = _with_keys(value, row.objectives)  # type: ignore[attr-defined]
    one: Any = row._meta.get_field(name)
    attname: str = one.attname
    held = getattr(row, attname)
    new = value.pk if isinstance(value, Marked) else value
    if held != new:
        before[attname] = held
    setattr(row, name, value)


def _with_keys(objectives: Sequence[dict[str, Any]], held: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Objectives that come without keys, with those that packages have given them."""
    known = {(one["source"], one["id"]): one["key"] for one in held}
    return [one if one["key"] else {**one, "key": known.get((one["source"], one["id"]), "")} for one in objectives]


def _complete(row: Any, line: Line, before: dict[str, Any]) -> None:
    """What a line may leave out because what it refers to says it, and what goes when a scale does."""
    if isinstance(row, Result) and row.item_id and not line.references.get("school_class"):
        _set(row, "school_class", row.item.school_class, before)
    if "scale_id" in before and "scale_key" not in line.facts:
        _set(row, "scale_key", "", before)
        _set(row, "scale_title", "", before)


def _found(to: str, keys: Iterable[str]) -> Mapping[str, Any]:
    """By sourcedId what is referred to: living rows of the gradebook, keys of the roster."""
    if to in KINDS:
        return {row.sourced_id: row for row in _rows(KINDS[to], list(dict.fromkeys(keys))) if not row.is_gone}
    return roster.keys_of(to, keys)


def _rows(kind: Kind, keys: Sequence[str]) -> Iterator[Marked]:
    related = [name for name, to in kind.references.items() if to in KINDS]
    if "item" in related:
        related.append("item__scale")
    for start in range(0, len(keys), AT_ONCE):
        rows = kind.model._default_manager.filter(sourced_id__in=keys[start : start + AT_ONCE])
        yield from rows.select_related(*related) if related else rows


def _nothing(kind: Kind, name: str) -> Any:
    """What stands for no reference; where one must be, it counts as not said."""
    one: Any = kind.model._meta.get_field(name)
    return None if one.null else "" if isinstance(one, models.CharField) else _MUST_BE_SAID


def _around(kind: Kind, rows: Sequence[Any]) -> Around:
    if "school_class" not in kind.references:
        return Around()
    classes = {row.school_class for row in rows if row.school_class is not None}
    pupils = roster.ever_pupils_of(classes) if kind.name == "result" else set()
    return Around(roster.schools_of_classes(classes), pupils)


def _misplaced(row: Marked, held: Mapping[str, Any]) -> Iterator[Fault]:
    for path, expected in held.items():
        value: Any = row
        for name in path.split("."):
            value = getattr(value, name)
        if value != expected:
            details = {"expected": str(expected)}
            yield Fault("place", row.sourced_id, path.split(".")[0], str(value), details)
