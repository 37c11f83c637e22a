"""The lists of the gradebook service: which rows a system may know of, and by what they are filtered and sorted."""

from collections.abc import Hashable, Mapping
from typing import Any

import msgspec
from django.db.models import Q, QuerySet

from terakoya.gradebook import api as gradebook
from terakoya.oneroster.filtering import DATE, MOMENT, By
from terakoya.oneroster.readers import Reader, people_of
from terakoya.oneroster.serving import Collection
from terakoya.roster import api as roster

from . import wire
from .by import Flagged, Gone, Numbered, Referring, text
from .documents import documents_of

MARKS = "activity.assessment"
CLASS = Referring("school_class", table="SchoolClass")
STUDENT = Referring("student", table="Person")
BASE: dict[str, By] = {
    "sourcedId": text("sourced_id"),
    "status": Gone(),
    "dateLastModified": By("modified_at", MOMENT),
}
ITEM: dict[str, By] = BASE | {
    "title": text("title"),
    "description": text("description"),
    "class.sourcedId": CLASS,
    "scoreScale.sourcedId": text("scale__sourced_id"),
    "resultValueMin": Numbered("minimum"),
    "resultValueMax": Numbered("maximum"),
}
SCORE: dict[str, By] = BASE | {
    "student.sourcedId": STUDENT,
    "scoreScale.sourcedId": text("scale__sourced_id"),
    "scoreStatus": text("score_status"),
    "score": Numbered("score"),
    "textScore": text("text_score"),
    "scoreDate": By("score_date", DATE),
    "comment": text("comment"),
    "inProgress": Flagged("in_progress"),
    "incomplete": Flagged("incomplete"),
    "late": Flagged("late"),
    "missing": Flagged("missing"),
}


def rows(kind: str, reader: Reader) -> QuerySet[Any]:
    """The rows of a kind that a system may know of: those about classes and people of its schools."""
    found = gradebook.rows_of(kind)
    if reader.schools is None or kind == "category":
        return found
    if kind == "assessmentResult":
        return found.filter(student__in=people_of(reader.schools).values("uuid"))
    classes = roster.rows_of("SchoolClass").filter(school__in=sorted(reader.schools)).values("uuid")
    of_no_class = Q(school_class=None) if kind == "assessmentLineItem" else Q(pk__in=())
    return found.filter(Q(school_class__in=classes) | of_no_class)


def _version() -> Hashable:
    return roster.latest_change(), gradebook.latest()


def _list(kind: str, many: str, by: Mapping[str, By]) -> Collection:
    names = (one.encode_name for one in msgspec.structs.fields(wire.FORMS[kind]))
    return Collection(
        one=kind,
        many=many,
        rows=lambda reader: rows(kind, reader),
        documents=documents_of(kind),
        fields=tuple(names),
        by=by,
        category=MARKS if kind in ("result", "assessmentResult") else "",
        person="student" if kind in ("result", "assessmentResult") else "",
        changed="modified_at",
        version=_version,
    )


CATEGORIES = _list("category", "categories", BASE | {"title": text("title"), "weight": Numbered("weight")})
SCORE_SCALES = _list(
    "scoreScale",
    "scoreScales",
    BASE
    | {
        "title": text("title"),
        "type": text("kind"),
        "course.sourcedId": text("course"),
        "class.sourcedId": CLASS,
    },
)
LINE_ITEMS = _list(
    "lineItem",
    "lineItems",
    ITEM
    | {
        "assignDate": By("assigned_at", MOMENT),
        "dueDate": By("due_at", MOMENT),
        "school.sourcedId": Referring("school", table="Organisation"),
        "category.sourcedId": text("category__sourced_id"),
        "gradingPeriod.sourcedId": text("grading_period"),
        "academicSession.sourcedId": text("session"),
    },
)
RESULTS = _list("result", "results", SCORE | {"lineItem.sourcedId": text("item__sourced_id"), "class.sourcedId": CLASS})
ASSESSMENT_LINE_ITEMS = _list(
    "assessmentLineItem",
    "assessmentLineItems",
    ITEM | {"parentAssessmentLineItem.sourcedId": text("parent__sourced_id")},
)
ASSESSMENT_RESULTS = _list(
    "assessmentResult",
    "assessmentResults",
    SCORE
    | {
        "assessmentLineItem.sourcedId": text("item__sourced_id"),
        "scorePercentile": Numbered("percentile"),
    },
)
