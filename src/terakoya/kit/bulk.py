"""Writes many rows at once: COPY on PostgreSQL, prepared statements on SQLite, in the caller's transaction.

Who writes so leaves ``made_by`` and ``change`` in the rows: they are the journal of what is new.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from django.db import connection, models

AT_ONCE = 50_000
MANY = 1_000
NOTHING = "\x01"  # stands for NULL in a COPY: a control character is in no cell


def insert(
    model: type[models.Model], rows: pl.DataFrame, constants: Mapping[str, int | bool | str | None] | None = None
) -> None:
    """Write new rows of a table.

    rows: by the names of columns of the database; UUIDs as text. constants: what all of them have in common; so have
    fields that are not named here their default
    """
    if rows.is_empty():
        return
    constants = dict(constants or {})
    constants = _defaults(model, {*rows.columns, *constants}) | constants
    rows = rows.select(_stored(model, name) for name in rows.columns)
    if connection.vendor == "postgresql":
        _copy(model, rows.with_columns(_alike(value).alias(name) for name, value in constants.items()))
    else:
        _insert(model, rows, constants)


def add(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write new rows of a table whose keys the database gives; they do not learn them."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(_quoted(field.column) for field in fields)
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(values) > MANY:
            with cursor.copy(f"COPY {_quoted(model._meta.db_table)} ({columns}) FROM STDIN") as copy:
                for one in values:
                    copy.write_row(one)
        else:
            cursor.executemany(sql, values)


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Give rows new values. rows: the values of the fields ``names``, then the key"""
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    key: Any = model._meta.pk
    sets = ", ".join(f"{_quoted(field.column)} = %s" for field in fields)
    sql = f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {_quoted(key.column)} = %s"  # noqa: S608
    prepared = [
        [field.get_db_prep_save(value, connection) for field, value in zip((*fields, key), row, strict=True)]
        for row in rows
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql" and len(prepared) > MANY and not _holds_json(fields):
            _update_from(cursor, model, [*fields, key], prepared)
        else:
            cursor.executemany(sql, prepared)


@contextmanager
def without_indexes(model: type[models.Model], *, new: int, held: int) -> Iterator[None]:
    """Let a table of SQLite be without its indexes while more rows come than it has: they are made anew from all.

    Readers keep what they had, as all is one transaction. PostgreSQL would lock them out: there nothing is dropped.
    """
    indexes: list[tuple[str, str]] = []
    if connection.vendor == "sqlite" and new > max(held, AT_ONCE):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s",
                [model._meta.db_table],
            )
            indexes = cursor.fetchall()
            for name, _ in indexes:
                cursor.execute(f"DROP INDEX {_quoted(name)}")
    yield
    with connection.cursor() as cursor:
        for _, sql in indexes:
            cursor.execute(sql)


def look_anew(model: type[models.Model], new: int) -> None:
    """Let PostgreSQL count what is in a table after many new rows: it plans by what it knew of the table before."""
    if connection.vendor == "postgresql" and new > MANY:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {_quoted(model._meta.db_table)}")


def _insert(model: type[models.Model], rows: pl.DataFrame, constants: Mapping[str, Any]) -> None:
    fixed = list(constants)
    columns = ", ".join(_quoted(name) for name in (*rows.columns, *fixed))
    places = ", ".join(["%s"] * rows.width + [_literal(constants[name]) for name in fixed])
    sql = f"INSERT INTO {_quoted(model._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for part in rows.iter_slices(AT_ONCE):
            cursor.executemany(sql, list(zip(*(part[name].to_list() for name in part.columns), strict=True)))


def _update_from(cursor: Any, model: type[models.Model], fields: Sequence[Any], rows: Sequence[Sequence[Any]]) -> None:
    """One statement for all rows, which come as one array a column; the last column is the key."""
    *named, key = (_quoted(field.column) for field in fields)
    sets = ", ".join(f"{name} = given.{name}" for name in named)
    arrays = ", ".join(f"%s::{field.rel_db_type(connection)}[]" for field in fields)
    columns = ", ".join((*named, key))
    table = _quoted(model._meta.db_table)
    cursor.execute(
        f"UPDATE {table} SET {sets} FROM unnest({arrays}) AS given ({columns}) WHERE {table}.{key} = given.{key}",  # noqa: S608
        [list(column) for column in zip(*rows, strict=True)],
    )


def _holds_json(fields: Sequence[Any]) -> bool:
    return any(isinstance(field, models.JSONField) for field in fields)


def _copy(model: type[models.Model], rows: pl.DataFrame) -> None:
    columns = ", ".join(_quoted(name) for name in rows.columns)
    sql = f"COPY {_quoted(model._meta.db_table)} ({columns}) FROM STDIN WITH (FORMAT csv, NULL '{NOTHING}')"
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for part in rows.iter_slices(AT_ONCE):
            text = io.BytesIO()
            part.write_csv(text, include_header=False, null_value=NOTHING)
            copy.write(text.getvalue())


def _stored(model: type[models.Model], name: str) -> pl.Expr:
    """A column as the database keeps it."""
    field: Any = model._meta.get_field(name)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    value = pl.col(name)
    if connection.vendor == "sqlite":
        if isinstance(target, models.UUIDField):
            value = value.str.replace_all("-", "", literal=True)
        elif isinstance(target, models.DateField):
            value = value.cast(pl.String)
        elif isinstance(target, models.BooleanField):
            value = value.cast(pl.Int8)
    return value.alias(field.column)


def _defaults(model: type[models.Model], known: set[str]) -> dict[str, Any]:
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection) if field.has_default() else None
        for field in model._meta.concrete_fields
        if field.attname not in known and field.column not in known and not field.primary_key
    }


def _alike(value: object) -> pl.Expr:
    return pl.lit(value if value is None or isinstance(value, (bool, int)) else str(value))


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, (bool, int)):
        return str(int(value))
    return "'" + str(value).replace("'", "''").replace("%", "%%") + "'"


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
