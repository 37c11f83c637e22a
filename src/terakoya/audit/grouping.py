"""Group commit: releases that wait for the disk at the same time, wait for it once.

Pages only read; what they write is their line in the log. While one thread brings lines to the disk, those of others
gather, and the next one takes them all in one transaction. Each is answered when its line is on the disk.
"""

import threading
from collections.abc import Sequence

from django.db import connection, transaction

from terakoya.kit import long_writes

from . import intake
from .appending import Leaf, Release, append_many


class _Waiting:
    """The releases of one thread, until they are written or have failed."""

    def __init__(self, releases: Sequence[Release]) -> None:
        self.releases = releases
        self.leaves: list[Leaf] | None = None
        self.fault: Exception | None = None
        self.woken = threading.Event()

    @property
    def done(self) -> bool:
        return self.leaves is not None or self.fault is not None

    def write(self) -> None:
        """Alone, in a transaction of its own."""
        try:
            with transaction.atomic():
                self.leaves = append_many(self.releases)
        except Exception as fault:
            self.fault = fault


class _Queue:
    """Those who wait. One at a time leads: it writes for all who wait, wakes them, and one of those who came meanwhile
    to lead the next; nobody else is woken."""

    def __init__(self) -> None:
        self.lock, self.waiting, self.led = threading.Lock(), list[_Waiting](), False

    def join(self, one: _Waiting) -> None:
        """Wait until it is written or its thread has to lead."""
        with self.lock:
            self.waiting.append(one)
            leads, self.led = not self.led, True
        if not leads:
            one.woken.wait()

    def lead(self) -> None:
        """Write for all who wait now."""
        with self.lock:
            group, self.waiting = self.waiting, []
        try:
            _write(group)
        finally:
            self.pass_on()
            for one in group:
                if not one.done:
                    one.fault = RuntimeError("the log did not take the release")
                one.woken.set()

    def pass_on(self) -> None:
        """The lead goes to the first who waits, or to whoever comes next."""
        with self.lock:
            self.led = bool(self.waiting)
            if self.led:
                self.waiting[0].woken.set()


_queue = _Queue()


def append_together(releases: Sequence[Release]) -> list[Leaf]:
    """Write a leaf for each release and wait until they are on the disk, in one transaction with other threads'.

    Within a transaction it is :func:`append_many`: the leaves are written with that. While another process holds the
    database they are brought to the disk beside it, and get their leaves, none of which is known yet, afterwards.
    """
    if connection.in_atomic_block:
        return append_many(releases)
    if long_writes.under_way():
        intake.keep(releases)
        return []
    mine = _Waiting(releases)
    _queue.join(mine)
    if not mine.done:
        _queue.lead()
    if mine.leaves is None:
        raise mine.fault or RuntimeError("the log did not take the release")
    return mine.leaves


def _write(group: list[_Waiting]) -> None:
    """All in one transaction; where that fails each for itself, so that nobody suffers from another's release."""
    try:
        if intake.waiting():
            intake.bring_in()
        with transaction.atomic():
            leaves = iter(append_many([release for one in group for release in one.releases]))
    except Exception:
        for one in group:
            one.write()
        return
    for one in group:
        one.leaves = [next(leaves) for _ in one.releases]
