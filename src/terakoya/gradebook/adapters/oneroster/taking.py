"""Takes the gradebook's files of a package over: with the change of the roster it came with, all of it or nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from terakoya.gradebook.errors import Fault, Refused
from terakoya.gradebook.kinds import KINDS, RESTING
from terakoya.gradebook.models import Marked
from terakoya.gradebook.writing import Writer, Written, end, moment, write
from terakoya.roster import api as roster
from terakoya.roster.api import beside
from terakoya.standards import oneroster

from .columns import FIELDS, MAIN, OBJECTIVES, SCALES
from .reading import Reading, read


def take(files: Mapping[str, beside.File], taking: beside.Taking) -> beside.Counts:
    """Take files over, as :class:`roster.beside.Keeper` says.

    A bulk file takes away what packages have brought before of the same schools and no longer name, unless something
    else rests on it; what systems wrote by themselves stays.
    """
    reading = read(files)
    _tell(reading, taking)
    if taking.findings.has_errors:
        return {}
    with moment() as at:
        writer = Writer(Marked.IMPORT, at, change=taking.change)
        counts = {name: _written(name, reading, writer, taking) for name in MAIN if reading.lines[MAIN[name]]}
        for name in reversed(list(MAIN)):
            if name in files and not taking.findings.has_errors:
                ended = _end(name, files[name], reading, writer, taking)
                counts.setdefault(name, Written()).ended += ended
    return {name: asdict(written) for name, written in counts.items()}


def _written(name: str, reading: Reading, writer: Writer, taking: beside.Taking) -> Written:
    kind = MAIN[name]
    lines = [line for line in reading.lines[kind].values() if not line.is_gone]
    try:
        return write(KINDS[kind], lines, writer)
    except Refused as refusal:
        for fault in refusal.faults:
            _find(kind, fault, reading, taking)
        return Written()


def _find(kind: str, fault: Fault, reading: Reading, taking: beside.Taking) -> None:
    """Tell of a fault where it stands. What refers to a row that was itself refused is no fault of its own."""
    to = str(fault.details.get("kind", ""))
    if fault.code == "reference" and fault.found in reading.lines.get(to, {}):
        return
    file, row = reading.place(kind, fault.key, fault.field)
    column = _column(file, fault.field)
    details = {name: value for name, value in fault.details.items() if name != "kind"}
    code = "marks.gone" if fault.code == "required" else f"marks.{fault.code}"
    _add(taking, code, file, row, column, fault.found, to=to, **details)


def _column(file: str, name: str) -> str:
    if file in SCALES:
        return "scoreScaleSourcedId"
    if file in OBJECTIVES:
        return "learningObjectiveId"
    return next((column for column, target in FIELDS[file].items() if target == name), "sourcedId")


def _tell(reading: Reading, taking: beside.Taking) -> None:
    for file, row, column, found in reading.twice:
        _add(taking, "marks.scale.twice", file, row, column, found)
    for file, row, column, found in reading.unsteady:
        _add(taking, "marks.steps", file, row, column, found)


def _add(taking: beside.Taking, code: str, file: str, row: int, column: str, found: str, **details: Any) -> None:
    names = [column.name for column in oneroster.COLUMNS[file]]
    index = names.index(column) if column in names else None
    taking.findings.add(
        code, file=f"{file}.csv", row=row, index=index, header=column, found=found, cause=found, **details
    )


def _end(name: str, file: beside.File, reading: Reading, writer: Writer, taking: beside.Taking) -> int:
    kind = MAIN[name]
    lines = reading.lines[kind]
    if file.is_delta:
        gone = [key for key, line in lines.items() if line.is_gone]
        rows = list(KINDS[kind].model._default_manager.filter(sourced_id__in=gone, is_gone=False))
        for row in _resting_on(kind, rows):
            place = reading.place(kind, row.sourced_id, "")
            _add(taking, "marks.in_use", *place, "sourcedId", row.sourced_id)
        return end(KINDS[kind], rows, writer)
    own = _of(kind, taking.organisations).filter(is_gone=False, source=Marked.IMPORT)
    missing = [row for row in own if row.sourced_id not in lines]
    kept = {row.pk for row in _resting_on(kind, missing)}
    return end(KINDS[kind], [row for row in missing if row.pk not in kept], writer)


def _of(kind: str, organisations: Collection[UUID]) -> QuerySet[Any]:
    rows: QuerySet[Any] = KINDS[kind].model._default_manager.all()
    if "school_class" not in KINDS[kind].references:
        return rows
    return rows.filter(
        school_class__in=roster.rows_of("SchoolClass").filter(school__in=list(organisations)).values("uuid")
    )


def _resting_on(kind: str, rows: Iterable[Marked]) -> list[Marked]:
    """Those of some rows on which something that lives rests."""
    keys, found = [row.pk for row in rows], dict[int, Marked]()
    for other, field in RESTING[kind]:
        resting = KINDS[other].model._default_manager.filter(**{field: OuterRef("pk")}, is_gone=False)
        for row in KINDS[kind].model._default_manager.filter(Exists(resting), pk__in=keys):
            found[row.pk] = row
    return list(found.values())
