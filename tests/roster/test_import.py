"""What an import writes, and what a second one changes."""

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from terakoya.demo_town import api as demo_town
from terakoya.demo_town.api import Town
from terakoya.identity import api as identity
from terakoya.roster import api
from terakoya.roster.errors import PackageRefused
from terakoya.roster.models import AcademicSession, Enrolment, Guardianship, Person, Role, RosterImport

from .conftest import DAY
from .packages import Package


def total(report: api.ImportReport, name: str) -> int:
    return sum(counts[name] for counts in report.counts.values())


def test_town_comes_in_whole(imported: api.ImportReport, town: Town) -> None:
    assert imported.counts["people"] == {"new": len(town.people), "changed": 0, "unchanged": 0, "ended": 0}
    assert imported.counts["classes"]["new"] == len(town.classes)
    assert imported.counts["guardianships"]["new"] == sum(len(pupil.guardians) for pupil in town.pupils)
    assert imported.errors == []


def test_second_import_of_the_same_package_changes_nothing(imported: api.ImportReport, package_path: Path) -> None:
    again = api.import_package(package_path, by="clerk")
    assert (total(again, "new"), total(again, "changed"), total(again, "ended")) == (0, 0, 0)
    assert total(again, "unchanged") == total(imported, "new")


def test_person_key_is_the_master_identifier(imported: api.ImportReport, town: Town) -> None:
    pupil = town.pupils[0]
    person = api.person(pupil.uuid)
    assert person is not None
    assert (person.name, person.kana, person.grade) == (pupil.display_name, pupil.kana_name, pupil.grade)


def test_person_without_master_identifier_keeps_a_key_of_its_own(db: None, package: Package) -> None:
    package.set("users", 2, "userMasterIdentifier", "")
    sourced_id = package.value("users", 2, "sourcedId")
    api.import_package(package.file(), by="clerk")
    key = Person.objects.get(sourced_id=sourced_id).uuid
    api.import_package(package.file(), by="clerk")
    assert key.version == 4
    assert Person.objects.get(sourced_id=sourced_id).uuid == key


def test_person_keeps_its_key_when_the_system_renumbers(imported: api.ImportReport, package: Package) -> None:
    old, key = package.value("users", 2, "sourcedId"), package.value("users", 2, "userMasterIdentifier")
    for file, header in (("users", "sourcedId"), ("roles", "userSourcedId"), ("enrollments", "userSourcedId")):
        for row in package.rows_with(file, header, old):
            package.set(file, row, header, "renumbered")
    report = api.import_package(package.file(), by="clerk")
    assert report.counts["people"]["new"] == 0
    assert str(Person.objects.get(sourced_id="renumbered").uuid) == key


def test_another_key_for_a_known_person_is_refused(imported: api.ImportReport, package: Package) -> None:
    package.set("users", 2, "userMasterIdentifier", "f47ac10b-58cc-4372-a567-0e02b2c3d479")
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(package.file(), by="clerk")
    assert [(one.code, one.row) for one in refusal.value.report.errors] == [("person.key_changed", 2)]


def test_everybody_gets_an_account_without_password(imported: api.ImportReport, town: Town) -> None:
    account = identity.account_named(town.cast["guardian"].username)
    assert account is not None
    assert account.person == town.cast["guardian"].person
    assert not account.has_usable_password()


def test_username_of_somebody_outside_the_roster_is_refused(
    refused: Callable[[Package], list], package: Package
) -> None:
    identity.create_account("teacher", display_name="clerk of that name")
    assert [one.code for one in refused(package)] == ["username.taken"]
    assert Person.objects.count() == 0


def test_pupil_who_left_is_closed_not_deleted(imported: api.ImportReport, package: Package, town: Town) -> None:
    pupil = town.pupils[5]
    package.without_people(pupil.sourced_id)
    report = api.import_package(package.file(), by="clerk")
    assert report.counts["enrolments"]["ended"] == Enrolment.objects.filter(person_id=pupil.uuid).count() > 0
    assert api.homeroom_of(pupil.uuid) is None
    assert api.homeroom_of(pupil.uuid, date(2026, 11, 23)) is not None
    assert Person.objects.get(uuid=pupil.uuid).ended == DAY


