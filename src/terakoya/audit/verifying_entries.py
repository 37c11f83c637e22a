"""Is one entry whole: its leaf, its detail, its case, and the rows that say whom it is about?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import TextField
from django.db.models.functions import Cast

from . import keys, times
from .errors import Unreadable
from .faults import Faults
from .models import LogCase, SubjectKey
from .retention import limit

MOST_KEYS = 20_000  # keys of persons that are at work at the same time, about 2 KB each


@dataclass(slots=True)
class Row:
    """An entry as it is stored; ``links`` are (entry, place, person, wrapped key) of those it is about. Case and
    persons are the text that is stored."""

    index: int
    leaf: bytes
    body: str
    microseconds: int
    detail: bytes
    case: str | None
    links: Sequence[tuple[Any, ...]]


class Body(msgspec.Struct):
    """What a leaf says in clear."""

    v: int
    at: str
    subjects: list[str]
    touched: list[str]
    case: str
    detail: str
    forgotten: int = 0
    expired: int = 0
    opens: str = ""


class EntryCheck:
    """Looks at entries one after the other and counts what is past retention or forgotten."""

    def __init__(self, faults: Faults) -> None:
        self.faults, self.limit = faults, limit()
        self.past_retention = self.unlinked = self.taken = 0
        self.body = msgspec.json.Decoder(Body).decode
        self.details, self.case_key = keys.node_key("details"), keys.CaseKey()
        self.keys, self.seen = _person_keys(faults), set[str]()
        self.key_of = lru_cache(MOST_KEYS)(self._key_of)
        self.cases, self.openings = _cases(faults)
        self.moment = lru_cache(1)(_moment)  # entries of one batch have one time

    def entry(self, row: Row) -> None:
        """Look at one entry."""
        if sha256(b"\x00" + row.body.encode()).digest() != row.leaf:
            self.faults.note(f"entry {row.index} was changed")
            return
        try:
            body = self.body(row.body)
        except msgspec.DecodeError:
            self.faults.note(f"entry {row.index} has no body of a log")
            return
        if self.moment(body.at) != row.microseconds:
            self.faults.note(f"entry {row.index} has another time than it says")
        self.taken += body.forgotten - body.expired
        if body.opens or row.index in self.openings:
            self._opening(row.index, body)
        if row.detail:
            self._detail(row, body)
        elif row.microseconds >= self.limit or row.links:
            self.faults.note(f"the detail of entry {row.index} was taken away before its time")
        else:
            self.past_retention += 1

    def done(self) -> None:
        """What can only be said after all entries."""
        for index in self.openings:
            self.faults.note(f"a case counts as opened by entry {index}, which does not say so")
        for _person in self.keys.keys() - self.seen:
            self.faults.note("a key belongs to nobody in the log")
        if self.unlinked != self.taken:
            self.faults.note(f"{self.unlinked} rows name nobody any more, the log says {self.taken}")

    def _detail(self, row: Row, body: Body) -> None:
        index, case, links = row.index, row.case, row.links
        if sha256(row.detail).hexdigest() != body.detail:
            self.faults.note(f"the detail of entry {index} was changed")
        known = case is None or case in self.cases
        if not known or self.case_key.commitment(index, self.cases[case] if case else None) != body.case:
            self.faults.note(f"entry {index} belongs to another case than it says")
        expected = body.subjects + body.touched
        if len(links) != len(expected):
            self.faults.note(f"entry {index} is about others than it says")
        else:
            self._links(row, expected, len(body.subjects))

    def _links(self, row: Row, expected: list[str], shown: int) -> None:
        index, key = row.index, None if expected else self.details
        for place, (said, (entry, at, person, wrapped)) in enumerate(zip(expected, row.links, strict=True)):
            right = entry == index and at == place
            if person is None:
                self.unlinked += 1
                right = right and not wrapped
            elif right := right and person in self.keys and self.key_of(person).commitment(index) == said:
                self.seen.add(person)
                right = bool(wrapped) == (place < shown)
                key = self._unwrapped(index, person, bytes(wrapped)) if wrapped else key
            if not right:
                self.faults.note(f"entry {index} is about others than it says")
        if key is not None:
            self._try(row, key)

    def _key_of(self, person: str) -> keys.PersonKey:
        return keys.PersonKey(self.keys[person])

    def _unwrapped(self, index: int, person: str, wrapped: bytes) -> bytes | None:
        try:
            return self.key_of(person).unwrap(wrapped, index)
        except Unreadable:
            self.faults.note(f"a key of entry {index} was changed")
            return None

    def _try(self, row: Row, key: bytes) -> None:
        try:
            keys.unseal(key, row.detail, b"detail %d" % row.index)
        except Unreadable:
            self.faults.note(f"the detail of entry {row.index} cannot be opened with its key")

    def _opening(self, index: int, body: Body) -> None:
        """An opening and its case must agree; the case is gone when all its entries are past retention."""
        opened = self.openings.pop(index, None)
        meant = (case for case in self.cases.values() if self.case_key.commitment(index, case) == body.opens)
        if opened != next(meant, None):
            self.faults.note(f"entry {index} and the case that it opens do not agree")


def _moment(at: str) -> int:
    return times.microseconds(datetime.fromisoformat(at))


def _person_keys(faults: Faults) -> dict[str, bytes]:
    """The persons' keys, by the persons as they are stored."""
    known, node = dict[str, bytes](), keys.node_key("persons")
    with faults.reading(lambda: f"a key after {len(known)} others"):
        rows = SubjectKey.objects.annotate(text=Cast("person", TextField())).values_list("person", "text", "sealed")
        for person, text, sealed in rows.iterator(chunk_size=2000):
            if text.replace("-", "") != person.hex:  # written in another form, nobody would find it
                faults.note("a key does not say whose it is")
            try:
                known[text] = keys.unseal(node, bytes(sealed), person.bytes)
            except Unreadable:
                faults.note("a key was changed, or log.secret is not the key file of this log")
    return known


def _cases(faults: Faults) -> tuple[dict[str, UUID], dict[int, UUID]]:
    """The cases by the text that is stored, and which entry opened which."""
    cases, openings = dict[str, UUID](), dict[int, UUID]()
    with faults.reading(lambda: "a case"):
        rows = LogCase.objects.annotate(text=Cast("uuid", TextField())).values_list("uuid", "text", "opened")
        for case, text, opened in rows:
            if text.replace("-", "") != case.hex:
                faults.note("a case does not say which it is")
            cases[text] = case
            if opened is not None:
                openings[opened] = case
    return cases, openings
