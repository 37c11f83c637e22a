"""What is read although it is not quite as the standard has it, and what is told about it."""

import pytest

from terakoya.roster import api
from terakoya.roster.models import Enrolment, SchoolClass

from .packages import Package, as_csv

pytestmark = pytest.mark.django_db


def notes(package: Package) -> list[str]:
    """The codes of the notes of a package that must be taken over."""
    return [one.code for one in api.import_package(package.file(), by="clerk").notes]


def test_a_good_package_has_nothing_to_note(package: Package) -> None:
    assert notes(package) == []


def test_older_spelling_of_the_attendance_number_is_read(package: Package) -> None:
    header = package.files["enrollments"][0]
    header[header.index("metadata.jp.shussekiNo")] = "metadata.jp.ShussekiNo"
    header[header.index("metadata.jp.publicFlg")] = "metadata.jp.PublicFlg"
    package.set_manifest("oneroster.version", "1.2.1")
    assert notes(package) == []
    assert Enrolment.objects.filter(role="student", number=1).exists()


@pytest.mark.parametrize("version", ["1.2", "1.2.1", "1.2_JP"])
def test_every_version_of_one_two_is_read(package: Package, version: str) -> None:
    package.set_manifest("oneroster.version", version)
    assert notes(package) == []


def test_column_that_later_versions_dropped_is_read(package: Package) -> None:
    package.set_manifest("oneroster.version", "1.2")
    package.add_column("users", "resourceSourcedIds")
    assert notes(package) == []


def test_unknown_extension_columns_are_noted(package: Package) -> None:
    package.add_column("users", "metadata.acme.locker", "17")
    assert notes(package) == ["header.extension"]


def test_other_order_of_columns_is_noted(package: Package) -> None:
    for row in package.files["orgs"]:
        row[3], row[4] = row[4], row[3]
    assert notes(package) == ["header.order"]


def test_byte_order_mark_is_noted(package: Package) -> None:
    package.raw["orgs.csv"] = as_csv(package.files["orgs"]).encode("utf-8-sig")
    assert notes(package) == ["file.bom"]


def test_other_case_of_a_file_name_is_noted(package: Package) -> None:
    package.raw["Enrollments.CSV"] = as_csv(package.files.pop("enrollments")).encode()
    assert notes(package) == ["file.other_case"]


def test_files_that_are_no_roster_are_passed_over(package: Package) -> None:
    package.raw["readme.txt"] = b"whatever"
    assert notes(package) == ["zip.unknown"]


def test_course_code_is_passed_over_in_the_japan_profile(package: Package) -> None:
    package.set("courses", 2, "courseCode", "K-1")
    assert notes(package) == ["cell.ignored"]


def test_wrong_check_digit_of_a_school_is_noted(package: Package) -> None:
    package.set("orgs", 3, "identifier", "B113210000001")
    package.set("orgs", 2, "identifier", "999999")
    assert sorted(notes(package)) == ["board.code", "school.code"]


def test_pupil_with_primary_enrolment_is_noted_and_not_primary(package: Package) -> None:
    row = package.rows_with("enrollments", "role", "student")[0]
    package.set("enrollments", row, "primary", "true")
    assert notes(package) == ["student.primary"]
    assert not Enrolment.objects.filter(role="student", is_primary=True).exists()


def test_agent_who_is_no_guardian_gets_no_guardianship(package: Package) -> None:
    teacher = package.value("users", 2, "sourcedId")
    row = next(row for row in package.rows_with("users", "grades", "P5"))
    package.set("users", row, "agentSourcedIds", teacher)
    assert notes(package) == ["agent.no_guardian"]
    child = package.value("users", row, "sourcedId")
    assert api.guardians_of(api.Person.objects.get(sourced_id=child).uuid) == []


@pytest.mark.parametrize(
    ("header", "value", "code"),
    [
        ("preferredFamilyName", "髙橋", "name.characters"),
        ("metadata.jp.kanaFamilyName", "ﾔﾏﾀﾞ", "name.half_width"),
        ("metadata.jp.kanaFamilyName", "やまだ", "name.half_width"),
    ],
)
def test_strange_characters_in_names_are_noted(package: Package, header: str, value: str, code: str) -> None:
    package.set("users", 2, header, value)
    assert notes(package) == [code]


def test_official_name_keeps_every_character(package: Package) -> None:
    package.set("users", 2, "familyName", "𠮷葛\U000e0100")
    assert notes(package) == []
    assert api.Person.objects.get(sourced_id=package.value("users", 2, "sourcedId")).official_family == "𠮷葛\U000e0100"


def test_vendor_values_extend_the_base_vocabularies(package: Package) -> None:
    for header in [one for one in package.files["users"][0] if one.startswith("metadata.jp")]:
        package.drop_column("users", header)
    for header in [one for one in package.files["enrollments"][0] if one.startswith("metadata.jp")]:
        package.drop_column("enrollments", header)
    package.drop_column("classes", "metadata.jp.specialNeeds")
    package.set_manifest("oneroster.version", "1.2.1")
    package.set("classes", 2, "classType", "ext:club")
    package.set("users", 2, "userMasterIdentifier", "not-a-uuid")
    assert notes(package) == ["cell.uuid"]
    assert SchoolClass.objects.filter(kind="ext:club").count() == 1
