"""Each family of errors: the right file, row and column, and nothing written."""

from collections.abc import Callable

import pytest

from terakoya.demo_town.api import Town
from terakoya.roster import api
from terakoya.roster.errors import Finding, PackageRefused
from terakoya.roster.models import Person

from .packages import Package, as_csv

Refused = Callable[[Package], list[Finding]]


def places(findings: list[Finding]) -> list[tuple[str, str, int | None, str]]:
    return [(one.code, one.file, one.row, one.column) for one in findings]


@pytest.mark.parametrize(
    ("file", "header", "value", "code", "column"),
    [
        ("users", "enabledUser", "TRUE", "cell.boolean", "D"),
        ("users", "familyName", "", "cell.required", "H"),
        ("users", "familyName", "山" * 81, "cell.long", "H"),
        ("users", "givenName", "a\0b", "cell.control", "G"),
        ("users", "userMasterIdentifier", "123e4567-e89b-12d3-a456-426614174000", "cell.uuid", "Q"),
        ("users", "grades", "第5学年", "cell.enum", "O"),
        ("users", "status", "active", "cell.empty", "B"),
        ("users", "dateLastModified", "2026-04-01T00:00:00.000Z", "cell.empty", "C"),
        ("users", "sourcedId", "山田", "cell.id", "A"),
        ("users", "primaryOrgSourcedId", "no-such-school", "reference.missing", "U"),
        ("users", "userIds", "{a:1},,{b:2}", "cell.list", "F"),
        ("academicSessions", "startDate", "2026/4/1", "cell.date", "F"),
        ("academicSessions", "startDate", "2026-02-30", "cell.date", "F"),
        ("academicSessions", "startDate", "2027-05-01", "dates.order", "G"),
        ("academicSessions", "schoolYear", "R8", "cell.year", "I"),
        ("academicSessions", "type", "semester", "cell.enum", "E"),
        ("orgs", "type", "state", "cell.enum", "E"),
        ("classes", "classType", "Homeroom", "cell.enum", "H"),
        ("classes", "courseSourcedId", "no-such-course", "reference.missing", "F"),
        ("classes", "termSourcedIds", "", "cell.required", "K"),
        ("roles", "role", "parent", "cell.enum", "F"),
        ("roles", "beginDate", "令和8年4月1日", "cell.date", "G"),
        ("enrollments", "role", "pupil", "cell.enum", "G"),
        ("enrollments", "userSourcedId", "nobody", "reference.missing", "F"),
        ("enrollments", "metadata.jp.shussekiNo", "第3", "cell.integer", "K"),
    ],
)
def test_wrong_cell_is_named_by_row_and_column(
    refused: Refused, package: Package, file: str, header: str, value: str, code: str, column: str
) -> None:
    package.set(file, 2, header, value)
    assert (code, f"{file}.csv", 2, column) in places(refused(package))


def test_found_expected_and_example_are_told(refused: Refused, package: Package) -> None:
    package.set("users", 4, "enabledUser", "はい")
    (finding,) = refused(package)
    assert (finding.found, finding.example) == ("はい", "true")
    assert finding.expected
    assert finding.mend
    assert "users.csv" in str(finding)


def test_row_is_counted_as_a_spreadsheet_counts_it(refused: Refused, package: Package) -> None:
    package.set("users", 3, "preferredGivenName", "二行\r\nの名")
    package.set("users", 9, "enabledUser", "maybe")
    assert ("cell.boolean", "users.csv", 9, "D") in places(refused(package))


def test_empty_rows_are_counted_and_passed_over(refused: Refused, package: Package) -> None:
    package.files["users"].insert(4, [""] * len(package.files["users"][0]))
    package.set("users", 9, "enabledUser", "maybe")
    assert places(refused(package)) == [("cell.boolean", "users.csv", 9, "D")]


def test_one_cause_is_one_finding(refused: Refused, package: Package, town: Town) -> None:
    klass = next(one for one in town.classes if one.subject)
    (row,) = package.rows_with("classes", "sourcedId", klass.sourced_id)
    del package.files["classes"][row - 1]
    (finding,) = refused(package)
    rows = package.rows_with("enrollments", "classSourcedId", klass.sourced_id)
    assert (finding.code, finding.found, finding.count) == ("reference.missing", klass.sourced_id, len(rows))
    assert finding.rows == rows[:10]


def test_duplicates_are_found(refused: Refused, package: Package) -> None:
    package.set("users", 5, "userMasterIdentifier", package.value("users", 4, "userMasterIdentifier").upper())
    package.set("users", 7, "username", package.value("users", 6, "username"))
    package.set("roles", 7, "sourcedId", package.value("roles", 6, "sourcedId"))
    found = places(refused(package))
    assert ("id.twice", "users.csv", 5, "Q") in found
    assert ("id.twice", "users.csv", 7, "E") in found
    assert ("id.twice", "roles.csv", 7, "A") in found


def test_enrolment_must_name_the_school_of_its_class(refused: Refused, package: Package, town: Town) -> None:
    wrong = next(one for one in town.schools if one.sourced_id != package.value("enrollments", 2, "schoolSourcedId"))
    package.set("enrollments", 2, "schoolSourcedId", wrong.sourced_id)
    assert places(refused(package)) == [("enrolment.school", "enrollments.csv", 2, "E")]


