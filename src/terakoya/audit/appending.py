"""Writing the log: one leaf of the Merkle tree for each release, in the transaction of the release."""

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection

from terakoya.kit import clock
from terakoya.kit.keyfiles import load_or_make_secret

from . import merkle
from .errors import NoTransaction
from .models import LogEntry, LogHead, LogNode, LogSubject


def append(facts: dict[str, Any], subjects: Iterable[UUID]) -> LogEntry:
    """Write one leaf about the persons, in the caller's transaction, so that there is no release without it.

    ``facts`` are JSON values that name nobody of the ``subjects``. Raises ``NoTransaction`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("the log is written in the transaction of the release")
    people = sorted(set(subjects))
    head = _locked_head()
    at = clock.now()
    commitments = [commitment(head.size, person) for person in people]
    body = rfc8785.dumps({"v": 1, "at": at.isoformat(), "subjects": commitments, **facts})
    return _append(head, body, people, at)


def commitment(index: int, person: UUID) -> str:
    """What stands for a person in a leaf: only this node can tell whom it means, and no two leaves share one."""
    secret = load_or_make_secret(settings.DATA_DIR, "log.secret")
    return hmac.digest(secret, f"{index}:{person}".encode(), "sha256").hex()


def _locked_head() -> LogHead:
    """The head, locked until the transaction ends, so that leaves get their places one after the other."""
    head, _made = LogHead.objects.select_for_update().get_or_create(pk=1)
    return head


def _append(head: LogHead, body: bytes, people: list[UUID], at: datetime) -> LogEntry:
    leaf = merkle.leaf_hash(body)
    entry = LogEntry(index=head.size, leaf=leaf, body=body.decode(), at=at)
    entry.save()
    LogSubject.objects.bulk_create([LogSubject(entry=entry, person=person) for person in people])
    peaks, fresh = merkle.grow(head.size, [bytes.fromhex(peak) for peak in head.peaks], leaf)
    LogNode.objects.bulk_create([LogNode(level=level, index=index, digest=digest) for (level, index), digest in fresh])
    head.size, head.peaks = head.size + 1, [peak.hex() for peak in peaks]
    head.save()
    return entry
