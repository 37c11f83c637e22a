"""The rostering files: their columns, which rows they hold and how these are written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from . import people_rows, place_rows
from .scope import Scope
from .stamps import Stamps
from .writing import Row

COMMON = ("sourcedId", "status", "dateLastModified")


@dataclass(frozen=True)
class File:
    """A file by its columns, the rows of the roster that it tells of, and how it tells them."""

    own_columns: tuple[str, ...]
    held: Callable[[Scope], Any]
    rows: Callable[[Scope, Any, Stamps], Iterator[Row]]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*COMMON, *self.own_columns)


FILES: Mapping[str, File] = {
    "academicSessions": File(place_rows.SESSIONS, Scope.sessions, place_rows.session_rows),
    "orgs": File(place_rows.ORGANISATIONS, Scope.organisations_named, place_rows.organisation_rows),
    "courses": File(place_rows.COURSES, Scope.courses, place_rows.course_rows),
    "classes": File(place_rows.CLASSES, Scope.classes, place_rows.class_rows),
    "users": File(people_rows.USERS, Scope.people, people_rows.user_rows),
    "roles": File(people_rows.ROLES, Scope.roles, people_rows.role_rows),
    "enrollments": File(people_rows.ENROLMENTS, Scope.enrolments, people_rows.enrolment_rows),
    "demographics": File(people_rows.DEMOGRAPHICS, Scope.people, people_rows.demographics_rows),
    "userProfiles": File(people_rows.PROFILES, Scope.profiles, people_rows.profile_rows),
}