def test_pupil_who_comes_back_begins_anew(
    imported: api.ImportReport,
    package: Package,
    package_path: Path,
    town: Town,
    in_november: time_machine.Traveller,
) -> None:
    pupil = town.pupils[5]
    package.without_people(pupil.sourced_id)
    api.import_package(package.file(), by="clerk")
    in_november.move_to("2026-12-10T03:00:00Z")
    api.import_package(package_path, by="clerk")
    assert api.homeroom_of(pupil.uuid, date(2026, 12, 9)) is None
    assert api.homeroom_of(pupil.uuid, date(2026, 12, 10)) is not None
    assert Person.objects.get(uuid=pupil.uuid).ended is None


def test_change_of_class_closes_one_enrolment_and_begins_another(
    imported: api.ImportReport, package: Package, town: Town
) -> None:
    pupil = next(one for one in town.pupils if one.grade == "P5")
    assert pupil.home_class is not None
    other = next(
        one for one in town.classes if one.school is pupil.school and one.grade == "P5" and one is not pupil.home_class
    )
    (row,) = package.rows_with("enrollments", "userSourcedId", pupil.sourced_id)
    package.set("enrollments", row, "classSourcedId", other.sourced_id)
    report = api.import_package(package.file(), by="clerk")
    assert report.counts["enrolments"]["changed"] == 1
    assert [str(api.homeroom_of(pupil.uuid, day)) for day in (date(2026, 11, 23), DAY)] == [
        pupil.home_class.title,
        other.title,
    ]
    assert total(api.import_package(package.file(), by="clerk"), "changed") == 0


def test_change_of_name_is_a_change_of_the_person(imported: api.ImportReport, package: Package) -> None:
    package.set("users", 2, "preferredFamilyName", "別名")
    report = api.import_package(package.file(), by="clerk")
    assert report.counts["people"]["changed"] == 1


def test_guardianship_that_is_gone_is_closed(imported: api.ImportReport, package: Package, town: Town) -> None:
    child = town.pupils[0]
    (row,) = package.rows_with("users", "sourcedId", child.sourced_id)
    package.set("users", row, "agentSourcedIds", child.guardians[0].sourced_id)
    api.import_package(package.file(), by="clerk")
    assert [one.uuid for one in api.guardians_of(child.uuid)] == [child.guardians[0].uuid]
    assert len(api.guardians_of(child.uuid, date(2026, 11, 23))) == 2
    assert Guardianship.objects.filter(child_id=child.uuid).count() == 2


def test_address_column_that_is_missing_changes_no_address(
    imported: api.ImportReport, package: Package, town: Town
) -> None:
    package.drop_column("users", "metadata.terakoya.address")
    package.drop_column("users", "metadata.terakoya.addressHiddenFrom")
    report = api.import_package(package.file(), by="clerk")
    person = api.person(town.pupils[0].uuid)
    assert total(report, "changed") == 0
    assert person is not None
    assert person.address == town.pupils[0].address
    hidden_from = town.cast["guardian_elsewhere"].person
    child = town.cast["protected_pupil"].person
    assert hidden_from is not None
    assert child is not None
    assert api.address_hidden_from(hidden_from, child)


