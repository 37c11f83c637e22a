"""The four files of materials: taken over with a package, and told in one.

The room stands on nodes without a roster too, so it reaches the roster only when there is a package.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from terakoya.materials import resources
from terakoya.materials.resources import KINDS, Written
from terakoya.standards import oneroster

if TYPE_CHECKING:
    from terakoya.roster.api import beside

FILES: Mapping[str, str] = {
    "resources": "resource",
    "classResources": "classResource",
    "courseResources": "courseResource",
    "userResources": "userResource",
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "resources": {
        "vendorResourceId": "vendor_resource_id",
        "title": "title",
        "roles": "roles",
        "importance": "importance",
        "vendorId": "vendor_id",
        "applicationId": "application_id",
    },
    "classResources": {"title": "title", "classSourcedId": "school_class", "resourceSourcedId": "resource"},
    "courseResources": {"title": "title", "courseSourcedId": "course", "resourceSourcedId": "resource"},
    "userResources": {
        "userSourcedId": "person",
        "orgSourcedId": "organisation",
        "classSourcedId": "school_class",
        "resourceSourcedId": "resource",
    },
}
# by field what its keys are of, in the words of the roster
IN_ROSTER: Mapping[str, str] = {"person": "user", "organisation": "org", "school_class": "class", "course": "course"}
AT_ONCE = 2000


def take(files: "Mapping[str, beside.File]", taking: "beside.Taking") -> "beside.Counts":
    """Take files over, as ``roster.beside.Keeper`` says. A bulk file of uses replaces those of its organisations."""
    counts: dict[str, Any] = {}
    with resources.moment() as at:
        for name in FILES:
            if name in files and not taking.findings.has_errors:
                counts[name] = asdict(_taken(name, files[name], taking, at))
    return counts


def _taken(name: str, file: "beside.File", taking: "beside.Taking", at: datetime) -> Written:
    known = _keys(name, [row for _, row in file.rows])
    wanted: dict[str, dict[str, Any]] = {}
    for number, row in file.rows:
        if row["status"] == "tobedeleted":
            wanted[row["sourcedId"]] = {"is_gone": True}
            continue
        facts: dict[str, Any] = {}
        for column, field in FIELDS[name].items():
            value = known[field].get(row[column]) if field in known else row[column]
            if field in known and row[column] and value is None:
                _add(taking, name, number, column, row[column])
            facts["resource_id" if field == "resource" else field] = value
        wanted[row["sourcedId"]] = facts
    if taking.findings.has_errors:
        return Written()
    own = _of(name, taking.organisations)
    return resources.write(FILES[name], wanted, at, replaces=None if file.is_delta else own, change=taking.change)


def _keys(name: str, rows: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, Any]]:
    from terakoya.roster import api as roster

    found: dict[str, Mapping[str, Any]] = {}
    for column, field in FIELDS[name].items():
        if field in IN_ROSTER:
            found[field] = roster.keys_of(IN_ROSTER[field], [row[column] for row in rows if row[column]])
        elif field == "resource":
            found[field] = resources.resource_keys([row[column] for row in rows if row[column]])
    return found


def _of(name: str, organisations: Collection[UUID]) -> Any:
    """The rows that a bulk file of some organisations replaces: materials themselves belong to nobody."""
    from terakoya.roster import api as roster

    rows = resources.rows_of(FILES[name])
    schools = list(organisations)
    if name == "classResources":
        return rows.filter(school_class__in=roster.classes_of_schools(schools))
    if name == "courseResources":
        courses = roster.rows_of("Course").filter(organisation__in=schools)
        return rows.filter(course__in=courses.values("sourced_id"))
    if name == "userResources":
        people = roster.rows_of("Role").filter(organisation__in=schools)
        entries = roster.who.all_aliases().filter(person__in=people.values("person"))
        return rows.filter(Q(person__in=people.values("person")) | Q(person__in=entries.values("entry")))
    used = [resources.rows_of(kind).filter(is_gone=False).values("resource") for kind in KINDS if kind != "resource"]
    for some in used:
        rows = rows.exclude(pk__in=some)
    return rows


def give(name: str, organisations: Collection[UUID] | None, since: datetime | None) -> Iterator[Sequence[str]]:
    """The rows of a file, as ``roster.beside.Keeper`` says. Materials are told whole: they belong to nobody."""
    rows = resources.rows_of(FILES[name]).order_by("sourced_id")
    if organisations is not None and name != "resources":
        rows = _of(name, organisations).order_by("sourced_id")
    rows = rows.filter(is_gone=False) if since is None else rows.filter(modified_at__gte=since)
    if name != "resources":
        rows = rows.select_related("resource")
    columns = [column.name for column in oneroster.COLUMNS[name]]
    known = _sourced_ids(name, rows)
    for row in rows.iterator(AT_ONCE):
        cells = {column: _cell(row, field, known) for column, field in FIELDS[name].items()} | _stamp(row, since)
        yield [cells.get(column, "") for column in columns]


def _cell(row: Any, field: str, known: Mapping[str, Mapping[Any, str]]) -> str:
    if field == "resource":
        return str(row.resource.sourced_id)
    value = getattr(row, field)
    return known[field].get(value, "") if field in known else str(value)


def _sourced_ids(name: str, rows: Any) -> dict[str, Mapping[Any, str]]:
    fields = [field for field in FIELDS[name].values() if field in IN_ROSTER]
    if not fields:
        return {}
    from terakoya.roster import api as roster

    def ids(field: str) -> Iterable[Any]:
        return (key for key in rows.order_by(field).values_list(field, flat=True).distinct() if key)

    return {field: roster.sourced_ids_of(IN_ROSTER[field], ids(field)) for field in fields}


def _stamp(row: Any, since: datetime | None) -> dict[str, str]:
    stamp = {"sourcedId": row.sourced_id}
    if since is not None:
        at = row.modified_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        stamp |= {"status": "tobedeleted" if row.is_gone else "active", "dateLastModified": at}
    return stamp


def _add(taking: "beside.Taking", name: str, row: int, column: str, found: str) -> None:
    index = [one.name for one in oneroster.COLUMNS[name]].index(column)
    taking.findings.add(
        "materials.reference", file=f"{name}.csv", row=row, index=index, header=column, found=found, cause=found
    )
