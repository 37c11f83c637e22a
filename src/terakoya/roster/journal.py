"""The journal of a change: images of rows as they were, compressed, and what they are put back from."""

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder

from .models import Before, Change, Kept

AT_ONCE = 20_000
Images = Mapping[Any, Mapping[str, Any]]


def keep_changed(change: Change, model: type[Kept], images: Images) -> None:
    """Write what rows held before: by key the fields that were touched."""
    by_fields: dict[tuple[str, ...], list[list[Any]]] = {}
    for key, image in images.items():
        names = tuple(sorted(image))
        by_fields.setdefault(names, []).append([key, *(image[name] for name in names)])
    for names, rows in by_fields.items():
        _write(change, model, names, rows, is_gone=False)


def keep_gone(change: Change, rows: Sequence[Kept]) -> None:
    """Write the images of rows of one table that are taken away."""
    model = type(rows[0])
    names = tuple(field.attname for field in model._meta.concrete_fields if not field.primary_key)
    _write(change, model, names, [[row.pk, *(getattr(row, name) for name in names)] for row in rows], is_gone=True)


def images_of(part: Before) -> tuple[type[Kept], Iterable[tuple[Any, dict[str, Any]]]]:
    """The table of a part and its images: by key the fields with their values, as the model has them."""
    model = _model(part.table)
    stored = json.loads(zlib.decompress(part.rows))
    fields: list[Any] = [model._meta.get_field(name) for name in stored["fields"]]
    key = model._meta.pk

    def images() -> Iterable[tuple[Any, dict[str, Any]]]:
        for row in stored["rows"]:
            values = zip(fields, row[1:], strict=True)
            yield key.to_python(row[0]), {field.attname: _python(field, value) for field, value in values}

    return model, images()


def _python(field: Any, value: Any) -> Any:
    target = field.target_field if field.is_relation else field
    return None if value is None else target.to_python(value)


def _model(name: str) -> type[Kept]:
    model: type[Kept] = apps.get_model("roster", name)
    return model


def _write(
    change: Change, model: type[Kept], names: Sequence[str], rows: Sequence[Sequence[Any]], *, is_gone: bool
) -> None:
    for start in range(0, len(rows), AT_ONCE):
        body = {"fields": names, "rows": rows[start : start + AT_ONCE]}
        packed = zlib.compress(json.dumps(body, cls=DjangoJSONEncoder).encode(), 6)
        Before.objects.create(change=change, table=model.__name__, rows=packed, is_gone=is_gone)
