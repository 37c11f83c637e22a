"""Changes: what one kept, what taking it back restores, and what forbids it."""

import pytest

from terakoya.roster import api
from terakoya.roster.errors import CannotUndo
from terakoya.roster.models import Before, Enrolment, Person

from .packages import Package

pytestmark = pytest.mark.django_db


def change_of(report: api.ImportReport) -> api.Change:
    change = api.RosterImport.objects.get(uuid=report.entry).change
    assert change is not None
    return change


def renamed(package: Package, name: str) -> Package:
    package.set("users", 2, "preferredFamilyName", name)
    return package


def test_an_import_is_a_change_that_made_its_rows(imported: api.ImportReport) -> None:
    change = change_of(imported)
    assert (change.kind, change.by) == ("import", "clerk")
    assert not Person.objects.exclude(made_by=change).exists()


def test_the_same_package_again_touches_nothing(imported: api.ImportReport, package: Package) -> None:
    before = api.state()
    again = api.import_package(package.file(), by="clerk")
    assert api.state() == before
    assert not Before.objects.filter(change=change_of(again)).exists()
    assert not Enrolment.objects.filter(change=change_of(again)).exists()


def test_undo_restores_names_classes_and_periods(imported: api.ImportReport, package: Package) -> None:
    before = api.state()
    gone = package.value("enrollments", 2, "userSourcedId")
    package.without_people(gone)
    report = api.import_package(renamed(package, "別姓").file(), by="clerk")
    assert api.state() != before
    undone = api.undo(change_of(report), by="clerk")
    assert api.state() == before
    assert undone.undoes == change_of(report)


def test_undo_of_the_first_import_leaves_nothing(imported: api.ImportReport) -> None:
    api.undo(change_of(imported), by="clerk")
    assert not Person.objects.exists()
    assert api.organisations() == []


def test_what_was_taken_back_can_be_brought_again(imported: api.ImportReport, package: Package) -> None:
    before = api.state()
    api.undo(change_of(imported), by="clerk")
    api.import_package(package.file(), by="clerk")
    assert api.state() == before


def test_a_change_is_taken_back_once(imported: api.ImportReport) -> None:
    api.undo(change_of(imported), by="clerk")
    with pytest.raises(CannotUndo) as refusal:
        api.undo(change_of(imported), by="clerk")
    assert refusal.value.reason == "done"


def test_what_a_later_change_rests_on_stays(imported: api.ImportReport, package: Package) -> None:
    later = api.import_package(renamed(package, "別姓").file(), by="clerk")
    before = api.state()
    with pytest.raises(CannotUndo) as refusal:
        api.undo(change_of(imported), by="clerk")
    assert (refusal.value.reason, refusal.value.by) == ("later", change_of(later))
    assert api.state() == before


def test_an_earlier_change_can_be_taken_back_when_a_later_one_touched_other_rows(
    imported: api.ImportReport, package: Package
) -> None:
    first = api.import_package(renamed(package, "別姓").file(), by="clerk")
    package.set("users", 3, "preferredFamilyName", "他姓")
    api.import_package(package.file(), by="clerk")
    api.undo(change_of(first), by="clerk")
    names = set(Person.objects.values_list("display_family", flat=True))
    assert "他姓" in names
    assert "別姓" not in names
