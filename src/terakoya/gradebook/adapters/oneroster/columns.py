"""Which column of a file is which field of the gradebook."""

from collections.abc import Mapping

# in the order in which rows may refer to each other
MAIN: Mapping[str, str] = {
    "categories": "category",
    "scoreScales": "scoreScale",
    "lineItems": "lineItem",
    "results": "result",
}
FIELDS: Mapping[str, Mapping[str, str]] = {
    "categories": {"title": "title", "weight": "weight"},
    "scoreScales": {
        "title": "title",
        "type": "kind",
        "orgSourcedId": "organisation",
        "courseSourcedId": "course",
        "classSourcedId": "school_class",
        "scoreScaleValue": "values",
    },
    "lineItems": {
        "title": "title",
        "description": "description",
        "assignDate": "assigned_at",
        "dueDate": "due_at",
        "classSourcedId": "school_class",
        "categorySourcedId": "category",
        "academicSessionSourcedId": "session",
        "resultValueMin": "minimum",
        "resultValueMax": "maximum",
        "schoolSourcedId": "school",
    },
    "results": {
        "lineItemSourcedId": "item",
        "studentSourcedId": "student",
        "scoreStatus": "score_status",
        "score": "score",
        "scoreDate": "score_date",
        "comment": "comment",
        "textScore": "text_score",
        "classSourcedId": "school_class",
        "inProgress": "in_progress",
        "incomplete": "incomplete",
        "late": "late",
        "missing": "missing",
    },
}
# files whose rows belong to a row of another file: that file, and the column that names the row
SCALES: Mapping[str, tuple[str, str]] = {
    "lineItemScoreScales": ("lineItems", "lineItemSourcedId"),
    "resultScoreScales": ("results", "resultSourcedId"),
}
OBJECTIVES: Mapping[str, tuple[str, str]] = {
    "lineItemLearningObjectiveIds": ("lineItems", "lineItemSourcedId"),
    "resultLearningObjectiveIds": ("results", "resultSourcedId"),
}
FILES = (*MAIN, *SCALES, *OBJECTIVES)
