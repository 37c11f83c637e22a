"""What the loader remembers of the tables: a help that is never believed when it might be old."""

from pathlib import Path

import pytest
from pytest_django import Settings

from terakoya.roster import api
from terakoya.roster.loading.folders import state_folder, work_folder
from terakoya.roster.loading.kinds import ENROLMENTS, GUARDIANSHIPS, PEOPLE, ROLES, Kind
from terakoya.roster.loading.state import State
from terakoya.roster.models import Change, Person

from .packages import Package

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of its own: what an import leaves there that was killed is another test's."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def following() -> Change:
    """A change that has not begun to write."""
    return Change(number=Change.objects.latest("number").pk + 1)


def seen(kind: Kind, work: Path) -> set[tuple[object, ...]]:
    return set(State(kind, tuple(kind.facts), following(), work).frame.iter_rows())


@pytest.mark.parametrize("kind", [PEOPLE, ROLES, ENROLMENTS, GUARDIANSHIPS], ids=lambda kind: kind.name)
def test_the_file_and_the_tables_say_the_same(imported: api.ImportReport, kind: Kind) -> None:
    with work_folder() as work:
        by_file = seen(kind, work)
        for file in state_folder().iterdir():
            file.unlink()
        by_tables = seen(kind, work)
    assert by_file == by_tables
    assert by_file


def test_the_file_follows_each_import(imported: api.ImportReport, package: Package) -> None:
    package.set("users", 2, "preferredFamilyName", "別名")
    package.without_people(package.value("users", 9, "sourcedId"))
    api.import_package(package.file(), by="clerk")
    with work_folder() as work:
        by_file = [seen(kind, work) for kind in (PEOPLE, ROLES, ENROLMENTS)]
        for file in state_folder().iterdir():
            file.unlink()
        assert by_file == [seen(kind, work) for kind in (PEOPLE, ROLES, ENROLMENTS)]


def test_a_file_from_before_another_change_is_not_believed(imported: api.ImportReport, package: Package) -> None:
    package.set("users", 2, "preferredFamilyName", "別名")
    report = api.import_package(package.file(), by="clerk")
    change = api.RosterImport.objects.get(pk=str(report.entry)).change
    assert change is not None
    api.undo(change, by="clerk")
    again = api.import_package(package.file(), by="clerk")
    assert again.counts["people"]["changed"] == 1
    assert Person.objects.filter(display_family="別名").count() == 1


def test_one_file_a_kind_is_kept_and_nobody_else_reads_it(
    imported: api.ImportReport, package_path: Path, folder: Path
) -> None:
    api.import_package(package_path, by="clerk")
    files = [file.name.split("-")[0] for file in state_folder().iterdir()]
    assert sorted(files) == sorted({*files})
    assert state_folder().stat().st_mode & 0o077 == 0
    assert list((folder / "roster-work").iterdir()) == []
