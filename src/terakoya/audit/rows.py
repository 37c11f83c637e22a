"""Rows without the models: the log has so many that building an object for each would take most of the time."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model

FEW = 4  # so many rows go to PostgreSQL as quickly one by one as by COPY, which begins with a question and an answer


def add(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows of numbers, texts, bytes, None and UUIDs as :func:`stored` gives them into a table."""
    if not rows:
        return
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(rows) > FEW:
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608


def put(model: type[Model], columns: Sequence[str], key: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows, or change what they say where a row with the same ``key`` is there."""
    if not rows:
        return
    table, names = _quoted(model._meta.db_table), ", ".join(map(_quoted, columns))
    places, known = ", ".join(["%s"] * len(columns)), ", ".join(map(_quoted, key))
    changes = ", ".join(f"{_quoted(column)} = excluded.{_quoted(column)}" for column in columns if column not in key)
    order = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT ({known}) DO UPDATE SET {changes}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(order, rows)


def select(model: type[Model], query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows that a query gives, in which ``{table}`` stands for the model's and ``{index}`` for its column."""
    with connection.cursor() as cursor:
        cursor.execute(query.format(table=_quoted(model._meta.db_table), index=_quoted("index")), values)
        return cursor.fetchall()


def stored(uuid: UUID) -> Any:
    """A UUID as the database keeps it."""
    return uuid if connection.features.has_native_uuid_field else uuid.hex


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
