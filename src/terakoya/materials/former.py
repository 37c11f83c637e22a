"""What materials were before a package came, kept so that the change of the roster it came with can be taken back."""

import json
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from terakoya.kit import clock

from .models import FormerResources

Before = Mapping[str, Any] | None  # None: there was no such row
KEPT = timedelta(days=2 * 365)


def facts_of(row: Any) -> dict[str, Any]:
    """What a row holds, but for its key."""
    return {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if not one.primary_key}


def keep(change: int, kind: str, at: datetime, rows: Mapping[int, Before]) -> None:
    """Keep what rows of a kind held before a change."""
    packed = zlib.compress(json.dumps(list(rows.items()), cls=DjangoJSONEncoder).encode(), 6)
    FormerResources.objects.create(change=change, kind=kind, at=at, rows=packed)


def kept(part: FormerResources, model: type[models.Model]) -> dict[int, Before]:
    """The rows of a part by their keys, with what they held, as the model has it."""
    fields: dict[str, Any] = {one.attname: one for one in model._meta.concrete_fields}
    return {
        key: None if before is None else {name: _python(fields[name], value) for name, value in before.items()}
        for key, before in json.loads(zlib.decompress(part.rows))
    }


def parts_of(change: int) -> Iterable[FormerResources]:
    """What a change has found, the latest first."""
    return FormerResources.objects.filter(change=change).order_by("-pk")


def untouched(part: FormerResources, rows: Iterable[Any]) -> list[Any]:
    """Those of some rows that nobody has written since a part but for what was taken back: they are as it left them."""
    undone = list(FormerResources.objects.filter(kind=part.kind, pk__gt=part.pk).exclude(undone_at=None))
    earlier = {one.undone_at: kept(one, type(row)) for row in list(rows)[:1] for one in undone}

    def stands(row: Any) -> bool:
        moment = row.modified_at
        while moment != part.at and (before := earlier.get(moment, {}).get(row.pk)):
            moment = before["modified_at"]
        return bool(moment == part.at)

    return [row for row in rows if stands(row)]


def forget_old() -> None:
    """Delete what packages found more than two years ago: those changes are final."""
    FormerResources.objects.filter(at__lt=clock.now() - KEPT).delete()


def _python(field: Any, value: Any) -> Any:
    is_plain = value is None or not isinstance(field, models.UUIDField | models.DateTimeField)
    return value if is_plain else field.to_python(value)
