"""What the classes of the town are marked for, with which results, and the materials they use: from the town's seed."""

import random
from datetime import date
from typing import Any
from uuid import UUID

from .building import settings
from .town import Klass, Pupil, Town

COLUMNS = {
    "categories": "title weight",
    "lineItems": "title description assignDate dueDate classSourcedId categorySourcedId academicSessionSourcedId "
    "resultValueMin resultValueMax schoolSourcedId",
    "results": "lineItemSourcedId studentSourcedId scoreStatus score scoreDate comment textScore classSourcedId "
    "inProgress incomplete late missing",
    "scoreScales": "title type orgSourcedId courseSourcedId classSourcedId scoreScaleValue",
    "lineItemScoreScales": "title lineItemSourcedId scoreScaleSourcedId",
    "resources": "vendorResourceId title roles importance vendorId applicationId",
    "classResources": "title classSourcedId resourceSourcedId",
    "courseResources": "title courseSourcedId resourceSourcedId",
}
ABSENT, LATE = 0.03, 0.08  # shares of pupils who have no score, or handed in late
USUAL, SPREAD = 0.72, 0.16  # of the highest score

Row = dict[str, Any]
Files = dict[str, list[Row]]


def marks_of(town: Town, session: str) -> Files:
    """Categories, line items of every class, and a result for every pupil; the same seed gives the same marks."""
    lot = random.Random(f"marks of {town.seed}")
    said = settings()["marks"]
    items = [(klass, entry) for klass in town.classes for entry in said["items"]]
    tests = [(klass, entry) for klass, entry in items if entry["maximum"] == 100]
    due = {entry["key"]: date(town.school_year, entry["month"], 20) for entry in said["items"]}
    files: Files = {
        "categories": [
            {"sourcedId": _key(lot), "title": one["title"], "weight": one["weight"], "of": one["key"]}
            for one in said["categories"]
        ],
        "scoreScales": [_scale(klass, said["scale"], lot) for klass in town.classes],
    }
    categories = {row.pop("of"): row["sourcedId"] for row in files["categories"]}
    keys = {(klass.sourced_id, entry["key"]): _key(lot) for klass, entry in items}
    files["lineItems"] = [
        _item(keys[klass.sourced_id, entry["key"]], klass, entry, due[entry["key"]], categories, session)
        for klass, entry in items
    ]
    scales = {row["classSourcedId"]: row["sourcedId"] for row in files["scoreScales"]}
    files["lineItemScoreScales"] = [
        {
            "sourcedId": _key(lot),
            "lineItemSourcedId": keys[klass.sourced_id, entry["key"]],
            "scoreScaleSourcedId": scales[klass.sourced_id],
        }
        for klass, entry in tests
    ]
    files["results"] = [
        _result(keys[klass.sourced_id, entry["key"]], klass, pupil, entry, due[entry["key"]], lot)
        for klass, entry in items
        if due[entry["key"]] <= town.as_of
        for pupil in town.pupils_of(klass)
    ]
    return files


def materials_of(town: Town) -> Files:
    """A digital textbook for every course, used by its classes."""
    lot, said = random.Random(f"materials of {town.seed}"), settings()["materials"]
    courses = {klass.course: klass for klass in town.classes}
    keys = {course: _key(lot) for course in courses}

    def title(klass: Klass) -> str:
        text: str = said["title"].format(subject=klass.subject_name or said["homeroom"], grade=klass.grade[1])
        return text

    return {
        "resources": [
            {
                "sourcedId": keys[course],
                "vendorResourceId": f"{said['vendor']}-{klass.grade}-{klass.subject or 'P030'}-{number}",
                "title": title(klass),
                "roles": "student,teacher",
                "importance": "primary",
                "vendorId": said["vendor"],
            }
            for number, (course, klass) in enumerate(courses.items(), 1)
        ],
        "classResources": [
            {"sourcedId": _key(lot), "classSourcedId": klass.sourced_id, "resourceSourcedId": keys[klass.course]}
            for klass in town.classes
        ],
        "courseResources": [
            {"sourcedId": _key(lot), "courseSourcedId": course, "resourceSourcedId": key}
            for course, key in keys.items()
        ],
    }


def _scale(klass: Klass, said: dict[str, str], lot: random.Random) -> Row:
    return {
        "sourcedId": _key(lot),
        "title": said["title"],
        "type": said["kind"],
        "orgSourcedId": klass.school.sourced_id,
        "courseSourcedId": klass.course,
        "classSourcedId": klass.sourced_id,
        "scoreScaleValue": said["values"],
    }


def _item(key: str, klass: Klass, entry: Row, due: date, categories: dict[str, str], session: str) -> Row:
    return {
        "sourcedId": key,
        "title": entry["title"],
        "assignDate": due.replace(day=1),
        "dueDate": due,
        "classSourcedId": klass.sourced_id,
        "categorySourcedId": categories[entry["category"]],
        "academicSessionSourcedId": session,
        "resultValueMin": 0,
        "resultValueMax": entry["maximum"],
        "schoolSourcedId": klass.school.sourced_id,
    }


def _result(item: str, klass: Klass, pupil: Pupil, entry: Row, due: date, lot: random.Random) -> Row:
    row = {
        "sourcedId": _key(lot),
        "lineItemSourcedId": item,
        "studentSourcedId": pupil.sourced_id,
        "classSourcedId": klass.sourced_id,
        "scoreDate": due,
    }
    chance, share = lot.random(), lot.gauss(USUAL, SPREAD)
    if chance < ABSENT:
        return row | {"scoreStatus": "not submitted", "missing": "true"}
    row |= {"scoreStatus": "fully graded", "score": round(max(0.0, min(1.0, share)) * entry["maximum"])}
    is_late = entry["category"] == "work" and chance < LATE
    return row | ({"late": "true", "comment": settings()["marks"]["late_comment"]} if is_late else {})


def _key(lot: random.Random) -> str:
    return str(UUID(int=lot.getrandbits(128), version=4))
