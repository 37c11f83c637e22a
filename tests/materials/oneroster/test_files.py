"""Files of materials come and go with packages."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from terakoya.demo_town.api import Town
from terakoya.materials import former, resources
from terakoya.materials.models import ClassResource, FormerResources, Resource, UserResource
from terakoya.materials.resources import KINDS, rows_of
from terakoya.roster import api as roster
from terakoya.roster.api import beside
from terakoya.roster.findings import Findings
from terakoya.standards import oneroster
from tests.gradebook.conftest import Book, imported, in_november, package_path, town
from tests.gradebook.oneroster.conftest import Files, as_files, told

__all__ = ["imported", "in_november", "package_path", "town"]


@pytest.fixture
def files(imported: None, town: Town) -> Files:
    """Right files about one class."""
    book = Book(town)
    of = {"resourceSourcedId": "m1"}
    return {
        "resources": [
            {"sourcedId": "m1", "vendorResourceId": "v-1", "title": "算数 5 上", "roles": "student,teacher"},
            {"sourcedId": "m2", "vendorResourceId": "v-2", "importance": "secondary"},
        ],
        "classResources": [{"sourcedId": "a1", "classSourcedId": book.klass.sourced_id, **of}],
        "courseResources": [{"sourcedId": "b1", "courseSourcedId": book.klass.course, **of}],
        "userResources": [
            {"sourcedId": f"u{number}", "userSourcedId": pupil.sourced_id, **of}
            for number, pupil in enumerate(book.pupils)
        ],
    }


def take(files: Files, town: Town, *, is_delta: bool = False, change: int = 1) -> tuple[beside.Counts, list[Any]]:
    findings = Findings()
    keys: list[Any] = list(roster.keys_of("org", [one.sourced_id for one in town.schools]).values())
    counts = beside.take_over(as_files(files, is_delta=is_delta), beside.Taking(change, "clerk", keys, findings))
    return counts, findings.list()


def test_every_row_is_taken_over(files: Files, town: Town) -> None:
    counts, findings = take(files, town)
    assert not findings
    assert {name: one["new"] for name, one in counts.items()} == {name: len(rows) for name, rows in files.items()}


def test_the_same_files_again_change_nothing(files: Files, town: Town) -> None:
    take(files, town)
    before = list(Resource.objects.values())
    counts, _ = take(files, town)
    assert all(one["new"] + one["changed"] + one["ended"] == 0 for one in counts.values())
    assert list(Resource.objects.values()) == before


def test_what_was_taken_over_is_told_again_cell_by_cell(files: Files, town: Town) -> None:
    take(files, town)
    for name in oneroster.RESOURCES:
        assert told(name) == [dict(row) for _, row in as_files(files)[name].rows]


def test_a_bulk_file_takes_away_what_it_no_longer_names(files: Files, town: Town) -> None:
    take(files, town)
    take({"userResources": files["userResources"][1:], "classResources": []}, town)
    assert UserResource.objects.filter(is_gone=True).count() == 1
    assert ClassResource.objects.get().is_gone


def test_a_material_that_is_used_stays(files: Files, town: Town) -> None:
    take(files, town)
    take({"resources": []}, town)
    assert dict(Resource.objects.values_list("sourced_id", "is_gone")) == {"m1": False, "m2": True}


def test_a_delta_takes_away_what_it_says(files: Files, town: Town) -> None:
    take(files, town)
    take({"userResources": [{"sourcedId": "u0", "status": "tobedeleted"}]}, town, is_delta=True)
    assert UserResource.objects.filter(is_gone=True).count() == 1
    (gone,) = (
        row for row in told("userResources", since=datetime(2026, 1, 1, tzinfo=UTC)) if row["status"] == "tobedeleted"
    )
    assert gone["sourcedId"] == "u0"


def living() -> list[tuple[Any, ...]]:
    """What the materials and their uses say, but for when they were written."""
    return [
        tuple(value for name, value in row.items() if name != "modified_at")
        for kind in KINDS
        for row in rows_of(kind).filter(is_gone=False).order_by("pk").values()
    ]


def test_a_package_is_taken_back_with_its_change(files: Files, town: Town) -> None:
    take(files, town, change=1)
    before = living()
    changed = [{**files["resources"][0], "title": "算数 5 下"}, {"sourcedId": "m3", "vendorResourceId": "v-3"}]
    take({"resources": changed, "userResources": files["userResources"][1:]}, town, change=2)
    assert living() != before
    resources.undo(2)
    assert living() == before
    resources.undo(1)
    assert living() == []


def test_what_was_written_since_stays_when_a_package_is_taken_back(files: Files, town: Town) -> None:
    take(files, town, change=1)
    take({"resources": [{**files["resources"][0], "title": "算数 5 下"}]}, town, is_delta=True, change=2)
    resources.undo(1)
    assert Resource.objects.get(sourced_id="m1").title == "算数 5 下"
    assert not Resource.objects.get(sourced_id="m1").is_gone


def test_what_packages_found_is_forgotten_after_two_years(files: Files, town: Town) -> None:
    take(files, town)
    former.forget_old()
    assert FormerResources.objects.exists()
    with time_machine.travel("2028-11-25T03:00:00Z", tick=False):
        former.forget_old()
    assert not FormerResources.objects.exists()


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("classResources", "classSourcedId"),
        ("classResources", "resourceSourcedId"),
        ("courseResources", "courseSourcedId"),
        ("userResources", "userSourcedId"),
        ("userResources", "orgSourcedId"),
    ],
)
def test_a_dangling_reference_is_found_where_it_stands(files: Files, town: Town, name: str, column: str) -> None:
    files[name][0][column] = "none"
    _, (finding,) = take(files, town)
    assert (finding.code, finding.file, finding.row, finding.header) == (
        "materials.reference",
        f"{name}.csv",
        2,
        column,
    )
    assert finding.problem and finding.mend
