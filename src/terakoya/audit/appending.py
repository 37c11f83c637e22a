"""Writing the log: one leaf of the Merkle tree for each release, in the transaction of the release."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection

from terakoya.kit import clock, sealing
from terakoya.standards import merkle

from . import keys, rows, tiles, times, walks
from .errors import NoTransaction
from .models import LogCase, LogEntry, LogHead, LogSubject

ENTRY = ("index", "leaf", "body", "microseconds", "detail", "case_id")
SUBJECT = ("entry_id", "place", "person", "wrapped")


@dataclass(frozen=True)
class Release:
    """What is to be logged: the facts, and the persons they are about.

    in_case_of: the facts belong to this person's case; only they are shown the entry, not the others it touches
    sealed: the case of child protection that must be opened before anybody is shown the entry
    public: what stands in the leaf in clear; it must name nobody
    at: when it was, where it comes to the log later
    read: the page of a list that a machine read, about people who are not among the subjects
    """

    facts: dict[str, Any]
    subjects: Iterable[UUID] = ()
    in_case_of: UUID | None = None
    sealed: UUID | None = None
    public: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    read: walks.PageRead | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry that was just written: its place in the log, and its leaf hash."""

    index: int
    leaf: bytes


def append(facts: dict[str, Any], subjects: Iterable[UUID], **more: Any) -> Leaf:
    """Write one leaf about the persons; ``more`` as in :class:`Release`. See :func:`append_many`."""
    return append_many([Release(facts, subjects, **more)])[0]


def append_many(releases: Sequence[Release]) -> list[Leaf]:
    """Write a leaf for each release, in the caller's transaction, so that there is no release without it.

    Many releases in one transaction cost one wait for the disk. Raises ``NoTransaction`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise NoTransaction("the log is written in the transaction of the release")
    if not releases:
        return []
    return _Batch(locked_head(), releases).write()


def locked_head() -> LogHead:
    """The head, locked until the transaction ends, so that leaves get their places one after the other."""
    head, _made = LogHead.objects.select_for_update().get_or_create(pk=1)
    return head


class _Batch:
    """Releases that become leaves together."""

    def __init__(self, head: LogHead, releases: Sequence[Release]) -> None:
        self.head, self.now = head, clock.now()
        self.releases = [(release, *_readers(release)) for release in releases]
        known = keys.keys_for({person for _, shown, touched in self.releases for person in (*shown, *touched)})
        self.keys = {person: keys.PersonKey(key) for person, key in known.items()}
        self.details, self.cases = keys.node_key("details"), keys.CaseKey()
        self.entries: list[tuple[int, bytes, str, int, bytes, Any]] = []
        self.subjects: list[tuple[int, int, Any, bytes]] = []

    def write(self) -> list[Leaf]:
        sealed = {release.sealed for release, _, _ in self.releases if release.sealed}
        LogCase.objects.bulk_create([LogCase(uuid=case) for case in sealed], ignore_conflicts=True)
        first = self.head.size
        leaves = [self._leaf(first + place, *release) for place, release in enumerate(self.releases)]
        rows.add(LogEntry, ENTRY, self.entries)
        rows.add(LogSubject, SUBJECT, self.subjects)
        pages = [(first + place, release.read) for place, (release, _, _) in enumerate(self.releases)]
        walks.keep([(index, page) for index, page in pages if page is not None])
        self._grow(first, [leaf.leaf for leaf in leaves])
        return leaves

    def _leaf(self, index: int, release: Release, shown: list[UUID], touched: list[UUID]) -> Leaf:
        detail = self._detail(index, release.facts, shown, touched)
        at = release.at or self.now
        body = {
            "v": 2,
            "at": at.isoformat(),
            "subjects": [self.keys[person].commitment(index) for person in shown],
            "touched": [self.keys[person].commitment(index) for person in touched],
            "case": self.cases.commitment(index, release.sealed),
            "detail": sha256(detail).hexdigest(),
            **release.public,
        }
        text = msgspec.json.encode(body, order="sorted")  # of ASCII text and whole numbers this is RFC 8785
        case = rows.stored(release.sealed) if release.sealed else None
        leaf = merkle.leaf_hash(text)
        self.entries.append((index, leaf, text.decode(), times.microseconds(at), detail, case))
        return Leaf(index, leaf)

    def _detail(self, index: int, facts: dict[str, Any], shown: list[UUID], touched: list[UUID]) -> bytes:
        """The facts, sealed under a fresh key for those who are shown them; about nobody, under the node's own."""
        key = secrets.token_bytes(32) if shown else self.details
        for place, person in enumerate(shown):
            self.subjects.append((index, place, rows.stored(person), self.keys[person].wrap(key, index)))
        for place, person in enumerate(touched, len(shown)):
            self.subjects.append((index, place, rows.stored(person), b""))
        return sealing.seal(key, msgspec.json.encode(facts), b"detail %d" % index)

    def _grow(self, first: int, leaves: list[bytes]) -> None:
        peaks, fresh = [bytes.fromhex(peak) for peak in self.head.peaks], []
        for place, leaf in enumerate(leaves):
            peaks, completed = merkle.grow(first + place, peaks, leaf)
            fresh += completed
        tiles.store(first, leaves, fresh)
        self.head.size, self.head.peaks = first + len(leaves), [peak.hex() for peak in peaks]
        self.head.save()


def _readers(release: Release) -> tuple[list[UUID], list[UUID]]:
    """Who is shown the entry, and whom it touches besides."""
    people = set(release.subjects)
    if release.in_case_of is None:
        return sorted(people), []
    return [release.in_case_of], sorted(people - {release.in_case_of})