def test_organisations_must_not_go_in_circles(refused: Refused, package: Package) -> None:
    package.set("orgs", 3, "parentSourcedId", package.value("orgs", 4, "sourcedId"))
    package.set("orgs", 4, "parentSourcedId", package.value("orgs", 3, "sourcedId"))
    found = refused(package)
    assert [(one.code, one.rows) for one in found] == [("reference.circle", [3, 4])]


def test_board_of_education_stands_at_the_top(refused: Refused, package: Package) -> None:
    package.set("orgs", 2, "parentSourcedId", package.value("orgs", 3, "sourcedId"))
    package.set("orgs", 3, "parentSourcedId", "")
    assert ("district.parent", "orgs.csv", 2, "G") in places(refused(package))


def test_everybody_needs_a_role(refused: Refused, package: Package) -> None:
    who = package.value("users", 2, "sourcedId")
    at = package.column("roles", "userSourcedId")
    package.files["roles"] = [row for row in package.files["roles"] if row[at] != who]
    assert places(refused(package)) == [("role.none", "users.csv", 2, "A")]


def test_subjects_and_their_codes_go_in_pairs(refused: Refused, package: Package, town: Town) -> None:
    klass = next(one for one in town.classes if one.subject)
    (row,) = package.rows_with("classes", "sourcedId", klass.sourced_id)
    package.set("classes", row, "subjectCodes", "J010,J020")
    assert places(refused(package)) == [("lists.length", "classes.csv", row, "M")]


# --- headers and rows ---


def test_missing_column_is_named(refused: Refused, package: Package) -> None:
    package.drop_column("users", "agentSourcedIds")
    (finding,) = refused(package)
    assert (finding.code, finding.file, finding.header) == ("header.missing", "users.csv", "agentSourcedIds")


def test_misspelt_column_is_unknown_and_missing(refused: Refused, package: Package) -> None:
    package.files["users"][0][package.column("users", "preferredGivenName")] = "prefferedGivenName"
    assert [one.code for one in refused(package)] == ["header.unknown", "header.missing"]


def test_column_twice_or_without_name_is_refused(refused: Refused, package: Package) -> None:
    package.add_column("orgs", "name")
    package.add_column("courses", "")
    assert [one.code for one in refused(package)] == ["header.twice", "header.empty"]


def test_row_with_a_missing_cell_is_refused_alone(refused: Refused, package: Package) -> None:
    package.files["enrollments"][6].pop()
    assert places(refused(package)) == [("row.length", "enrollments.csv", 7, "")]


def test_file_with_an_open_quotation_is_refused(refused: Refused, package: Package) -> None:
    package.raw["orgs.csv"] = as_csv(package.files["orgs"]).encode()[:-4]
    assert ("file.csv", "orgs.csv") in [(one.code, one.file) for one in refused(package)]


def test_file_without_header_is_refused(refused: Refused, package: Package) -> None:
    package.raw["orgs.csv"] = b""
    assert places(refused(package)) == [("file.empty", "orgs.csv", 1, "")]


# --- encoding ---


def test_cp932_is_recognised_with_its_row(refused: Refused, package: Package) -> None:
    package.raw["orgs.csv"] = as_csv(package.files["orgs"]).encode("cp932")
    assert places(refused(package)) == [("file.encoding_cp932", "orgs.csv", 2, "")]


def test_utf_16_is_refused(refused: Refused, package: Package) -> None:
    package.raw["orgs.csv"] = as_csv(package.files["orgs"]).encode("utf-16")
    assert [one.code for one in refused(package)] == ["file.encoding"]


# --- manifest ---


@pytest.mark.parametrize(("version", "code"), [("1.1", "manifest.earlier"), ("2.0", "manifest.version")])
def test_other_versions_are_refused(refused: Refused, package: Package, version: str, code: str) -> None:
    package.set_manifest("oneroster.version", version)
    assert places(refused(package)) == [(code, "manifest.csv", 3, "B")]


def test_manifest_must_fit_the_files(refused: Refused, package: Package) -> None:
    package.set_manifest("file.orgs", "absent")
    del package.files["courses"]
    assert {one.code for one in refused(package)} == {"manifest.absent", "manifest.promised"}


def test_missing_file_is_named(refused: Refused, package: Package) -> None:
    package.set_manifest("file.roles", "absent")
    del package.files["roles"]
    assert places(refused(package)) == [("file.missing", "roles.csv", None, "")]


def test_package_without_manifest_is_refused(refused: Refused, package: Package) -> None:
    del package.files["manifest"]
    assert [(one.code, one.file) for one in refused(package)] == [("file.missing", "manifest.csv")]


def test_password_is_never_quoted(refused: Refused, package: Package) -> None:
    package.set("users", 2, "password", "secret\x07")
    (finding,) = refused(package)
    assert (finding.code, finding.found) == ("cell.control", "")


def test_another_header_of_the_manifest_is_refused(refused: Refused, package: Package) -> None:
    package.files["manifest"][0] = ["property", "value"]
    assert [one.code for one in refused(package)] == ["manifest.header"]


def test_nothing_of_a_damaged_package_reaches_a_good_roster(imported: api.ImportReport, package: Package) -> None:
    package.set("users", 2, "preferredFamilyName", "新姓")
    package.set("enrollments", 30, "role", "?")
    with pytest.raises(PackageRefused):
        api.import_package(package.file(), by="clerk")
    assert not Person.objects.filter(display_family="新姓").exists()
