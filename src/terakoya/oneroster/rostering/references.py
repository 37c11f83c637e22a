"""References between objects, and the names of what they lead to, kept for as long as the roster does not change."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote
from uuid import UUID

from terakoya.roster import api as roster
from terakoya.roster.api import tombstones

BASE = "ims/oneroster/rostering/v1p2"
# kinds of reference by the list that their addresses lead into
PLACES = {
    "org": "orgs",
    "academicSession": "academicSessions",
    "course": "courses",
    "class": "classes",
    "user": "users",
}
Reference = dict[str, str]


class Known(dict[Any, Any]):
    """Names of what is there; what is no more is looked for when something that is no more either refers to it."""

    def __init__(self, found: Any, table: str, change: int) -> None:
        super().__init__(found)
        self.table, self.change = table, change

    def __missing__(self, key: Any) -> Any:
        name, school = tombstones.names_of(self.table, self.change)[key]
        return (name, school) if self.table == "SchoolClass" else name


@dataclass(frozen=True)
class Names:
    """The sourcedIds of what is referred to, by key; of a class with its school's key."""

    organisations: dict[UUID, str]
    sessions: dict[int, str]
    courses: dict[int, str]
    classes: dict[UUID, tuple[str, UUID]]
    parts_of_organisations: dict[UUID, list[UUID]]
    parts_of_sessions: dict[int, list[int]]


@lru_cache(2)
def names(change: int) -> Names:
    """The names as of the latest change."""
    classes = roster.rows_of("SchoolClass").values_list("uuid", "sourced_id", "school_id")
    return Names(
        organisations=Known(roster.rows_of("Organisation").values_list("uuid", "sourced_id"), "Organisation", change),
        sessions=Known(roster.rows_of("AcademicSession").values_list("pk", "sourced_id"), "AcademicSession", change),
        courses=Known(roster.rows_of("Course").values_list("pk", "sourced_id"), "Course", change),
        classes=Known(((key, (sourced_id, school)) for key, sourced_id, school in classes), "SchoolClass", change),
        parts_of_organisations=_parts("Organisation"),
        parts_of_sessions=_parts("AcademicSession"),
    )


def _parts(table: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for key, parent in roster.rows_of(table).exclude(parent=None).order_by("pk").values_list("pk", "parent_id"):
        found.setdefault(parent, []).append(key)
    return found


def reference(origin: str, kind: str, sourced_id: str) -> Reference:
    """A reference to an object of the roster, with its address."""
    place = PLACES[kind]
    return {"href": f"{origin}/{BASE}/{place}/{quote(sourced_id, safe='')}", "sourcedId": sourced_id, "type": kind}