def test_import_that_would_end_many_enrolments_asks_first(imported: api.ImportReport, package: Package) -> None:
    enrolments = package.files["enrollments"]
    del enrolments[len(enrolments) // 2 :]
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(package.file(), by="clerk")
    assert [one.code for one in refusal.value.findings] == ["removals.many"]
    assert not Enrolment.objects.exclude(closed_by=None).exists()
    confirmed = api.import_package(package.file(), by="clerk", confirm_removals=True)
    assert confirmed.counts["enrolments"]["ended"] == Enrolment.objects.exclude(closed_by=None).count() > 0


def test_package_of_one_school_leaves_the_others_alone(
    imported: api.ImportReport, package: Package, town: Town
) -> None:
    school = town.schools[0]
    for file, header in (
        ("roles", "orgSourcedId"),
        ("enrollments", "schoolSourcedId"),
        ("classes", "schoolSourcedId"),
        ("courses", "orgSourcedId"),
    ):
        at = package.column(file, header)
        rows = package.files[file]
        package.files[file] = [row for index, row in enumerate(rows) if index == 0 or row[at] == school.sourced_id]
    with_role = {row[package.column("roles", "userSourcedId")] for row in package.files["roles"]}
    births = package.files["demographics"]
    package.files["demographics"] = [row for index, row in enumerate(births) if index == 0 or row[0] in with_role]
    users = package.files["users"]
    package.files["users"] = [row for index, row in enumerate(users) if index == 0 or row[0] in with_role]
    report = api.import_package(package.file(), by="clerk")
    assert total(report, "ended") == 0


def test_dry_run_counts_and_writes_nothing(db: None, package_path: Path, town: Town) -> None:
    report = api.import_package(package_path, by="clerk", dry_run=True)
    assert report.counts["people"]["new"] == len(town.people)
    assert not Person.objects.exists()
    assert not RosterImport.objects.exists()
    assert identity.account_named(town.cast["teacher"].username) is None


def test_history_keeps_who_what_and_when(imported: api.ImportReport, package_path: Path) -> None:
    (entry,) = api.imports()
    assert (entry.by, entry.outcome, entry.file_name) == ("clerk", "imported", package_path.name)
    assert entry.digest == imported.digest
    assert entry.counts == imported.counts


def test_refusal_is_in_the_history(refused: Callable[[Package], list], package: Package) -> None:
    package.set("users", 3, "enabledUser", "yes")
    refused(package)
    (entry,) = api.imports()
    assert entry.outcome == "refused"
    assert entry.findings[0]["code"] == "cell.boolean"


def test_periods_that_say_nothing_follow_the_school_year(imported: api.ImportReport) -> None:
    session = AcademicSession.objects.get()
    assert (session.begins, session.ends) == (date(2026, 4, 1), date(2027, 4, 1))
    assert set(Enrolment.objects.values_list("begins", "ends")) == {(session.begins, session.ends)}
    assert set(Role.objects.values_list("begins", "ends")) == {(session.begins, None)}


def test_stated_dates_are_kept(db: None, package: Package) -> None:
    package.set("enrollments", 2, "beginDate", "2026-09-01")
    package.set("enrollments", 2, "endDate", "2026-12-25")
    api.import_package(package.file(), by="clerk")
    enrolment = Enrolment.objects.get(sourced_id=package.value("enrollments", 2, "sourcedId"))
    assert (enrolment.begins, enrolment.ends) == (date(2026, 9, 1), date(2026, 12, 26))


def test_next_year_begins_beside_the_one_that_is_over(
    imported: api.ImportReport, tmp_path: Path, in_november: time_machine.Traveller, town: Town
) -> None:
    in_november.move_to("2027-04-05T03:00:00Z")
    next_year = demo_town.make_town(7, date(2027, 4, 5), pupils=60)
    package = Package(demo_town.write_city_package(next_year, tmp_path))
    for file, header in (("classes", "sourcedId"), ("enrollments", "classSourcedId"), ("enrollments", "sourcedId")):
        at = package.column(file, header)
        for row in package.files[file][1:]:
            row[at] += "-2027"
    at = package.column("users", "metadata.jp.homeClass")
    for row in package.files["users"][1:]:
        row[at] += "-2027" if row[at] else ""
    report = api.import_package(package.file(), by="clerk")
    assert report.counts["enrolments"]["ended"] == 0
    pupil = town.pupils[0].uuid
    this_year, last_year = api.homeroom_of(pupil), api.homeroom_of(pupil, date(2027, 3, 31))
    assert this_year is not None
    assert last_year is not None
    assert this_year.uuid != last_year.uuid


def test_cram_school_imports_its_own_roster(db: None, town: Town, tmp_path: Path) -> None:
    report = api.import_package(demo_town.write_juku_package(town, tmp_path), by="clerk")
    teacher, child = town.cast["juku_teacher"].person, town.cast["juku_pupil"].person
    assert report.counts["people"]["new"] == 32
    assert teacher is not None
    assert child is not None
    assert api.teaching_relation(teacher, child) == "subject_teacher"


def test_a_second_import_takes_few_queries(
    imported: api.ImportReport, package_path: Path, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(50):
        api.import_package(package_path, by="clerk")


@pytest.mark.django_db
def test_the_whole_town_comes_in_within_five_seconds(tmp_path: Path) -> None:
    path = demo_town.write_city_package(demo_town.make_town(1, DAY), tmp_path)
    began = time.process_time()
    api.import_package(path, by="clerk")
    assert time.process_time() - began < 5
