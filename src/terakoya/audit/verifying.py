"""Is the stored log whole? Everything is computed anew in one pass; what differs is named."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Model

from terakoya.kit.snapshot import snapshot
from terakoya.standards import merkle

from .appending import ENTRY, SUBJECT
from .faults import Enough, Faults
from .log import log_head, root_at
from .models import LogEntry, LogSubject
from .verifying_entries import EntryCheck, Row
from .verifying_tree import TreeCheck

LATEST, CHUNK = 500, 2_000


@dataclass
class Verification:
    """What was found: size and root as computed from the entries, how many are past retention or forgotten, faults."""

    size: int = 0
    root: bytes = merkle.EMPTY
    past_retention: int = 0
    forgotten: int = 0
    faults: Faults = field(default_factory=Faults)


def verify() -> Verification:
    """Compute the whole log anew from the entries; memory does not grow with it.

    Found are: a changed, missing, swapped or foreign row in any table of the log, a changed tile or head, a change in
    whom an entry is about or in whether it is shown, and a detail that was taken away before its time.
    """
    found = Verification()
    try:
        with snapshot():
            _references(found.faults)
            _walk(found)
    except Enough:
        pass
    return found


def verify_log() -> list[str]:
    """The faults of the whole log in words, or an empty list; see :func:`verify`."""
    return verify().faults


def quick_check() -> list[str]:
    """What can be seen in a moment: head against tiles, and the latest entries. The faults, or an empty list."""
    found = Verification()
    try:
        with snapshot(), found.faults.reading(lambda: "the head"):
            head = log_head()
            if root_at(head.size) != head.root:
                found.faults.note("the head is not that of the tiles")
            check = EntryCheck(found.faults)
            for row in _rows(max(head.size - LATEST, 0)):
                check.entry(row)
    except Enough:
        pass
    except (KeyError, IndexError):
        found.faults.append("a tile or entry is missing below the head")
    return found.faults


def _references(faults: Faults) -> None:
    """SQLite holds references only while the program writes; another hand may have bent one."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for model in (LogEntry, LogSubject):
            cursor.execute(f"PRAGMA foreign_key_check({model._meta.db_table})")
            for table, row, other, _number in cursor.fetchall():
                faults.note(f"row {row} of {table} refers to nothing in {other}")


def _walk(found: Verification) -> None:
    check, tree = EntryCheck(found.faults), TreeCheck(found.faults)
    with found.faults.reading(lambda: f"what follows entry {tree.size - 1}"):
        for row in _rows(0):
            while tree.size < row.index:
                found.faults.note(f"entry {tree.size} is missing")
                tree.add(merkle.EMPTY)
            check.entry(row)
            tree.add(row.leaf)
    check.done()
    with found.faults.reading(lambda: "a tile"):
        tree.check_tiles()
    with found.faults.reading(lambda: "the head"):
        tree.check_head()
    found.size, found.root = tree.size, merkle.root_of_peaks(tree.peaks())
    found.past_retention, found.forgotten = check.past_retention, check.unlinked


def _rows(first: int) -> Iterator[Row]:
    """The entries from ``first`` on with the rows of those they are about."""
    links = _select(LogSubject, SUBJECT, "person", ("entry_id", "place"), first)
    link = next(links, None)
    for index, leaf, body, at, detail, case in _select(LogEntry, ENTRY, "case_id", ("index",), first):
        mine = []
        while link and link[0] <= index:
            mine.append(link)
            link = next(links, None)
        yield Row(index, leaf, body, at, detail, case, mine)
    if link:
        yield Row(link[0], b"", "", 0, b"", None, [link])


def _select(
    model: type[Model], columns: Sequence[str], uuid: str, order: Sequence[str], first: int
) -> Iterator[tuple[Any, ...]]:
    """Rows as they are stored, the column ``uuid`` as text; bare, as a model's reading takes as long as all checks."""
    names = [connection.ops.quote_name(name) for name in columns]
    picked = [f"CAST({name} AS TEXT)" if column == uuid else name for name, column in zip(names, columns, strict=True)]
    table, by = connection.ops.quote_name(model._meta.db_table), ", ".join(names[: len(order)])
    query = f"SELECT {', '.join(picked)} FROM {table} WHERE {names[0]} >= %s ORDER BY {by}"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, [first])
        while rows := cursor.fetchmany(CHUNK):
            yield from rows
