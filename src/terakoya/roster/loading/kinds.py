"""The kinds of rows that come by the million, and what makes one of them what it is: its facts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db import connection, models
from django.db.models.functions import Cast

from terakoya.roster.models import AddressProtection, Enrolment, Guardianship, Person, Role

ROWS_AT_ONCE = 100_000
SEED = 20
Schema = dict[str, Any]
TEXT, DAY, FLAG, NUMBER = pl.String, pl.Date, pl.Boolean, pl.Int64

NAMES = tuple(
    f"{which}_{part}"
    for which in ("official", "display", "kana", "official_kana")
    for part in ("family", "given", "middle")
)
TEXTS_OF_A_PERSON = (*NAMES, "username", "grade", "phone", "sms", "email", "identifier", "user_ids", "pronouns")


@dataclass(frozen=True)
class Kind:
    """Rows of a table as a delivery speaks of them.

    facts: what they say, with types; two rows with equal facts are the same
    lookups: where the tables have key, scope and facts, in this order. scope: what a delivery must speak of so that
    the row may end by not being in it
    """

    name: str
    model: type[models.Model]
    facts: Schema
    lookups: Sequence[Any]
    key: Sequence[str] = ("key",)
    living: dict[str, Any] = field(default_factory=lambda: {"closed_by": None})

    def digests(self, frame: pl.DataFrame, facts: Sequence[str]) -> pl.DataFrame:
        """``id``, ``facts`` and ``scope`` of rows, each in 64 bits."""
        said = frame.select(pl.col(name).cast(self.facts[name]).alias(name) for name in facts)
        said = said.with_columns(pl.col(pl.String).fill_null(""))
        if "uuid" in facts:  # which databases write in two ways
            said = said.with_columns(pl.col("uuid").str.replace_all("-", "", literal=True))
        return pl.DataFrame(
            {
                "id": frame["key"].hash(seed=SEED),
                "facts": said.hash_rows(seed=SEED),
                "scope": frame["scope"].hash(seed=SEED),
            }
        )

    @property
    def schema(self) -> Schema:
        return dict.fromkeys(self.key, TEXT) | {"scope": TEXT} | self.facts

    def from_tables(self, among: dict[str, Any] | None = None) -> Iterator[pl.DataFrame]:
        """The living rows, some at a time: ``key``, ``scope``, and the facts. among: lookups that they meet as well"""
        rows = self.model._default_manager.filter(**self.living, **(among or {})).order_by().values_list(*self.lookups)
        for some in _parts(rows):
            yield with_key(pl.DataFrame(some, schema=self.schema, orient="row", infer_schema_length=None), self)


def with_key(frame: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The frame with one column ``key``: of a pair, both sides of it."""
    return frame if "key" in frame.columns else frame.with_columns(key=pl.concat_str(kind.key, separator=" "))


def _parts(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a query in parts: on the server's side where the database can, so that they need no memory here."""
    part: list[tuple[Any, ...]] = []
    for row in rows.iterator(chunk_size=10_000) if connection.vendor == "postgresql" else rows.iterator(10_000):
        part.append(row)
        if len(part) == ROWS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def keys_of_people() -> pl.DataFrame:
    """Everybody's ``uuid`` in the federation by ``key``, the identifier of the roster."""
    is_text = connection.vendor == "sqlite"  # 32 digits there
    with connection.cursor() as cursor:
        uuid = "uuid" if is_text else "uuid::text"
        cursor.execute(f"SELECT sourced_id, {uuid} FROM roster_person")  # noqa: S608
        keys = pl.DataFrame(cursor.fetchall(), schema={"key": TEXT, "uuid": TEXT}, orient="row")
    if not is_text:
        return keys
    groups = [pl.col("uuid").str.slice(start, length) for start, length in ((0, 8), (8, 4), (12, 4), (16, 4), (20, 12))]
    return keys.with_columns(uuid=pl.concat_str(groups, separator="-"))


ENROLMENTS = Kind(
    "enrolments",
    Enrolment,
    {
        "person": TEXT,
        "school_class": TEXT,
        "role": TEXT,
        "number": NUMBER,
        "is_primary": FLAG,
        "is_public": FLAG,
        "begins": DAY,
        "ends": DAY,
    },
    (
        "sourced_id",
        "school_class__school__sourced_id",
        "person__sourced_id",
        "school_class__sourced_id",
        "role",
        "number",
        "is_primary",
        "is_public",
        "stated_begins",
        "ends",
    ),
)
ROLES = Kind(
    "roles",
    Role,
    {
        "person": TEXT,
        "organisation": TEXT,
        "name": TEXT,
        "is_primary": FLAG,
        "profile": TEXT,
        "begins": DAY,
        "ends": DAY,
    },
    (
        "sourced_id",
        "organisation__sourced_id",
        "person__sourced_id",
        "organisation__sourced_id",
        "name",
        "is_primary",
        "profile__sourced_id",
        "stated_begins",
        "ends",
    ),
)
GUARDIANSHIPS = Kind(
    "guardianships",
    Guardianship,
    {"ends": DAY},
    ("guardian__sourced_id", "child__sourced_id", "child__sourced_id", "ends"),
    key=("guardian", "child"),
)
PROTECTIONS = Kind(
    "protections",
    AddressProtection,
    {"ends": DAY},
    ("person__sourced_id", "hidden_from__sourced_id", "person__sourced_id", "ends"),
    key=("person", "hidden_from"),
)
PEOPLE = Kind(
    "people",
    Person,
    {"uuid": TEXT}
    | dict.fromkeys(TEXTS_OF_A_PERSON, TEXT)
    | {"enabled": FLAG, "primary_organisation": TEXT, "address": TEXT, "birth_date": DAY, "sex": TEXT},
    (
        "sourced_id",
        "sourced_id",
        Cast("uuid", models.CharField()),
        *TEXTS_OF_A_PERSON,
        "enabled",
        "primary_organisation__sourced_id",
        "address",
        "birth_date",
        "sex",
    ),
    living={"ended": None},
)
