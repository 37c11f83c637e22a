"""A small town whose fifth-grade classes are marked."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from terakoya.demo_town import api as demo_town
from terakoya.demo_town.api import Town
from terakoya.gradebook import api
from terakoya.gradebook.api import Line
from terakoya.roster import api as roster
from tests.kept import kept

DAY = date(2026, 11, 24)
WHEN = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)
Facts = dict[str, Any]


@pytest.fixture(autouse=True)
def in_november() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24T03:00:00Z", tick=False) as traveller:
        yield traveller


@pytest.fixture(scope="session")
def town() -> Town:
    return demo_town.make_town(7, DAY, pupils=60)


@pytest.fixture(scope="session")
def package_path(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_town.write_city_package(town, tmp_path_factory.mktemp("town"))


@pytest.fixture
def imported(db: None, package_path: Path) -> None:
    """The town, taken over."""
    kept("the town", lambda: roster.import_package(package_path, by="clerk"))


class Book:
    """A class of the town, and lines about it that are right; what a test gives replaces a part of them."""

    def __init__(self, town: Town) -> None:
        self.klass = next(one for one in town.classes if one.is_homeroom and one.grade == "P5")
        self.pupils = [one for one in town.pupils if one.home_class is self.klass]
        self.pupil = self.pupils[0]
        self.stranger = next(one for one in town.pupils if one.home_class is not self.klass)
        self.other_class = next(one for one in town.classes if one.is_homeroom and one.school is not self.klass.school)

    def category(self, **facts: Any) -> Line:
        return Line("cat-1", {"title": "テスト", "weight": 60.0} | facts)

    def scale(self, **facts: Any) -> Line:
        steps = [{"left": "0", "right": "C"}, {"left": "40 - 79", "right": "B"}, {"left": "80 - 100", "right": "A"}]
        return Line(
            "scale-1",
            {"title": "三段階", "kind": "kanten", "values": steps} | facts,
            {"school_class": self.klass.sourced_id},
        )

    def item(self, key: str = "item-1", references: dict[str, str] | None = None, **facts: Any) -> Line:
        default: Facts = {"title": "分数の計算", "assigned_at": WHEN, "due_at": WHEN, "minimum": 0.0, "maximum": 100.0}
        of = {
            "school_class": self.klass.sourced_id,
            "school": self.klass.school.sourced_id,
            "category": "cat-1",
        }
        return Line(key, default | facts, of | (references or {}))

    def result(self, key: str = "result-1", references: dict[str, str] | None = None, **facts: Any) -> Line:
        default: Facts = {"score_status": "fully graded", "score": 85.0, "score_date": DAY}
        return Line(key, default | facts, {"item": "item-1", "student": self.pupil.sourced_id} | (references or {}))

    def put(self, kind: str, line: Line) -> api.Written:
        return api.put(kind, line, source="marks")


@pytest.fixture
def book(imported: None, town: Town) -> Book:
    """A class whose gradebook has a category and a line item."""
    made = Book(town)
    made.put("category", made.category())
    made.put("lineItem", made.item())
    return made


@pytest.fixture
def refused(book: Book) -> Callable[[str, Line], list[str]]:
    """A function that puts a line that must be refused; the rules that it broke."""

    def try_it(kind: str, line: Line) -> list[str]:
        from terakoya.gradebook.errors import Refused

        with pytest.raises(Refused) as refusal:
            book.put(kind, line)
        return [fault.code for fault in refusal.value.faults]

    return try_it
