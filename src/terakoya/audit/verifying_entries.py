"""Is one entry whole: its leaf, its detail, its case, and the rows that say whom it is about?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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


@dataclass(slots=True)
class Row:
    """An entry as it is stored; ``links`` are (entry, place, person as stored, wrapped key) of those it is about."""

    index: int
    leaf: bytes
    body: str
    microseconds: int
    detail: bytes
    case: UUID | None
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
        self.details, self.case_key = keys.node_key("details"), keys.node_key("cases")
        self.keys, self.seen = _person_keys(faults), set[str]()
        self.cases = _cases(faults)
        self.openings = {opened: case for case, opened in self.cases.items() if opened is not None}

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
        if times.microseconds(datetime.fromisoformat(body.at)) != row.microseconds:
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
        if sha256(row.detail).hexdigest() != body.detail:
            self.faults.note(f"the detail of entry {row.index} was changed")
        if keys.commitment_of_case(self.case_key, row.index, row.case) != body.case or (
            row.case is not None and row.case not in self.cases
        ):
            self.faults.note(f"entry {row.index} belongs to another case than it says")
        expected = body.subjects + body.touched
        if [link[:2] for link in row.links] != [(row.index, place) for place in range(len(expected))]:
            self.faults.note(f"entry {row.index} is about others than it says")
        else:
            self._links(row, expected, len(body.subjects))

    def _links(self, row: Row, expected: list[str], shown: int) -> None:
        key = None if expected else self.details
        for (_, place, person, wrapped), said in zip(row.links, expected, strict=True):
            if person is None:
                self.unlinked += 1
                right = not wrapped
            elif right := keys.commitment(self.keys.get(person, b""), row.index) == said:
                self.seen.add(person)
                right = bool(wrapped) == (place < shown)
                key = self._unwrapped(row.index, person, bytes(wrapped)) if wrapped else key
            if not right:
                self.faults.note(f"entry {row.index} is about others than it says")
        if key is not None:
            self._try(row, key)

    def _unwrapped(self, index: int, person: str, wrapped: bytes) -> bytes | None:
        try:
            return keys.unwrap(self.keys[person], wrapped, index)
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
        meant = next((case for case in self.cases if self._opens(index, case) == body.opens), None)
        if opened != meant:
            self.faults.note(f"entry {index} and the case that it opens do not agree")

    def _opens(self, index: int, case: UUID) -> str:
        return keys.commitment_of_case(self.case_key, index, case)


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


def _cases(faults: Faults) -> dict[UUID, int | None]:
    with faults.reading(lambda: "a case"):
        rows = LogCase.objects.annotate(text=Cast("uuid", TextField())).values_list("uuid", "text", "opened")
        for case, text, _opened in rows:
            if text.replace("-", "") != case.hex:
                faults.note("a case does not say which it is")
        return {case: opened for case, _text, opened in rows}
    return {}
