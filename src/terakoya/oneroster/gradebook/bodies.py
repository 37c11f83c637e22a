"""Reads a body: JSON, of the form its document asks for, and nothing that cannot be kept."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, UnreadablePostError

from terakoya.gradebook.api import Line
from terakoya.oneroster.errors import Refused, invalid

from . import wire

DEEPEST = 40  # of lists and objects within each other
EARLIEST, LATEST = 1900, 2199  # years that a day of school life may have
LONGEST_WORD = 255
# what a line calls that which the document names otherwise; other names are the same in both
FACTS = {
    "type": "kind",
    "assignDate": "assigned_at",
    "dueDate": "due_at",
    "resultValueMin": "minimum",
    "resultValueMax": "maximum",
    "scoreStatus": "score_status",
    "scoreDate": "score_date",
    "textScore": "text_score",
    "scorePercentile": "percentile",
    "inProgress": "in_progress",
}
REFERENCES = {
    "class_": "school_class",
    "gradingPeriod": "grading_period",
    "academicSession": "session",
    "scoreScale": "scale",
    "lineItem": "item",
    "assessmentLineItem": "item",
    "parentAssessmentLineItem": "parent",
}
OWN = ("sourcedId", "status", "dateLastModified")
FLAGS = ("inProgress", "incomplete", "late", "missing")


def object_of(request: HttpRequest, kind: str) -> Line:
    """The one object of a body, as ``{"result": {...}}``. Raises ``Refused``."""
    form = msgspec.defstruct(kind, [(kind, wire.FORMS[kind])], forbid_unknown_fields=True)
    return _line(getattr(_read(request, form), kind), kind)


def list_of(request: HttpRequest, kind: str) -> list[Line]:
    """The objects of a body, as ``{"results": [...]}``; without a list there are none. Raises ``Refused``."""
    many = wire.MANY[kind]
    form = msgspec.defstruct(many, [(many, list[wire.FORMS[kind]], [])], forbid_unknown_fields=True)  # type: ignore[valid-type]
    return [_line(one, kind) for one in getattr(_read(request, form), many)]


def names(kind: str) -> dict[str, str]:
    """What the document calls the fields of a line of a kind."""
    own = wire.FORMS[kind].__struct_fields__
    said = {line: name.rstrip("_") for name, line in (FACTS | REFERENCES).items() if name in own}
    return said | {"sourced_id": "sourcedId", "values": "scoreScaleValue", "objectives": "learningObjectiveSet"}


def _read(request: HttpRequest, form: type[Any]) -> Any:
    if request.content_type != "application/json":
        raise Refused(415, "invaliddata", "Expected: a body of the type application/json.")
    try:
        body = msgspec.json.decode(request.body)
        _hold(body)
        return msgspec.convert(body, form)
    except msgspec.ValidationError as fault:
        raise invalid(f"{fault}.") from None
    except RequestDataTooBig:
        raise Refused(413, "invaliddata", "The body is too large. Expected: fewer objects at once.") from None
    except (msgspec.DecodeError, UnreadablePostError, RecursionError, UnicodeError) as fault:
        raise Refused(400, "invaliddata", f"The body is no JSON: {fault}.") from None


def _hold(value: Any, depth: int = 0) -> None:
    """Refuse what no database keeps: signs that are none, and lists within lists without end."""
    if depth > DEEPEST:
        raise invalid(f"The body has more than {DEEPEST} lists and objects within each other.")
    if isinstance(value, str) and ("\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise invalid("A text holds a sign that is none (U+0000, or half of a pair).")
    if isinstance(value, dict):
        for name, one in value.items():
            _hold(name, depth)
            _hold(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _hold(one, depth + 1)


def _line(one: Any, kind: str) -> Line:
    facts: dict[str, Any] = {}
    references: dict[str, str] = {}
    for name in one.__struct_fields__:
        value = getattr(one, name)
        if name in OWN:
            continue
        if name in _references(kind):
            references[REFERENCES.get(name, name)] = value.sourcedId if value is not msgspec.UNSET else ""
        elif name == "scoreScaleValue":
            facts["values"] = [{"left": step.itemValueLHS, "right": step.itemValueRHS} for step in value]
        elif name == "learningObjectiveSet":
            facts["objectives"] = [objective for group in value for objective in _objectives(group)]
        elif name in FLAGS:
            facts[FACTS.get(name, name)] = None if value is msgspec.UNSET else value == "true"
        else:
            facts[FACTS.get(name, name)] = _kept(name, None if value is msgspec.UNSET else value)
    return Line(one.sourcedId, facts, references, is_gone=one.status == "tobedeleted")


def _objectives(group: Any) -> Iterator[dict[str, Any]]:
    if isinstance(group, wire.Objectives):
        for key in group.learningObjectiveIds:
            yield {"source": group.source, "id": key, "key": ""}
        return
    for one in group.learningObjectiveResults:
        score = None if one.score is msgspec.UNSET else one.score
        yield {
            "source": group.source,
            "id": one.learningObjectiveId,
            "key": "",
            "score": score,
            "text_score": one.textScore,
        }


def _kept(name: str, value: Any) -> Any:
    if isinstance(value, datetime | date) and not EARLIEST <= value.year <= LATEST:
        raise invalid(f"{name} lies in the year {value.year}. Expected: {EARLIEST} to {LATEST}.")
    if name == "scoreStatus" and len(value) > LONGEST_WORD:
        raise invalid(f"{name} is longer than {LONGEST_WORD} signs.")
    return value


@cache
def _references(kind: str) -> Sequence[str]:
    names = ("class_", "course", "school", "category", "student", *REFERENCES)
    return [name for name in wire.FORMS[kind].__struct_fields__ if name in names]
