"""The gradebook as the rows of its files."""

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from terakoya.gradebook.kinds import KINDS
from terakoya.gradebook.queries import rows_of
from terakoya.roster import api as roster
from terakoya.standards import oneroster

from .columns import FIELDS, MAIN, OBJECTIVES, SCALES
from .values import cell_of, cell_of_steps

AT_ONCE = 2000
IN_ROSTER = ("user", "class", "org")  # whose keys are not their sourcedIds
OWN_KEYS = uuid.UUID("5d5cf1b5-6f06-5a93-9a08-7d4b0b4e0d6b")  # of rows that only packages have: always the same ones
Cells = Mapping[str, str]


def give(name: str, organisations: Collection[UUID] | None, since: datetime | None) -> Iterator[Sequence[str]]:
    """The rows of a file, as :class:`roster.beside.Keeper` says."""
    columns = [column.name for column in oneroster.COLUMNS[name]]
    for cells in _cells(name, organisations, since):
        yield [cells.get(column, "") for column in columns]


def _cells(name: str, organisations: Collection[UUID] | None, since: datetime | None) -> Iterator[Cells]:
    if name in MAIN:
        yield from _main(name, organisations, since)
        return
    main, owner = (SCALES | OBJECTIVES)[name]  # type: ignore[operator]
    made = _scale if name in SCALES else _objectives
    every = [cells for row in _rows(MAIN[main], organisations, since) for cells in made(row, owner, since)]
    yield from sorted(every, key=lambda cells: cells["sourcedId"])


def _main(name: str, organisations: Collection[UUID] | None, since: datetime | None) -> Iterator[Cells]:
    kind = MAIN[name]
    rows = _rows(kind, organisations, since)
    while some := list(islice(rows, AT_ONCE)):
        known = _sourced_ids(kind, some)
        defaults = _DEFAULTS[name](some) if name in _DEFAULTS else {}
        for row in some:
            cells = {column: _cell(row, field, kind, known) for column, field in FIELDS[name].items()}
            default = defaults.get(row.school_class, {}) if defaults else {}
            yield {**default, **_filled(cells)} | _stamp(row, since)


def _rows(kind: str, organisations: Collection[UUID] | None, since: datetime | None) -> Iterator[Any]:
    rows: QuerySet[Any] = rows_of(kind)
    if organisations is not None and "school_class" in KINDS[kind].references:
        classes = roster.rows_of("SchoolClass").filter(school__in=list(organisations)).values("uuid")
        rows = rows.filter(school_class__in=classes)
    rows = rows.filter(is_gone=False) if since is None else rows.filter(modified_at__gte=since)
    return rows.order_by("sourced_id").iterator(AT_ONCE)


def _cell(row: Any, field: str, kind: str, known: Mapping[str, Mapping[Any, str]]) -> str:
    to, value = KINDS[kind].references.get(field), getattr(row, field)
    if to in IN_ROSTER:
        return known[to].get(value, "")
    if to in KINDS:
        return value.sourced_id if value else ""
    return cell_of_steps(value) if field == "values" else cell_of(value)


def _sourced_ids(kind: str, rows: Sequence[Any]) -> dict[str, Mapping[Any, str]]:
    fields = {field: to for field, to in KINDS[kind].references.items() if to in IN_ROSTER}
    keys: dict[str, set[Any]] = {to: set() for to in fields.values()}
    for field, to in fields.items():
        keys[to] |= {getattr(row, field) for row in rows} - {None}
    return {to: roster.sourced_ids_of(to, some) for to, some in keys.items()}


def _sessions_of(items: Sequence[Any]) -> dict[UUID, Cells]:
    """A session in which the class of each line item is held: a package must name one, the interface need not."""
    terms = roster.rows_of("ClassTerm").filter(school_class__in={row.school_class for row in items})
    held = terms.order_by("-session__sourced_id").values_list("school_class", "session__sourced_id")
    return {key: {"academicSessionSourcedId": session} for key, session in held}


def _of_classes(scales: Sequence[Any]) -> dict[UUID, Cells]:
    """The school and the course of the class of each scale: a package must name them, the interface need not."""
    classes = roster.rows_of("SchoolClass").filter(uuid__in={row.school_class for row in scales})
    return {
        one.uuid: {"orgSourcedId": one.school.sourced_id, "courseSourcedId": one.course.sourced_id}
        for one in classes.select_related("school", "course")
    }


def _filled(cells: Cells) -> Cells:
    return {column: cell for column, cell in cells.items() if cell}


def _stamp(row: Any, since: datetime | None, key: str = "") -> dict[str, str]:
    stamp = {"sourcedId": key or row.sourced_id, "status": "", "dateLastModified": ""}
    if since is not None:
        at = row.modified_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        stamp |= {"status": "tobedeleted" if row.is_gone else "active", "dateLastModified": at}
    return stamp


def _scale(row: Any, owner: str, since: datetime | None) -> Iterable[Cells]:
    if row.scale is None:
        return
    key = row.scale_key or str(uuid.uuid5(OWN_KEYS, f"{owner} {row.sourced_id} scale"))
    said = {"title": row.scale_title, owner: row.sourced_id, "scoreScaleSourcedId": row.scale.sourced_id}
    yield said | _stamp(row, since, key)


def _objectives(row: Any, owner: str, since: datetime | None) -> Iterable[Cells]:
    for one in row.objectives:
        key = one["key"] or str(uuid.uuid5(OWN_KEYS, f"{owner} {row.sourced_id} {one['source']} {one['id']}"))
        said = {owner: row.sourced_id, "source": one["source"], "learningObjectiveId": one["id"]}
        if "score" in one:
            said |= {"score": cell_of(one["score"]), "textScore": one["text_score"]}
        yield said | _stamp(row, since, key)


_DEFAULTS: Mapping[str, Callable[[Sequence[Any]], Mapping[UUID, Cells]]] = {
    "scoreScales": _of_classes,
    "lineItems": _sessions_of,
}
