from collections.abc import Callable
from datetime import date, timedelta

import pytest

from terakoya.demo_town.api import Town
from terakoya.roster import api
from terakoya.roster.errors import Finding
from terakoya.roster.models import Guardianship, Person
from terakoya.standards import ages

from .conftest import DAY
from .packages import Package

pytestmark = pytest.mark.django_db


def test_birth_date_and_sex_of_every_pupil_are_taken_over(imported: api.ImportReport, town: Town) -> None:
    for pupil in town.pupils:
        known = api.person(pupil.uuid)
        assert known is not None
        assert (known.birth_date, known.sex) == (pupil.birth_date, pupil.sex)


def test_a_package_without_the_file_leaves_birth_dates_as_they_were(
    imported: api.ImportReport, package: Package
) -> None:
    before = dict(Person.objects.values_list("uuid", "birth_date"))
    del package.files["demographics"]
    package.set_manifest("file.demographics", "absent")
    assert api.import_package(package.file(), by="clerk").counts["people"]["changed"] == 0
    assert dict(Person.objects.values_list("uuid", "birth_date")) == before


def test_a_bulk_file_without_a_pupil_forgets_the_birth_date(
    imported: api.ImportReport, package: Package, town: Town
) -> None:
    gone = package.files["demographics"].pop()
    api.import_package(package.file(), by="clerk")
    assert Person.objects.get(sourced_id=gone[0]).birth_date is None


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("birthDate", "14.5.2016", "cell.date"),
        ("birthDate", "2016-02-30", "cell.date"),
        ("birthDate", "2026-11-25", "birth.future"),
        ("sex", "f", "cell.enum"),
        ("sourcedId", "nobody", "reference.missing"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_place(
    refused: Callable[[Package], list[Finding]], package: Package, header: str, value: str, code: str
) -> None:
    package.set("demographics", 3, header, value)
    assert [(one.code, one.file, one.row) for one in refused(package)] == [(code, "demographics.csv", 3)]


def test_a_second_row_about_one_pupil_is_refused(refused: Callable[[Package], list[Finding]], package: Package) -> None:
    package.files["demographics"].append(list(package.files["demographics"][1]))
    assert [one.code for one in refused(package)] == ["id.twice"]


def test_a_promised_file_that_is_missing_is_refused(
    refused: Callable[[Package], list[Finding]], package: Package
) -> None:
    del package.files["demographics"]
    assert [one.code for one in refused(package)] == ["manifest.promised"]


def test_a_pupil_outside_the_years_of_the_grade_is_only_told_of(package: Package) -> None:
    package.set("demographics", 2, "birthDate", "2001-01-01")
    report = api.import_package(package.file(), by="clerk")
    assert ("birth.grade", 2) in [(one.code, one.row) for one in report.findings]
    assert not report.errors


def test_a_guardianship_ends_on_the_eighteenth_birthday_whatever_the_roster_says(
    imported: api.ImportReport, town: Town
) -> None:
    pupil = town.pupils[0]
    guardian, birthday = pupil.guardians[0].uuid, DAY + timedelta(days=1)
    Person.objects.filter(uuid=pupil.uuid).update(birth_date=ages.birthday(birthday, -ages.MAJORITY))
    assert api.is_guardian(guardian, pupil.uuid, DAY)
    assert not api.is_guardian(guardian, pupil.uuid, birthday)
    assert pupil.uuid not in [one.uuid for one in api.children_of(guardian, birthday)]
    assert api.guardians_of(pupil.uuid, birthday) == []
    assert Guardianship.objects.on(birthday).filter(child_id=pupil.uuid).exists()


@pytest.mark.parametrize("birth", [date(2008, 2, 29), date(2008, 3, 1), date(2026, 3, 1), date(2026, 2, 28)])
def test_the_database_and_the_arithmetic_agree_on_majority(birth: date) -> None:
    for shift in (-2, -1, 0, 1, 2):
        day = ages.majority(birth) + timedelta(days=shift)
        assert (birth <= ages.of_age_born_by(day)) == (ages.majority(birth) <= day)
