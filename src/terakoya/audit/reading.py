"""Reading a person's part of the log."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .models import LogEntry


@dataclass(frozen=True)
class Entry:
    """An entry as it may be read: its place in the log, its time, and its facts."""

    index: int
    at: datetime
    facts: dict[str, Any]


def entries_about(person: UUID, since: datetime | None = None) -> Iterator[Entry]:
    """The entries about a person, newest first."""
    entries = LogEntry.objects.filter(subjects__person=person)
    if since is not None:
        entries = entries.filter(at__gte=since)
    for entry in entries.order_by("-index"):
        yield Entry(entry.index, entry.at, json.loads(entry.body))
