"""The log as a whole: its head, proofs of its entries, and the check that nothing was changed."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q

from . import merkle
from .appending import commitment
from .models import LogEntry, LogHead, LogNode


@dataclass(frozen=True)
class Head:
    """The size of the log and the root of its tree."""

    size: int
    root: bytes


def log_head() -> Head:
    """The head as it stands."""
    head = LogHead.objects.filter(pk=1).first()
    peaks = [bytes.fromhex(peak) for peak in head.peaks] if head else []
    return Head(head.size if head else 0, merkle.root_of_peaks(peaks))


def root_at(size: int) -> bytes:
    """The root of the tree when it had ``size`` leaves; raises ``IndexError`` beyond the log."""
    if not 0 <= size <= log_head().size:
        raise IndexError(f"the log has no {size} leaves")
    return merkle.subtree(0, size, _reader(lambda node: merkle.subtree(0, size, node)))


def inclusion_proof(index: int, size: int | None = None) -> list[bytes]:
    """The proof that entry ``index`` is in the log of ``size`` (default: the present size); IndexError if it is not."""
    whole = log_head().size
    size = whole if size is None else size
    if size > whole:
        raise IndexError(f"the log has no {size} leaves")
    return merkle.inclusion_proof(index, size, _reader(lambda node: merkle.inclusion_proof(index, size, node)))


def consistency_proof(first: int, second: int | None = None) -> list[bytes]:
    """The proof that the log of ``first`` leaves is the beginning of that of ``second`` (default: the present)."""
    whole = log_head().size
    second = whole if second is None else second
    if second > whole:
        raise IndexError(f"the log has no {second} leaves")
    return merkle.consistency_proof(first, second, _reader(lambda node: merkle.consistency_proof(first, second, node)))


def verify_log() -> list[str]:
    """Compute the whole log anew; the faults found, in words, or an empty list.

    Found are: a changed body or leaf, a missing or foreign entry, a changed subtree or head, and a change in whom an
    entry is about.
    """
    head = LogHead.objects.filter(pk=1).first()
    size, peaks, faults = 0, list[bytes](), list[str]()
    nodes = {(node.level, node.index): bytes(node.digest) for node in LogNode.objects.all()}
    for entry in LogEntry.objects.order_by("index").prefetch_related("subjects").iterator(chunk_size=1000):
        faults += _faults_of(entry, size)
        peaks, fresh = merkle.grow(size, peaks, bytes(entry.leaf))
        faults += [f"subtree {place} differs" for place, digest in fresh if nodes.pop(place, None) != digest]
        size += 1
    faults += [f"subtree {place} belongs to nothing" for place in nodes]
    if (head.size, head.peaks) != (size, [peak.hex() for peak in peaks]) if head else size:
        faults.append("the head is not that of the entries")
    return faults


def _faults_of(entry: LogEntry, place: int) -> Iterator[str]:
    if entry.index != place:
        yield f"entry {place} is missing"
    if not entry.body:  # its retention is over; the leaf stays
        return
    if hashlib.sha256(b"\x00" + entry.body.encode()).digest() != bytes(entry.leaf):
        yield f"entry {entry.index} was changed"
        return
    people = sorted(commitment(entry.index, subject.person) for subject in entry.subjects.all())
    if people != sorted(json.loads(entry.body)["subjects"]):
        yield f"entry {entry.index} is about others than it says"


def _reader(ask: "merkle.Ask") -> merkle.Node:
    """A node function over what ``ask`` will need, read with two queries."""
    wanted = merkle.places(ask)
    leaves = [index for level, index in wanted if level == 0]
    inner = [Q(level=level, index=index) for level, index in wanted if level]
    known = {(0, entry.index): bytes(entry.leaf) for entry in LogEntry.objects.filter(index__in=leaves)}
    if inner:
        found = LogNode.objects.filter(reduce(or_, inner))
        known |= {(node.level, node.index): bytes(node.digest) for node in found}
    return lambda level, index: known[level, index]
