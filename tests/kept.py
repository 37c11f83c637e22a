"""Worlds that are made by their doors once in a worker, and after that put in again by their rows.

To take over a town's package takes longer than most tests about it. A test cannot tell the two ways apart: the rows are
the same to the byte, and each test still has a transaction of its own that is taken back.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction

from terakoya.kit import clock

T = TypeVar("T")
Model = type[models.Model]
Rows = list[tuple[Any, ...]]
GIVEN = ("contenttypes", "auth")  # filled by the migrations


@dataclass
class World:
    """What stands in the tables of a world, and what making it returned."""

    rows: dict[Model, Rows]
    returned: Any

    def put_in(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for model, rows in self.rows.items():
                cursor.executemany(_insert(model), rows)
            for statement in connection.ops.sequence_reset_sql(no_style(), list(self.rows)):
                cursor.execute(statement)


_worlds: dict[tuple[object, ...], World] = {}


def kept(name: str, make: Callable[[], T]) -> T:
    """What ``make`` returns and writes. It is only called where no such world is kept for this kind of node and moment.

    Where the clock goes on, the world may be some minutes old, but is of the same day. A test that has written
    something before has its world made anew.
    """
    if _filled():
        return make()
    now = clock.now()
    key = (name, now if now == clock.now() else clock.today(), settings.NODE_KIND)
    if key in _worlds:
        _worlds[key].put_in()
    else:
        returned = make()
        _worlds[key] = World({model: _rows_of(model) for model in _filled()}, copy.deepcopy(returned))
    return cast(T, copy.deepcopy(_worlds[key].returned))


def _filled() -> list[Model]:
    """The models whose tables hold something that no migration brought, asked by one query."""
    known = [one for one in apps.get_models(include_auto_created=True) if one._meta.app_label not in GIVEN]
    asked = ", ".join(f'EXISTS (SELECT 1 FROM "{model._meta.db_table}")' for model in known)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}")
        return [model for model, is_filled in zip(known, cursor.fetchone(), strict=True) if is_filled]


def _columns(model: Model) -> str:
    return ", ".join(f'"{field.column}"' for field in model._meta.local_concrete_fields)


def _rows_of(model: Model) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_columns(model)} FROM "{model._meta.db_table}"')  # noqa: S608
        return cursor.fetchall()


def _insert(model: Model) -> str:
    places = ", ".join(["%s"] * len(model._meta.local_concrete_fields))
    return f'INSERT INTO "{model._meta.db_table}" ({_columns(model)}) VALUES ({places})'  # noqa: S608
