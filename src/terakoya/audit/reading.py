"""Reading the log: a person's part of it, or one entry."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Q

from . import keys
from .errors import UnknownEntry, Unreadable
from .models import LogEntry, LogSubject
from .times import microseconds, moment


@dataclass(frozen=True)
class Entry:
    """An entry as it may be read: its place in the log, its time, and its facts."""

    index: int
    at: datetime
    facts: dict[str, Any]


def entries_about(
    person: UUID, since: datetime | None = None, *, before: int | None = None, limit: int | None = None
) -> Iterator[Entry]:
    """The entries that a person may be shown, newest first; ``before`` an index, ``limit`` at most so many.

    Not among them: entries that touch the person in somebody else's case, entries of a case that is not opened yet, and
    those whose retention is over. Neither numbers nor pages tell that they exist.
    """
    key = keys.keys_of([person]).get(person)
    if key is None:
        return
    own = keys.PersonKey(key)
    links = LogSubject.objects.filter(_shown(), person=person).exclude(wrapped=b"")
    if since is not None:
        links = links.filter(entry__microseconds__gte=microseconds(since))
    if before is not None:
        links = links.filter(entry__lt=before)
    rows = links.order_by("-entry").values_list("entry_id", "wrapped", "entry__microseconds", "entry__detail")[:limit]
    for index, wrapped, at, detail in rows.iterator(chunk_size=500):
        yield Entry(index, moment(at), opened(own.unwrap(bytes(wrapped), index), detail, index))


def entry_at(index: int) -> Entry:
    """One entry for whoever checks the node, whatever it is about; needs the key of one of its persons only.

    Raises ``UnknownEntry`` when there is none, its retention is over, or all whom it was about are forgotten.
    """
    entry = LogEntry.objects.filter(index=index).exclude(detail=b"").first()
    if entry is None:
        raise UnknownEntry(index)
    if not entry.subjects.exists():
        return Entry(index, entry.at, opened(keys.node_key("details"), entry.detail, index))
    link = entry.subjects.filter(person__isnull=False).exclude(wrapped=b"").first()
    if link is None or link.person_id is None:
        raise UnknownEntry(index)
    own = keys.PersonKey(keys.keys_of([link.person_id])[link.person_id])
    return Entry(index, entry.at, opened(own.unwrap(bytes(link.wrapped), index), entry.detail, index))


def _shown() -> Q:
    opened = Q(entry__case__isnull=True) | Q(entry__case__opened__isnull=False)
    return opened & ~Q(entry__detail=b"")


def opened(key: bytes, detail: bytes | memoryview, index: int) -> dict[str, Any]:
    """The facts of an entry, by its key; raises ``Unreadable``."""
    try:
        return msgspec.json.decode(keys.unseal(key, bytes(detail), b"detail %d" % index))
    except msgspec.DecodeError as fault:
        raise Unreadable from fault
