"""The marks of the town: from its seed, and right in every cell."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from terakoya.demo_town import api as demo_town
from terakoya.demo_town.marks import marks_of
from terakoya.gradebook.models import LineItem, Result
from terakoya.materials.models import ClassResource, Resource
from terakoya.roster import api as roster

DAY = date(2026, 11, 24)


def package(path: Path) -> Path:
    return demo_town.write_city_package(demo_town.make_town(7, DAY, pupils=60), path, marks=True)


def test_the_same_seed_gives_the_same_marks(tmp_path: Path) -> None:
    assert package(tmp_path / "one.zip").read_bytes() == package(tmp_path / "two.zip").read_bytes()


@pytest.mark.django_db
def test_the_marks_of_the_town_are_taken_over_without_a_finding(tmp_path: Path) -> None:
    with time_machine.travel("2026-11-24T03:00:00Z"):
        report = roster.import_package(package(tmp_path / "town.zip"), by="clerk")
    assert report.findings == []
    assert LineItem.objects.count() == 3 * roster.rows_of("SchoolClass").count()
    assert Result.objects.values("student").distinct().count() == roster.rows_of("Role").filter(name="student").count()
    assert ClassResource.objects.count() == roster.rows_of("SchoolClass").count() > Resource.objects.count() > 0


def test_nothing_is_marked_before_it_is_due() -> None:
    town = demo_town.make_town(7, date(2026, 6, 1), pupils=60)
    files = marks_of(town, "year-2026")
    due = {row["sourcedId"]: row["dueDate"] for row in files["lineItems"]}
    assert {due[row["lineItemSourcedId"]] for row in files["results"]} == {date(2026, 5, 20)}
