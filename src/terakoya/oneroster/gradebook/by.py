"""What lists of marks and materials are filtered and sorted by, where the lists of the roster have nothing like it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, FloatField, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Coalesce, Collate

from terakoya.oneroster.filtering import FLAG, NUMBER, STATUS, TEXT, By
from terakoya.roster import api as roster
from terakoya.standards.oneroster_query import Clause

LOWEST = -1.7e308


@dataclass(frozen=True)
class Referring(By):
    """A key of the roster, by the sourcedId of what it refers to. ``table``: the model of that."""

    table: str = ""

    def condition(self, clause: Clause) -> Q:
        if self.table == "Person" and clause.operator in ("=", "!="):
            keys = {key for known in roster.keys_of("user", [clause.value]).values() for key in _all_of(known)}
            same = Q(**{f"{self.column}__in": sorted(keys)})
            return same if clause.operator == "=" else ~same
        there = self._there().filter(By("sourced_id").condition(clause))
        return Q(**{f"{self.column}__in": there.values("uuid")})

    def order(self) -> Any:
        there = self._there().filter(uuid=OuterRef(self.column)).values("sourced_id")[:1]
        text = Coalesce(Subquery(there, output_field=TextField()), Value(""), output_field=TextField())
        return Collate(text, "C") if connection.vendor == "postgresql" else text

    def _there(self) -> QuerySet[Any]:
        return roster.rows_of(self.table)


def _all_of(person: Any) -> set[UUID]:
    """All keys under which marks of somebody may lie: of entries too that were put together with theirs."""
    return roster.also_known_as(person)


@dataclass(frozen=True)
class Gone(By):
    """The status of a row that says in a flag whether it is gone."""

    column: str = "is_gone"
    kind: str = STATUS

    def condition(self, clause: Clause) -> Q:
        super().condition(clause)  # refuses what no status can be
        return Q(is_gone=(clause.value == "tobedeleted") is (clause.operator == "="))

    def order(self) -> Any:
        return Case(When(is_gone=True, then=Value("tobedeleted")), default=Value("active"), output_field=TextField())


@dataclass(frozen=True)
class Flagged(By):
    """A flag; those of whom nobody has said it come first."""

    kind: str = FLAG

    def order(self) -> Any:
        said = (When(**{self.column: True}, then=Value("true")), When(**{self.column: False}, then=Value("false")))
        return Case(*said, default=Value(""), output_field=TextField())


@dataclass(frozen=True)
class Numbered(By):
    """A number that may be below nothing; rows without one come first."""

    kind: str = NUMBER

    def order(self) -> Any:
        return Coalesce(F(self.column), Value(LOWEST), output_field=FloatField())


def text(column: str) -> By:
    return By(column, TEXT)
