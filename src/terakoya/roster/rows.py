"""The tables as queries, for rooms that serve whole lists of them, and the moments of the changes that rows name.

Nothing is decided or written down here: whoever reads so does both.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Change, Person


def rows_of(table: str) -> QuerySet[Any]:
    """All rows of a table by the name of its model, closed ones too."""
    rows: QuerySet[Any] = apps.get_model("roster", table)._default_manager.all()
    return rows


def newest_of(table: str) -> QuerySet[Any]:
    """The rows of a table of periods, of each identifier the one that counts: the living one, else the last closed."""
    rows = rows_of(table)
    same = rows.filter(sourced_id=OuterRef("sourced_id"))
    outlived = Exists(same.filter(closed_by=None)) | Exists(same.filter(closed_by__isnull=False, pk__gt=OuterRef("pk")))
    return rows.filter(Q(closed_by=None) | ~outlived)


def moments_of(changes: Iterable[int | None]) -> dict[int, datetime]:
    """When changes were made, by number."""
    numbers = {number for number in changes if number is not None}
    return dict(Change.objects.filter(pk__in=numbers).values_list("pk", "at"))


def first_change_from(moment: datetime, *, after: bool = False) -> int:
    """The number of the first change at a moment or later (``after``: later), one above all where there is none."""
    made = Change.objects.filter(at__gt=moment) if after else Change.objects.filter(at__gte=moment)
    first = made.order_by("pk").values_list("pk", flat=True).first()
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return first if first is not None else last + 1


def known_since(person: UUID) -> datetime | None:
    """When the roster first had somebody (long ago where it does not say); None for whom it does not have."""
    row = Person.objects.filter(pk=person).values_list("made_by__at").first()
    return (row[0] or datetime(2000, 1, 1, tzinfo=UTC)) if row else None
