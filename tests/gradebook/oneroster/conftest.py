"""Files of marks as a package brings them."""

from collections.abc import Callable
from typing import Any

import pytest

from terakoya.demo_town.api import Town
from terakoya.roster import api as roster
from terakoya.roster.api import beside
from terakoya.roster.findings import Findings
from terakoya.standards import oneroster
from tests.gradebook.conftest import Book

Files = dict[str, list[dict[str, str]]]
CASE = "6f3f2c2e-0a50-4a53-8c5c-1f3f6f1f7d11"


@pytest.fixture
def files(imported: None, town: Town) -> Files:
    """Right files about one class; a test damages a copy."""
    book = Book(town)
    klass, pupils = book.klass, book.pupils
    session = roster.rows_of("AcademicSession").get().sourced_id
    of_class = {"classSourcedId": klass.sourced_id}
    return {
        "categories": [{"sourcedId": "c1", "title": "テスト", "weight": "60"}],
        "scoreScales": [
            {
                "sourcedId": "s1",
                "title": "三段階",
                "type": "kanten",
                "orgSourcedId": klass.school.sourced_id,
                "courseSourcedId": klass.course,
                "scoreScaleValue": "{0 - 39:C},{40 - 79:B},{80 - 100:A}",
                **of_class,
            }
        ],
        "lineItems": [
            {
                "sourcedId": f"i{number}",
                "title": f"第{number}回",
                "assignDate": "2026-11-01",
                "dueDate": "2026-11-20",
                "categorySourcedId": "c1",
                "academicSessionSourcedId": session,
                "resultValueMin": "0",
                "resultValueMax": "100",
                "schoolSourcedId": klass.school.sourced_id,
                **of_class,
            }
            for number in (1, 2)
        ],
        "results": [
            {
                "sourcedId": f"r{number}",
                "lineItemSourcedId": "i1",
                "studentSourcedId": pupil.sourced_id,
                "scoreStatus": "fully graded",
                "score": "72.5",
                "scoreDate": "2026-11-20",
                "late": "true",
            }
            for number, pupil in enumerate(pupils)
        ],
        "lineItemScoreScales": [
            {"sourcedId": "x1", "title": "", "lineItemSourcedId": "i1", "scoreScaleSourcedId": "s1"}
        ],
        "resultScoreScales": [{"sourcedId": "x2", "title": "", "resultSourcedId": "r0", "scoreScaleSourcedId": "s1"}],
        "lineItemLearningObjectiveIds": [
            {"sourcedId": "o1", "lineItemSourcedId": "i1", "source": "case", "learningObjectiveId": CASE}
        ],
        "resultLearningObjectiveIds": [
            {
                "sourcedId": "o2",
                "resultSourcedId": "r0",
                "source": "unknown",
                "learningObjectiveId": "bunsu",
                "score": "0.5",
                "textScore": "B",
            }
        ],
    }


class Taken:
    """What came of files."""

    def __init__(self, counts: beside.Counts, findings: Findings) -> None:
        self.counts, self.findings = counts, findings

    @property
    def places(self) -> list[tuple[str, str, int | None, str]]:
        return [(one.code, one.file, one.row, one.header) for one in self.findings.list()]


Take = Callable[..., Taken]


@pytest.fixture
def take(town: Town) -> Take:
    """A function that takes files over, all of them bulk or all delta."""

    def taken(files: Files, *, is_delta: bool = False, change: int = 1) -> Taken:
        known = roster.keys_of("org", [one.sourced_id for one in town.schools])
        findings = Findings()
        keys: list[Any] = list(known.values())
        taking = beside.Taking(change, "clerk", keys, findings)
        return Taken(beside.take_over(as_files(files, is_delta=is_delta), taking), findings)

    return taken


def as_files(files: Files, *, is_delta: bool = False) -> dict[str, beside.File]:
    """Rows with a cell for every column, numbered as a spreadsheet does."""
    made = {}
    for name, rows in files.items():
        blank = {column.name: "" for column in oneroster.COLUMNS[name]}
        if is_delta:
            blank["status"] = "active"
        made[name] = beside.File([(number, blank | row) for number, row in enumerate(rows, 2)], is_delta)
    return made


def told(name: str, **how: Any) -> list[dict[str, str]]:
    """The rows of a file as they are told."""
    columns = [column.name for column in oneroster.COLUMNS[name]]
    return [dict(zip(columns, row, strict=True)) for row in beside.rows_of(name, **how)]
