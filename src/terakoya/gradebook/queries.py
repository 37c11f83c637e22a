"""Reads of the gradebook, gone rows too: whoever serves them tells of what was taken away."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from .kinds import KINDS
from .models import Latest


def rows_of(kind: str) -> QuerySet[Any]:
    """All rows of a kind, with those of the gradebook that they refer to."""
    related = [name for name, to in KINDS[kind].references.items() if to in KINDS]
    rows: QuerySet[Any] = KINDS[kind].model._default_manager.all()
    return rows.select_related(*related) if related else rows


def latest() -> datetime | None:
    """The moment of the latest writing; what was read stays true while it does."""
    return Latest.objects.values_list("at", flat=True).first()
