"""The kinds of rows of the gradebook, by the words of OneRoster, and what each refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .models import AssessmentLineItem, AssessmentResult, Category, LineItem, Marked, Result, ScoreScale


@dataclass(frozen=True)
class Kind:
    """A table, and by field the kind of what its rows refer to: of the gradebook, or else of the roster."""

    name: str
    model: type[Marked]
    references: Mapping[str, str] = field(default_factory=dict)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("category", Category),
        Kind("scoreScale", ScoreScale, {"school_class": "class", "organisation": "org", "course": "course"}),
        Kind(
            "lineItem",
            LineItem,
            {
                "school_class": "class",
                "school": "org",
                "category": "category",
                "scale": "scoreScale",
                "session": "academicSession",
                "grading_period": "academicSession",
            },
        ),
        Kind(
            "result",
            Result,
            {"item": "lineItem", "student": "user", "school_class": "class", "scale": "scoreScale"},
        ),
        Kind(
            "assessmentLineItem",
            AssessmentLineItem,
            {"school_class": "class", "parent": "assessmentLineItem", "scale": "scoreScale"},
        ),
        Kind(
            "assessmentResult",
            AssessmentResult,
            {"item": "assessmentLineItem", "student": "user", "scale": "scoreScale"},
        ),
    )
}

# what may rest on a row of a kind: the kind of the other, and its field
RESTING: Mapping[str, tuple[tuple[str, str], ...]] = {
    "category": (("lineItem", "category"),),
    "scoreScale": tuple((name, "scale") for name in ("lineItem", "result", "assessmentLineItem", "assessmentResult")),
    "lineItem": (("result", "item"),),
    "assessmentLineItem": (("assessmentLineItem", "parent"), ("assessmentResult", "item")),
    "result": (),
    "assessmentResult": (),
}
