"""Group commit: releases that wait for the disk at the same time, wait for it once.

Pages only read; what they write is their line in the log. While one thread brings lines to the disk, those of others
gather, and the next one takes them all in one transaction. Each is answered when its line is on the disk.
"""

import threading
from collections.abc import Sequence

from django.db import connection, transaction

from .appending import Leaf, Release, append_many

_changed = threading.Condition()
_waiting: list["_Waiting"] = []
_writing = threading.Lock()


class _Waiting:
    """The releases of one thread, until they are written or have failed."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = releases
        self.entries: list[Leaf] | None = None
        self.fault: Exception | None = None

    @property
    def done(self) -> bool:
        return self.entries is not None or self.fault is not None

    def write(self) -> None:
        """Alone, in a transaction of its own."""
        try:
            with transaction.atomic():
                self.entries = append_many(self.releases)
        except Exception as fault:
            self.fault = fault


def append_together(releases: Sequence[Release]) -> list[Leaf]:
    """Write a leaf for each release and wait until they are on the disk, in one transaction with other threads'.

    Within a transaction it is :func:`append_many`: the leaves are written with that.
    """
    if connection.in_atomic_block:
        return append_many(releases)
    mine = _Waiting(releases)
    with _changed:
        _waiting.append(mine)
        _changed.wait_for(lambda: mine.done or _writing.acquire(blocking=False))
        group = [] if mine.done else list(_waiting)
        del _waiting[: len(group)]
    if group:
        _lead(group)
    if mine.entries is None:
        raise mine.fault or RuntimeError("the log did not take the release")
    return mine.entries


def _lead(group: list[_Waiting]) -> None:
    """Write for all, then wake them, and one of those who came meanwhile to lead the next."""
    try:
        _write(group)
    finally:
        with _changed:
            _writing.release()
            _changed.notify_all()


def _write(group: list[_Waiting]) -> None:
    """All in one transaction; where that fails each for itself, so that nobody suffers from another's release."""
    try:
        with transaction.atomic():
            entries = iter(append_many([release for one in group for release in one.releases]))
    except Exception:
        for one in group:
            one.write()
        return
    for one in group:
        one.entries = [next(entries) for _ in one.releases]
