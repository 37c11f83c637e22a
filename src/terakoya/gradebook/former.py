"""What rows held before a package came, kept so that the change of the roster it came with can be taken back."""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from .models import Former, Marked

Before = Mapping[str, Any] | None  # None: there was no such row


def keep(change: int, kind: str, at: datetime, rows: Sequence[tuple[int, Before]]) -> None:
    """Keep what rows of a kind held before a change."""
    packed = zlib.compress(json.dumps(rows, cls=DjangoJSONEncoder).encode(), 6)
    Former.objects.create(change=change, kind=kind, at=at, rows=packed)


def kept(part: Former, model: type[Marked]) -> Iterator[tuple[int, Before]]:
    """The rows of a part by their keys, with what they held, as the model has it."""
    for key, before in json.loads(zlib.decompress(part.rows)):
        yield key, None if before is None else {name: _python(model, name, value) for name, value in before.items()}


def _python(model: type[Marked], name: str, value: Any) -> Any:
    one: Any = next(each for each in model._meta.concrete_fields if each.attname == name)
    target = one.target_field if one.is_relation else one
    return value if value is None or target.get_internal_type() == "JSONField" else target.to_python(value)


def parts_of(change: int) -> Iterable[Former]:
    """What a change has found, the latest first."""
    return Former.objects.filter(change=change).order_by("-pk")
