"""What leaves the log: details whose retention is over, and whatever would tell of a person who is to be forgotten.

Leaves and tree stay as they are. How much was taken away stands in a leaf itself, so that ``verify`` can tell it from
what somebody else removed.
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from terakoya.kit import clock

from . import walks
from .appending import Leaf, append, locked_head
from .models import LogCase, LogEntry, LogSubject, SubjectKey
from .times import microseconds

log = logging.getLogger(__name__)
RETENTION = timedelta(days=5 * 365 + 2)
BATCH = 5_000


@transaction.atomic
def forget_person(person: UUID, facts: dict[str, Any]) -> Leaf | None:
    """Destroy a person's key: their part of the log can be neither read nor found any more, by anybody.

    Others whom the same entries are about see theirs as before. The entry about it names nobody; ``facts`` must not
    either. None when the log knows nothing of the person.
    """
    locked_head()
    _overwrite_what_is_deleted()
    walks.forget_person(person)
    links = LogSubject.objects.filter(person=person)
    if not SubjectKey.objects.filter(person=person).exists():
        return None
    count = links.update(person=None, wrapped=b"")
    SubjectKey.objects.filter(person=person).delete()
    return append(facts, [], public={"forgotten": count})


def forget_expired() -> int:
    """Delete the details that are older than the retention, and whom they were about; the number of entries."""
    done = 0
    while batch := _forget_batch():
        done += batch
    return done


def limit() -> int:
    """Details from before this moment (microseconds) are past their retention."""
    return microseconds(clock.now() - RETENTION)


@transaction.atomic
def _forget_batch() -> int:
    locked_head()
    _overwrite_what_is_deleted()
    old = LogEntry.objects.filter(microseconds__lt=limit()).exclude(detail=b"").order_by("index")
    indexes = list(old.values_list("index", flat=True)[:BATCH])
    if not indexes:
        return 0
    links = LogSubject.objects.filter(entry__in=indexes)
    unlinked = links.filter(person=None).count()
    links.delete()
    walks.forget(indexes)
    LogEntry.objects.filter(index__in=indexes).update(detail=b"", case=None)
    _forget_unused()
    append({"what": "log_retention", "count": len(indexes)}, [], public={"expired": unlinked})
    return len(indexes)


def _overwrite_what_is_deleted() -> None:
    """SQLite leaves deleted bytes in its files unless it is told otherwise; PostgreSQL overwrites when it vacuums."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
        transaction.on_commit(_empty_journal)


def _empty_journal() -> None:
    """The write-ahead log still holds the pages as they were before: bring them into the database and cut it off."""
    with connection.cursor() as cursor:
        busy, _written, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        log.warning("the write-ahead log was not emptied: what was forgotten stays in it until the next time")


def _forget_unused() -> None:
    """Keys and cases of which the log holds nothing any more."""
    SubjectKey.objects.filter(~Exists(LogSubject.objects.filter(person=OuterRef("pk")))).delete()
    LogCase.objects.filter(~Exists(LogEntry.objects.filter(case=OuterRef("pk")))).delete()
