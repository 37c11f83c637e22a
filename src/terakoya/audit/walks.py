"""Reads of lists by machines: one leaf for each page, however many it is about, and how a person finds theirs.

A page about a hundred people cannot have a hundred rows. Its entry is sealed for the node, and a small row says from
which to which person it went; with an index on that, a walk is one look-up for whoever asks, not a search of its pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from . import rows
from .keys import node_key
from .models import Walk, WalkPage
from .reading import Entry, opened
from .times import microseconds, moment

SIZE = 8
HALF = 2 ** (8 * SIZE - 1)


@dataclass(frozen=True)
class PageRead:
    """A page that a machine read: of which walk of which list, and about whom. ``keys``: see :class:`WalkPage`."""

    reader: str
    list: str
    walk: UUID
    first: int
    last: int
    keys: bytes = b""


def page_read(reader: str, list_: str, walk: UUID, people: Iterable[UUID], *, all_between: bool) -> PageRead:
    """The page with these people (at least one). ``all_between``: nobody of the list who stands between is missing."""
    places = sorted({place_of(person) for person in people})
    kept = b"" if all_between else b"".join(_bytes(place) for place in places)
    return PageRead(reader, list_, walk, places[0], places[-1], kept)


def place_of(person: UUID) -> int:
    """Where a person stands in the order of pages."""
    return int.from_bytes(person.bytes[:SIZE], "big") - HALF


def keep(read: Sequence[tuple[int, PageRead]]) -> None:
    """Write the rows of pages beside their entries, in the transaction that writes these."""
    if not read:
        return
    walks = {page.walk: Walk(page.walk, page.reader, page.list) for _, page in read}
    Walk.objects.bulk_create(walks.values(), ignore_conflicts=True)
    columns = ("entry_id", "walk_id", "first", "last", "keys")
    rows.add(
        WalkPage,
        columns,
        [(index, rows.stored(page.walk), page.first, page.last, page.keys) for index, page in read],
    )


def reads_about(
    person: UUID, since: datetime | None = None, *, before: int | None = None, limit: int | None = None
) -> list[Entry]:
    """The entries of pages that a person was on, newest first; ``before`` an index, ``limit`` at most so many."""
    found = _pages(person).exclude(entry__detail=b"")
    if since is not None:
        found = found.filter(entry__microseconds__gte=microseconds(since))
    if before is not None:
        found = found.filter(entry__lt=before)
    lines = found.order_by("-entry").values_list("entry_id", "keys", "entry__microseconds", "entry__detail")
    key, entries = node_key("details"), list[Entry]()
    for index, kept, at, detail in lines.iterator(chunk_size=500):
        if _is_on(person, bytes(kept)):
            entries.append(Entry(index, moment(at), opened(key, detail, index)))
        if limit is not None and len(entries) == limit:
            break
    return entries


def forget_person(person: UUID) -> None:
    """Take a person out of the pages they were on; what is left tells of the others only."""
    place = place_of(person)
    for page in _pages(person):
        kept = bytes(page.keys)
        page.keys = b"".join(part for part in _parts(kept) if part != _bytes(place))
        page.first += page.first == place
        page.last -= page.last == place
        page.save(update_fields=["keys", "first", "last"])


def forget(entries: Sequence[int]) -> None:
    """Drop the rows of entries whose retention is over, and walks of which none is left."""
    WalkPage.objects.filter(entry__in=entries).delete()
    Walk.objects.filter(pages=None).delete()


def _pages(person: UUID) -> QuerySet[WalkPage]:
    """Of each walk the page that goes up to or over the person: one look-up a walk."""
    place = place_of(person)
    here = WalkPage.objects.filter(walk=OuterRef("pk"), first__lte=place).order_by("-first", "-last")
    of_each = Walk.objects.annotate(page=Subquery(here.values("pk")[:1])).values("page")
    return WalkPage.objects.filter(pk__in=of_each, last__gte=place)


def _is_on(person: UUID, kept: bytes) -> bool:
    return not kept or _bytes(place_of(person)) in _parts(kept)


def _parts(kept: bytes) -> list[bytes]:
    return [kept[start : start + SIZE] for start in range(0, len(kept), SIZE)]


def _bytes(place: int) -> bytes:
    return (place + HALF).to_bytes(SIZE, "big")
