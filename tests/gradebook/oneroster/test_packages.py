"""Marks come with a package of the roster, and leave with one: all of it or nothing."""

import io
import zipfile
from pathlib import Path

import pytest
from django.utils import translation

from terakoya.gradebook.models import LineItem, Result
from terakoya.roster import api as roster
from terakoya.roster.errors import Finding, PackageRefused
from terakoya.standards import oneroster
from tests.roster.packages import Package

from .conftest import Files


@pytest.fixture
def package(package_path: Path, files: Files) -> Package:
    """The package of the town with marks in it."""
    made = Package(package_path)
    for name, rows in files.items():
        columns = [column.name for column in oneroster.COLUMNS[name]]
        made.files[name] = [columns, *([row.get(column, "") for column in columns] for row in rows)]
        made.set_manifest(f"file.{name}", "bulk")
    return made


def taken(package: Package, *, dry_run: bool = False) -> roster.ImportReport:
    return roster.import_package(package.file(), by="clerk", file_name="marks.zip", dry_run=dry_run)


def refused(package: Package) -> list[Finding]:
    with pytest.raises(PackageRefused) as refusal:
        taken(package)
    assert not Result.objects.exists() and not LineItem.objects.exists()
    return refusal.value.report.errors


def test_marks_are_taken_over_with_the_roster(package: Package, files: Files) -> None:
    report = taken(package)
    assert report.counts["results"]["new"] == len(files["results"])
    assert Result.objects.count() == len(files["results"])
    with translation.override("en"):
        assert any(line.startswith("Results: new") for line in report.count_lines())


def test_a_dry_run_writes_no_marks(package: Package) -> None:
    taken(package, dry_run=True)
    assert not Result.objects.exists()


def test_a_dry_run_tells_what_would_become_of_the_marks(package: Package, files: Files) -> None:
    """Also where the pupils whose marks they are come with the same package."""
    roster.undo(roster.Change.objects.latest("number"), by="clerk")
    report = taken(package, dry_run=True)
    assert report.counts["results"]["new"] == len(files["results"])
    assert not roster.organisations() and not Result.objects.exists()
    package.set("results", 3, "score", "101")
    with pytest.raises(PackageRefused) as refusal:
        taken(package, dry_run=True)
    assert [one.code for one in refusal.value.report.errors] == ["marks.score.bounds"]


def test_a_fault_in_the_marks_refuses_the_whole_package(package: Package) -> None:
    package.set("results", 3, "score", "101")
    package.set("orgs", 2, "name", "renamed")
    (finding,) = refused(package)
    assert (finding.code, finding.file, finding.row, finding.column) == ("marks.score.bounds", "results.csv", 3, "G")
    assert "renamed" not in {one.name for one in roster.organisations()}


@pytest.mark.parametrize(
    ("file", "column", "value", "code"),
    [
        ("results", "score", "eighty", "cell.number"),
        ("results", "scoreStatus", "earned", "cell.enum"),
        ("results", "scoreDate", "24.11.2026", "cell.date"),
        ("results", "late", "yes", "cell.boolean"),
        ("results", "studentSourcedId", "none", "reference.missing"),
        ("results", "lineItemSourcedId", "none", "reference.missing"),
        ("lineItems", "title", "", "cell.required"),
        ("lineItems", "status", "active", "cell.empty"),
    ],
)
def test_a_cell_of_the_marks_is_held_to_its_column(
    package: Package, file: str, column: str, value: str, code: str
) -> None:
    package.set(file, 2, column, value)
    findings = refused(package)
    assert (code, f"{file}.csv", 2) in [(one.code, one.file, one.row) for one in findings]


def test_the_same_id_twice_is_found(package: Package) -> None:
    package.set("results", 3, "sourcedId", package.value("results", 2, "sourcedId"))
    assert [(one.code, one.file, one.row) for one in refused(package)] == [("id.twice", "results.csv", 3)]


def test_a_file_that_is_declared_absent_is_refused(package: Package) -> None:
    package.set_manifest("file.results", "absent")
    assert [one.code for one in refused(package)] == ["manifest.absent"]


def test_taking_a_package_back_takes_its_marks_back(package: Package) -> None:
    taken(package)
    roster.undo(roster.Change.objects.latest("number"), by="clerk")
    assert set(Result.objects.values_list("is_gone", flat=True)) == {True}


def test_marks_are_told_in_a_package_that_changes_nothing_when_it_comes_back(package: Package) -> None:
    taken(package)
    written = io.BytesIO()
    roster.export_package(written, profile="base-1.2.1", by="clerk", parts=("gradebook",))
    names = {f"{name}.csv" for name in oneroster.GRADEBOOK}
    assert names <= set(zipfile.ZipFile(written).namelist())
    before = list(Result.objects.order_by("pk").values())
    written.seek(0)
    report = roster.import_package(written, by="clerk", file_name="back.zip")
    assert report.counts["results"]["unchanged"] == len(before)
    assert list(Result.objects.order_by("pk").values()) == before
