"""What a row of the gradebook must be, seen with the rows it refers to. Types and forms are held by who reads them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from . import steps
from .errors import Fault
from .models import AssessmentLineItem, AssessmentResult, Category, Item, LineItem, Result, Score, ScoreScale


@dataclass
class Around:
    """What the roster says around some rows: the school of each class, and who was ever a pupil of which."""

    schools: Mapping[UUID, UUID] = field(default_factory=dict)
    pupils: set[tuple[UUID, UUID]] = field(default_factory=set)


def faults(row: Any, around: Around) -> Iterator[Fault]:
    """What is wrong with a row, the rows it refers to in place."""
    yield from _RULES[type(row)](row, around)


def _scale(row: ScoreScale, around: Around) -> Iterator[Fault]:
    for step in row.values:
        bounds = steps.bounds_of(step["left"])
        if not step["left"].strip() or (bounds and bounds[0] > bounds[1]):
            yield Fault("scale.values", row.sourced_id, "values", step["left"])


def _item(row: Item) -> Iterator[Fault]:
    if row.minimum is not None and row.maximum is not None and row.minimum > row.maximum:
        yield Fault("bounds", row.sourced_id, "minimum", f"{row.minimum:g}", {"maximum": f"{row.maximum:g}"})
    yield from _objectives(row)


def _line_item(row: LineItem, around: Around) -> Iterator[Fault]:
    yield from _item(row)
    if around.schools.get(row.school_class) != row.school:
        yield Fault("class.school", row.sourced_id, "school", str(row.school))


def _assessment(row: AssessmentLineItem, around: Around) -> Iterator[Fault]:
    yield from _item(row)
    above, seen = row.parent, {row.sourced_id}
    while above is not None:
        if above.sourced_id in seen:
            yield Fault("parent.circle", row.sourced_id, "parent", above.sourced_id)
            return
        seen.add(above.sourced_id)
        above = above.parent


def _score(row: Score) -> Iterator[Fault]:
    yield from _objectives(row)
    item, scale = row.item, row.scale or row.item.scale
    lowest = float("-inf") if item.minimum is None else item.minimum
    highest = float("inf") if item.maximum is None else item.maximum
    if row.score is not None and not lowest <= row.score <= highest:
        details = {"minimum": f"{lowest:g}", "maximum": f"{highest:g}"}
        yield Fault("score.bounds", row.sourced_id, "score", f"{row.score:g}", details)
    elif scale is not None and row.score is not None and not steps.has_score(scale.values, row.score):
        yield Fault("score.scale", row.sourced_id, "score", f"{row.score:g}")
    if scale is not None and row.text_score and not steps.has_word(scale.values, row.text_score):
        words = ", ".join(step["right"] for step in scale.values)
        yield Fault("text.scale", row.sourced_id, "text_score", row.text_score, {"values": words})


def _result(row: Result, around: Around) -> Iterator[Fault]:
    yield from _score(row)
    if row.school_class != row.item.school_class:
        yield Fault("class.item", row.sourced_id, "school_class", str(row.school_class))
    elif (row.student, row.school_class) not in around.pupils:
        yield Fault("pupil.class", row.sourced_id, "student", str(row.student))


def _objectives(row: Item | Score) -> Iterator[Fault]:
    for objective in row.objectives:
        if objective["source"] == "case" and not _is_uuid(objective["id"]):
            yield Fault("case.id", row.sourced_id, "objectives", objective["id"])


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


_RULES: dict[type, Callable[[Any, Around], Iterator[Fault]]] = {
    Category: lambda row, around: iter(()),
    ScoreScale: _scale,
    LineItem: _line_item,
    AssessmentLineItem: _assessment,
    Result: _result,
    AssessmentResult: lambda row, around: _score(row),
}
