"""Bodies of the gradebook service as they come in, held to the letter of its document.

Source: 1EdTech OneRoster 1.2, gradebook service, OpenAPI document 1.0. What a body leaves out, a row has not.
"""

from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar

import msgspec
from msgspec import Meta, Struct, field

Word = TypeVar("Word")
Address = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9+.\-]*:\S*$")]
Moment = Annotated[datetime, Meta(tz=True)]
Status = Literal["active", "tobedeleted"]
Flag = Literal["true", "false"]
STATUSES = "exempt|fully graded|not submitted|partially graded|submitted"
ScoreStatus = Annotated[str, Meta(pattern=rf"^({STATUSES})$|(ext:)[a-zA-Z0-9.\-_]+")]
Source = Annotated[str, Meta(pattern=r"^(case|unknown)$|^/(?!case$)(?!unknown$)[a-z0-9]+$")]


class Ref(Struct, Generic[Word], forbid_unknown_fields=True):
    """A reference. ``href`` is where others find the thing; what counts is the identifier."""

    href: Address
    sourcedId: str
    type: Word


ClassRef: TypeAlias = Ref[Literal["class"]]
UserRef: TypeAlias = Ref[Literal["user"]]
OrgRef: TypeAlias = Ref[Literal["org"]]
CourseRef: TypeAlias = Ref[Literal["course"]]
SessionRef: TypeAlias = Ref[Literal["academicSession"]]
CategoryRef: TypeAlias = Ref[Literal["category"]]
ScaleRef: TypeAlias = Ref[Literal["scoreScale"]]
ItemRef: TypeAlias = Ref[Literal["lineItem"]]
AssessmentRef: TypeAlias = Ref[Literal["assessmentLineItem"]]


class Base(Struct, kw_only=True, forbid_unknown_fields=True):
    """What every object has. ``dateLastModified`` is the sender's; this node gives its own."""

    sourcedId: str
    status: Status
    dateLastModified: Moment
    metadata: dict[str, Any] = field(default_factory=dict)


class Objectives(Struct, forbid_unknown_fields=True):
    source: Source
    learningObjectiveIds: Annotated[list[str], Meta(min_length=1)]


class ObjectiveResult(Struct, forbid_unknown_fields=True):
    learningObjectiveId: str
    score: float | msgspec.UnsetType = msgspec.UNSET
    textScore: str = ""


class ObjectiveScores(Struct, forbid_unknown_fields=True):
    source: Source
    learningObjectiveResults: Annotated[list[ObjectiveResult], Meta(min_length=1)]


class Category(Base, kw_only=True, forbid_unknown_fields=True):
    title: str
    weight: float | msgspec.UnsetType = msgspec.UNSET


class Step(Struct, forbid_unknown_fields=True):
    itemValueLHS: str
    itemValueRHS: str


class ScoreScale(Base, kw_only=True, forbid_unknown_fields=True):
    title: str
    type: str
    class_: ClassRef = field(name="class")
    scoreScaleValue: Annotated[list[Step], Meta(min_length=1)]
    course: CourseRef | msgspec.UnsetType = msgspec.UNSET


class Item(Base, kw_only=True, forbid_unknown_fields=True):
    title: str
    description: str = ""
    scoreScale: ScaleRef | msgspec.UnsetType = msgspec.UNSET
    resultValueMin: float | msgspec.UnsetType = msgspec.UNSET
    resultValueMax: float | msgspec.UnsetType = msgspec.UNSET
    learningObjectiveSet: list[Objectives] = field(default_factory=list)


class LineItem(Item, kw_only=True, forbid_unknown_fields=True):
    assignDate: Moment
    dueDate: Moment
    class_: ClassRef = field(name="class")
    school: OrgRef
    category: CategoryRef
    gradingPeriod: SessionRef | msgspec.UnsetType = msgspec.UNSET
    academicSession: SessionRef | msgspec.UnsetType = msgspec.UNSET


class AssessmentLineItem(Item, kw_only=True, forbid_unknown_fields=True):
    class_: ClassRef | msgspec.UnsetType = field(name="class", default=msgspec.UNSET)
    parentAssessmentLineItem: AssessmentRef | msgspec.UnsetType = msgspec.UNSET


class Score(Base, kw_only=True, forbid_unknown_fields=True):
    student: UserRef
    scoreStatus: ScoreStatus
    scoreDate: date
    score: float | msgspec.UnsetType = msgspec.UNSET
    textScore: str = ""
    comment: str = ""
    scoreScale: ScaleRef | msgspec.UnsetType = msgspec.UNSET
    learningObjectiveSet: list[ObjectiveScores] = field(default_factory=list)
    inProgress: Flag | msgspec.UnsetType = msgspec.UNSET
    incomplete: Flag | msgspec.UnsetType = msgspec.UNSET
    late: Flag | msgspec.UnsetType = msgspec.UNSET
    missing: Flag | msgspec.UnsetType = msgspec.UNSET


class Result(Score, kw_only=True, forbid_unknown_fields=True):
    lineItem: ItemRef
    class_: ClassRef | msgspec.UnsetType = field(name="class", default=msgspec.UNSET)


class AssessmentResult(Score, kw_only=True, forbid_unknown_fields=True):
    assessmentLineItem: AssessmentRef
    scorePercentile: float | msgspec.UnsetType = msgspec.UNSET


# by kind of the gradebook: the name of a list of them, and their form
MANY = {"lineItem": "lineItems", "result": "results"}
FORMS: dict[str, type[Base]] = {
    "category": Category,
    "scoreScale": ScoreScale,
    "lineItem": LineItem,
    "result": Result,
    "assessmentLineItem": AssessmentLineItem,
    "assessmentResult": AssessmentResult,
}
