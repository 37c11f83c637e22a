"""Rows of the gradebook as the JSON of its service. What a row has not is left out: the document knows no null."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from terakoya.gradebook.api import KINDS
from terakoya.oneroster.readers import Reader

from .references import References

Document = dict[str, Any]
IN_ROSTER = ("user", "class", "org", "course", "academicSession")


def documents_of(kind: str) -> Callable[[Sequence[Any], Reader], list[Document]]:
    """What makes the documents of rows of a kind."""
    kinds = {column: to for column, to in KINDS[kind].references.items() if to in IN_ROSTER}

    def made(rows: Sequence[Any], reader: Reader) -> list[Document]:
        refs = References(reader, rows, kinds)
        return [_without_nothing(_base(row) | _SAYS[kind](row, refs)) for row in rows]

    return made


def moment(at: datetime) -> str:
    """A moment as the service writes it, to the millisecond in UTC."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _base(row: Any) -> Document:
    return {
        "sourcedId": row.sourced_id,
        "status": "tobedeleted" if row.is_gone else "active",
        "dateLastModified": moment(row.modified_at),
        "metadata": row.metadata,
    }


def _category(row: Any, refs: References) -> Document:
    return {"title": row.title, "weight": row.weight}


def _scale(row: Any, refs: References) -> Document:
    return {
        "title": row.title,
        "type": row.kind,
        "course": refs.to("course", row.course),
        "class": refs.to("class", row.school_class),
        "scoreScaleValue": [{"itemValueLHS": step["left"], "itemValueRHS": step["right"]} for step in row.values],
    }


def _item(row: Any, refs: References) -> Document:
    return {
        "title": row.title,
        "description": row.description or None,
        "class": refs.to("class", row.school_class),
        "scoreScale": refs.under("scoreScale", row.scale.sourced_id) if row.scale else None,
        "resultValueMin": row.minimum,
        "resultValueMax": row.maximum,
        "learningObjectiveSet": [
            {"source": source, "learningObjectiveIds": [one["id"] for one in some]}
            for source, some in groupby(row.objectives, lambda one: one["source"])
        ],
    }


def _line_item(row: Any, refs: References) -> Document:
    return _item(row, refs) | {
        "assignDate": moment(row.assigned_at),
        "dueDate": moment(row.due_at),
        "school": refs.to("org", row.school),
        "category": refs.under("category", row.category.sourced_id),
        "gradingPeriod": refs.to("academicSession", row.grading_period),
        "academicSession": refs.to("academicSession", row.session),
    }


def _assessment(row: Any, refs: References) -> Document:
    parent = refs.under("assessmentLineItem", row.parent.sourced_id) if row.parent else None
    return _item(row, refs) | {"parentAssessmentLineItem": parent}


def _score(row: Any, refs: References) -> Document:
    return {
        "student": refs.to("user", row.student),
        "scoreScale": refs.under("scoreScale", row.scale.sourced_id) if row.scale else None,
        "scoreStatus": row.score_status,
        "score": row.score,
        "textScore": row.text_score or None,
        "scoreDate": row.score_date.isoformat(),
        "comment": row.comment or None,
        "learningObjectiveSet": [
            {"source": source, "learningObjectiveResults": [_objective(one) for one in some]}
            for source, some in groupby(row.objectives, lambda one: one["source"])
        ],
        "inProgress": _flag(row.in_progress),
        "incomplete": _flag(row.incomplete),
        "late": _flag(row.late),
        "missing": _flag(row.missing),
    }


def _result(row: Any, refs: References) -> Document:
    item = refs.under("lineItem", row.item.sourced_id)
    return _score(row, refs) | {"lineItem": item, "class": refs.to("class", row.school_class)}


def _assessed(row: Any, refs: References) -> Document:
    item = refs.under("assessmentLineItem", row.item.sourced_id)
    return _score(row, refs) | {"assessmentLineItem": item, "scorePercentile": row.percentile}


def _objective(one: Mapping[str, Any]) -> Document:
    said = {"learningObjectiveId": one["id"], "score": one.get("score"), "textScore": one.get("text_score") or None}
    return _without_nothing(said)


def _flag(value: bool | None) -> str | None:
    return None if value is None else "true" if value else "false"


def _without_nothing(document: Document) -> Document:
    return {name: value for name, value in document.items() if value is not None and value != [] and value != {}}


_SAYS: dict[str, Callable[[Any, References], Document]] = {
    "category": _category,
    "scoreScale": _scale,
    "lineItem": _line_item,
    "result": _result,
    "assessmentLineItem": _assessment,
    "assessmentResult": _assessed,
}
