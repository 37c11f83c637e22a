"""Pages of a list: by plain offset, or by a cursor that says where the page before ended.

A cursor is opaque to others: the list it belongs to (a digest of the question), the keys of the row it stands at, and
on which side of it to read. Reading on by it costs the same anywhere in the list.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import msgspec
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from terakoya.standards.oneroster_query import Query, QueryFault

from .gone import Gone

AFTER, BEFORE, END, GONE = "after", "before", "end", "gone"


@dataclass(frozen=True)
class Key:
    """A column of the order of a list."""

    column: str
    descending: bool = False


Keys = tuple[str | int | None, ...]


class Cursor(msgspec.Struct, frozen=True):
    """Where to read on in the list ``place``. ``end``: ``count`` rows from the end, ``keys`` are empty then; ``gone``:
    after so many of those that are no more.

    walk: the reading that the page before belonged to, whose pages had ``count`` rows
    """

    place: str
    side: str
    keys: Keys = ()
    count: int = 0
    walk: str = ""

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(msgspec.json.encode(self)).decode().rstrip("=")


@dataclass(frozen=True)
class Page:
    """Rows of a page and what stands around it."""

    rows: list[Any]
    offset: int
    total: int
    more: bool
    walk: UUID
    gone: int | None = None  # of a list that ends with what is no more: how many of these were told until here


def walk_of(query: Query, list_: str) -> UUID:
    """The reading that a page belongs to: the one of the page before, while pages keep their size; else a new one."""
    cursor = cursor_of(query.cursor, list_) if query.cursor else None
    if cursor is None or cursor.side != AFTER or cursor.count != query.limit:
        return uuid4()
    try:
        return UUID(cursor.walk)
    except ValueError:
        raise _unknown() from None


def cursor_of(text: str, list_: str) -> Cursor:
    """The cursor of a link of this node to the same list. Raises ``QueryFault``."""
    try:
        cursor = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise _unknown() from None
    if cursor.place != list_ or cursor.side not in (AFTER, BEFORE, END, GONE):
        raise _unknown()
    return cursor


def digest(*parts: object) -> str:
    """What tells one list from another: the same question has the same digest."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def rows_of(rows: QuerySet[Any], order: Sequence[Key], query: Query, list_: str) -> tuple[list[Any], bool]:
    """The rows of the page that is asked for, and whether any follow it. Raises ``QueryFault``."""
    cursor = cursor_of(query.cursor, list_) if query.cursor else None
    if cursor is None:
        some = list(_ordered(rows, order)[query.offset : query.offset + query.limit + 1])
        return some[: query.limit], len(some) > query.limit
    if cursor.side == AFTER:
        some = _beyond(rows, order, cursor, query.limit + 1)
        return some[: query.limit], len(some) > query.limit
    backwards = [Key(key.column, not key.descending) for key in order]
    if cursor.side == BEFORE:
        return _beyond(rows, backwards, cursor, query.limit)[::-1], True
    count = max(0, min(cursor.count, query.limit))
    return list(_ordered(rows, backwards)[:count])[::-1], False


def rows_with_gone(
    rows: QuerySet[Any], order: Sequence[Key], query: Query, list_: str, total: int, gone: Gone
) -> tuple[list[Any], bool, int]:
    """The rows of the page, those that are no more after all others; whether any follow; how many are no more so far.

    total: of the rows that are there
    """
    cursor, found = cursor_of(query.cursor, list_) if query.cursor else None, list[Any]()
    told = max(0, query.offset - total) if cursor is None else 0
    if cursor is not None and cursor.side == GONE:
        told = min(max(0, cursor.count), gone.total)
    else:
        found, more = rows_of(rows, order, query, list_)
        if more:
            return found, True, 0
    some = gone.between(told, told + query.limit - len(found))
    return found + some, told + len(some) < gone.total, told + len(some)


def links(page: Page, query: Query, order: Sequence[Key], list_: str, address: str, asked: dict[str, str]) -> str:
    """The header ``Link`` (RFC 8288) of a page: next, prev, first, last, as far as there are such pages."""

    def to(offset: int, cursor: Cursor | None) -> str:
        place = {"limit": query.limit, "offset": offset} | ({"cursor": str(cursor)} if cursor else {})
        return f"<{address}?{urlencode({**asked, **place})}>"

    found = {"first": to(0, None)}
    if page.more and page.rows:
        found["next"] = to(page.offset + len(page.rows), _next(page, query, order, list_))
    if page.offset > 0:
        back, is_known = max(0, page.offset - query.limit), bool(page.rows) and page.gone is None
        before = Cursor(list_, BEFORE, keys_of(page.rows[0], order)) if is_known and back else None
        found["prev"] = to(back, before)
    if page.total:
        rest = (page.total - 1) % query.limit + 1
        found["last"] = to(page.total - rest, Cursor(list_, END, (), rest) if page.gone is None else None)
    return ", ".join(f'{link}; rel="{name}"' for name, link in found.items())


def _next(page: Page, query: Query, order: Sequence[Key], list_: str) -> Cursor:
    if page.gone:
        return Cursor(list_, GONE, (), page.gone)
    return Cursor(list_, AFTER, keys_of(page.rows[-1], order), query.limit, str(page.walk))


def keys_of(row: Any, order: Sequence[Key]) -> Keys:
    """The keys of a row as a cursor carries them."""
    return tuple(_plain(row[key.column] if isinstance(row, dict) else _attribute(row, key.column)) for key in order)


def _attribute(row: Any, column: str) -> Any:
    return row.pk if column == "pk" else getattr(row, column)


def _plain(value: Any) -> str | int | None:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, int | str) or value is None else str(value)


def _ordered(rows: QuerySet[Any], order: Sequence[Key]) -> QuerySet[Any]:
    return rows.order_by(*(f"-{key.column}" if key.descending else key.column for key in order))


def _beyond(rows: QuerySet[Any], order: Sequence[Key], cursor: Cursor, count: int) -> list[Any]:
    """So many rows after the cursor's: first those that share its first key, then what follows that.

    In two questions, as each is one stretch of an index then; a whole roster may share one change.
    """
    if len(cursor.keys) != len(order) or any(isinstance(key, int) and abs(key) >= 2**63 for key in cursor.keys):
        raise _unknown()
    (first, value), *rest = zip(order, cursor.keys, strict=True)
    try:
        found = list(_ordered(rows.filter(_after(rest), **{first.column: value}), order)[:count]) if rest else []
        if len(found) < count:
            found += _ordered(rows.filter(_past(first, value)), order)[: count - len(found)]
    except (ValueError, TypeError, ValidationError):
        raise _unknown() from None
    return found


def _after(pairs: Sequence[tuple[Key, Any]]) -> Q:
    (key, value), *rest = pairs
    return _past(key, value) | (Q(**{key.column: value}) & _after(rest)) if rest else _past(key, value)


def _past(key: Key, value: Any) -> Q:
    return Q(**{f"{key.column}__{'lt' if key.descending else 'gt'}": value})


def _unknown() -> QueryFault:
    return QueryFault("invaliddata", "cursor", "The cursor is none of this list. Expected: a link that a page gave.")
