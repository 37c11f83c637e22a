"""What the tables hold of the rows that a package of changes names: no more of them is read."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Q

from terakoya.kit.portions import portions
from terakoya.roster.changing import AT_ONCE
from terakoya.roster.models import Change, Person

from .kinds import Kind
from .state import Ids, State


class PartState(State):
    """The living rows of some keys. Nothing is kept of it: the next bulk reads the tables anew.

    by_scope: the keys are those of the scope, as a pair has it
    """

    def __init__(
        self, kind: Kind, facts: Sequence[str], change: Change, keys: Collection[str], *, by_scope: bool = False
    ) -> None:
        self.kind, self.facts, self.change, self.work = kind, tuple(facts), change, Path()
        lookup = kind.lookups[len(kind.key) if by_scope else 0]
        parts = [
            kind.digests(frame, self.facts).with_columns(frame["key"])
            for some in in_parts(keys)
            for frame in kind.from_tables({f"{lookup}__in": some})
        ]
        schema = {"id": pl.UInt64, "facts": pl.UInt64, "scope": pl.UInt64, "key": pl.String}
        self.rows = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
        self.frame = self.rows.select("id", "facts", "scope")

    def keys(self, ids: Ids) -> list[str]:
        return self.rows.filter(pl.col("id").is_in(ids.implode()))["key"].to_list()

    def now_hold(self, frame: pl.DataFrame) -> None:
        """Nothing is kept."""

    def keep(self, dropped: Ids) -> None:
        """Nothing is kept."""


class PassingState(State):
    """All living rows of a kind, beside changes of others: nothing of it is kept."""

    def now_hold(self, frame: pl.DataFrame) -> None:
        """Nothing is kept."""

    def keep(self, dropped: Ids) -> None:
        """Nothing is kept."""


def keys_of(keys: Collection[str], uuids: Collection[str]) -> pl.DataFrame:
    """The ``uuid`` by ``key`` of the people who have one of these identifiers or person keys."""
    found: dict[str, str] = {}
    for field, values in (("sourced_id", keys), ("uuid", uuids)):
        for some in in_parts(values):
            rows = Person.objects.filter(Q(**{f"{field}__in": some})).values_list("sourced_id", "uuid")
            found |= {key: str(uuid) for key, uuid in rows}
    return pl.DataFrame(list(found.items()), schema={"key": pl.String, "uuid": pl.String}, orient="row")


def in_parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    """Values, as many at once as a query takes."""
    return portions(sorted(set(values)), AT_ONCE)
