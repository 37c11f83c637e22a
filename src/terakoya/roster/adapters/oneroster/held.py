"""What a package of changes may refer to beside its own rows: what the tables hold and it does not take away."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import polars as pl
from django.db.models import F, Q

from terakoya.roster.loading.part import in_parts
from terakoya.roster.models import AcademicSession, Course, Organisation, Person, Role, SchoolClass, UserProfile

from .table import Row, Table

MODELS: dict[str, Any] = {
    "orgs": Organisation,
    "academicSessions": AcademicSession,
    "courses": Course,
    "classes": SchoolClass,
    "users": Person,
    "userProfiles": UserProfile,
}
ONE_DAY = timedelta(days=1)
TREES = ("orgs", "academicSessions")


class Held:
    """The living rows of the tables that a package names. Of a file that is whole in it nothing else counts."""

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables
        self.named = _named(tables)
        self.gone = {name: set(table.gone()) for name, table in tables.items()}

    def ids(self, name: str) -> list[str]:
        """The identifiers of a file that the package names and the tables hold."""
        return [] if self._is_whole(name) else [row["key"] for row in self._living(name)]

    def schools(self) -> list[tuple[str, str]]:
        """Named classes with their schools."""
        if self._is_whole("classes"):
            return []
        return [(row["key"], row["of"]) for row in self._living("classes", of=F("school__sourced_id"))]

    def other_classes(self) -> list[str]:
        """Named classes that are no homerooms."""
        classes = [] if self._is_whole("classes") else self._living("classes", what=F("kind"))
        return [row["key"] for row in classes if row["what"] != "homeroom"]

    def sessions(self) -> dict[str, Row]:
        """Named sessions with their first and last days, in the words of the file."""
        rows = AcademicSession.objects.filter(ended=None, sourced_id__in=self.named.get("academicSessions", ()))
        return {
            row.sourced_id: {"startDate": str(row.begins), "endDate": str(row.ends - ONE_DAY)}
            for row in rows
            if row.sourced_id not in self._gone("academicSessions")
        }

    def parents(self, name: str) -> dict[str, str]:
        """What stands above what in a tree of the tables."""
        if name not in TREES or self._is_whole(name):
            return {}
        pairs = MODELS[name].objects.filter(ended=None).values_list("sourced_id", "parent__sourced_id")
        return {key: parent or "" for key, parent in pairs}

    def with_role(self, people: Collection[str], roles: Collection[str] = ()) -> list[str]:
        """Those of some people who have a role (one of ``roles``) that the package does not take away."""
        if self._is_whole("roles"):
            return []
        living = Role.objects.living()
        living = living.filter(name__in=roles) if roles else living
        gone = self._gone("roles")
        return [
            person
            for some in in_parts(people)
            for key, person in living.filter(person__sourced_id__in=some).values_list(
                "sourced_id", "person__sourced_id"
            )
            if key not in gone
        ]

    def _is_whole(self, name: str) -> bool:
        return name in self.tables and self.tables[name].mode == "bulk"

    def _gone(self, name: str) -> set[str]:
        return self.gone.get(name, set())

    def _living(self, name: str, **more: Any) -> list[dict[str, Any]]:
        holds = Q(ended=None)
        if name == "users":
            holds |= Q(alias__isnull=False)  # it is somebody who has another entry
        living = MODELS[name].objects.filter(holds)
        return [
            row
            for some in in_parts(self.named.get(name, ()))
            for row in living.filter(sourced_id__in=some).values(key=F("sourced_id"), **more)
            if row["key"] not in self._gone(name)
        ]


def _named(tables: dict[str, Table]) -> dict[str, set[str]]:
    """By file, the identifiers to which the rows of the package refer."""
    named: dict[str, set[str]] = {}
    for table in tables.values():
        for column in table.columns:
            if column.type not in ("reference", "references") or column.of not in MODELS:
                continue
            for frame in table.frames():
                ones = frame[column.name] if column.type == "reference" else frame[column.name].str.split(",").explode()
                named.setdefault(column.of, set()).update(ones.filter(ones != "").unique())
    return named


def as_ids(keys: Collection[str]) -> pl.Series:
    """Keys as a column."""
    return pl.Series("sourcedId", list(keys), pl.String)
