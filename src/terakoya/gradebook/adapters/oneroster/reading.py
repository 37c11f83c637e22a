"""Rows of the files as lines of the gradebook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from terakoya.gradebook.kinds import KINDS
from terakoya.gradebook.lines import Line
from terakoya.gradebook.queries import rows_of
from terakoya.roster.api import beside

from . import values
from .columns import FIELDS, MAIN, OBJECTIVES, SCALES

NUMBERS = ("weight", "minimum", "maximum", "score")
FLAGS = ("in_progress", "incomplete", "late", "missing")
AT_ONCE = 500
Place = tuple[str, int]  # file and row


@dataclass
class Reading:
    """What the files of a package say: lines by kind and key, and where each, or a field of it, stands."""

    lines: dict[str, dict[str, Line]] = field(default_factory=lambda: {kind: {} for kind in MAIN.values()})
    places: dict[tuple[str, str, str], Place] = field(default_factory=dict)
    twice: list[tuple[str, int, str, str]] = field(default_factory=list)  # a second scale: file, row, column, found
    unsteady: list[tuple[str, int, str, str]] = field(default_factory=list)  # what is no list of steps

    def place(self, kind: str, key: str, name: str) -> Place:
        """Where a field of a line stands, or the line."""
        return self.places.get((kind, key, name)) or self.places[kind, key, ""]


def read(files: Mapping[str, beside.File]) -> Reading:
    """Read files whose cells are of the right types."""
    reading = Reading()
    for name in MAIN:
        if name in files:
            _read_main(reading, name, files[name])
    for name, (main, owner) in SCALES.items():
        if name in files:
            _read_scales(reading, name, MAIN[main], owner, files)
    for name, (main, owner) in OBJECTIVES.items():
        if name in files:
            _read_objectives(reading, name, MAIN[main], owner, files)
    return reading


def _read_main(reading: Reading, name: str, file: beside.File) -> None:
    kind = MAIN[name]
    held = _held_moments(file) if name == "lineItems" else {}
    for number, row in file.rows:
        key = row["sourcedId"]
        reading.places[kind, key, ""] = name, number
        if row["status"] == "tobedeleted":
            reading.lines[kind][key] = Line(key, is_gone=True)
            continue
        facts: dict[str, Any] = {}
        references: dict[str, str] = {}
        for column, target in FIELDS[name].items():
            if target in KINDS[kind].references:
                references[target] = row[column]
            else:
                facts[target] = _value(target, row[column], held.get(key))
        if name == "scoreScales" and facts["values"] is None:
            reading.unsteady.append((name, number, "scoreScaleValue", row["scoreScaleValue"]))
        reading.lines[kind][key] = Line(key, facts, references)


def _value(target: str, cell: str, held: Any) -> Any:
    if target in NUMBERS:
        return values.number(cell)
    if target in FLAGS:
        return values.flag(cell)
    if target in ("assigned_at", "due_at"):
        return values.moment(cell, getattr(held, target) if held else None)
    if target == "score_date":
        return date.fromisoformat(cell)
    return values.steps(cell) if target == "values" else cell


def _held_moments(file: beside.File) -> dict[str, Any]:
    """The line items that are here already: a day of the file is not put above a moment of that day."""
    return {row.sourced_id: row for row in _known("lineItem", [row["sourcedId"] for _, row in file.rows])}


def _known(kind: str, keys: list[str]) -> Iterator[Any]:
    for start in range(0, len(keys), AT_ONCE):
        yield from rows_of(kind).filter(sourced_id__in=keys[start : start + AT_ONCE])


def _read_scales(reading: Reading, name: str, kind: str, owner: str, files: Mapping[str, beside.File]) -> None:
    """Which scale goes with what: one at most. A bulk file says it of everything in the file it belongs to."""
    file, seen = files[name], set[str]()
    if not file.is_delta:
        for line in reading.lines[kind].values():
            _say(reading, kind, line.key, {"scale_key": "", "scale_title": ""}, {"scale": ""})
    for number, row in file.rows:
        key, gone = row[owner], row["status"] == "tobedeleted"
        if not gone and key in seen:
            reading.twice.append((name, number, owner, key))
            continue
        if gone and key in seen:
            continue
        seen |= set() if gone else {key}
        reading.places[kind, key, "scale"] = name, number
        reading.places.setdefault((kind, key, ""), (name, number))
        facts = {"scale_key": "" if gone else row["sourcedId"], "scale_title": "" if gone else row["title"]}
        _say(reading, kind, key, facts, {"scale": "" if gone else row["scoreScaleSourcedId"]})


def _read_objectives(reading: Reading, name: str, kind: str, owner: str, files: Mapping[str, beside.File]) -> None:
    """The learning objectives of each: in a bulk file all of them, in a delta those that come and go."""
    file = files[name]
    owners = list(dict.fromkeys(row[owner] for _, row in file.rows))
    held: dict[str, list[dict[str, Any]]] = {}
    if file.is_delta:
        held = {row.sourced_id: row.objectives for row in _known(kind, owners)}
    else:
        held = {line.key: [] for line in reading.lines[kind].values()}
    by_owner = {key: {one["key"]: one for one in held.get(key, [])} for key in {**held, **dict.fromkeys(owners)}}
    for number, row in file.rows:
        key = row[owner]
        reading.places[kind, key, "objectives"] = name, number
        reading.places.setdefault((kind, key, ""), (name, number))
        by_owner[key].pop(row["sourcedId"], None)
        if row["status"] != "tobedeleted":
            by_owner[key][row["sourcedId"]] = _objective(row)
    for key, objectives in by_owner.items():
        in_order = sorted(objectives.values(), key=lambda one: one["key"])
        _say(reading, kind, key, {"objectives": in_order}, {})


def _objective(row: beside.Row) -> dict[str, Any]:
    said = {"source": row["source"], "id": row["learningObjectiveId"], "key": row["sourcedId"]}
    if "score" not in row:
        return said
    return said | {"score": values.number(row["score"]), "text_score": row["textScore"]}


def _say(reading: Reading, kind: str, key: str, facts: Mapping[str, Any], references: Mapping[str, str]) -> None:
    line = reading.lines[kind].get(key) or Line(key)
    if not line.is_gone:
        said = replace(line, facts={**line.facts, **facts}, references={**line.references, **references})
        reading.lines[kind][key] = said
