"""A ZIP file from a stranger: whatever it holds, it is read or refused."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from pytest_django import Settings

from terakoya.roster import api
from terakoya.roster.adapters.oneroster.archive import MOST_ENTRIES
from terakoya.roster.adapters.oneroster.reading import read_package
from terakoya.roster.errors import Finding, PackageRefused
from terakoya.roster.findings import Findings
from terakoya.roster.loading.folders import work_folder

from .packages import Package

pytestmark = pytest.mark.django_db  # what lies beside a roster is asked of the tables
Refused = Callable[[Package], list[Finding]]
QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(data: bytes) -> tuple[bool, Findings]:
    """Whether a package was read, and what was found."""
    findings = Findings()
    with work_folder() as folder:
        package = read_package(io.BytesIO(data), folder, findings)
    return package is not None, findings


def codes_of(data: bytes) -> list[str]:
    return [one.code for one in read(data)[1].list()]


def zipped(entries: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as package:
        for name, data in entries.items():
            package.writestr(name, data)
    return made.getvalue()


def test_a_file_that_is_no_zip_is_refused(db: None) -> None:
    with pytest.raises(PackageRefused) as refusal:
        api.import_package(io.BytesIO(b"sourcedId,status"), by="clerk", file_name="users.csv")
    assert [one.code for one in refusal.value.findings] == ["zip.unreadable"]


def test_a_truncated_package_is_refused(package: Package) -> None:
    assert codes_of(package.bytes()[:-100]) == ["zip.unreadable"]


def test_a_damaged_entry_is_refused(package: Package) -> None:
    data = bytearray(package.bytes())
    at = data.index(b"academicSessions.csv") + 60
    data[at] ^= 0xFF
    assert codes_of(bytes(data)) == ["zip.unreadable"]


def test_a_bomb_is_refused_by_what_it_states(settings: Settings) -> None:
    settings.LARGEST_IMPORT_BYTES = 1_000_000
    assert codes_of(zipped({"users.csv": b"0" * 2_000_000}, zipfile.ZIP_DEFLATED)) == ["zip.too_large"]


def test_a_bomb_that_lies_about_its_size_is_refused(settings: Settings) -> None:
    settings.LARGEST_IMPORT_BYTES = 1_000_000
    data = bytearray(zipped({"users.csv": b"0" * 2_000_000}, zipfile.ZIP_DEFLATED))
    size = (2_000_000).to_bytes(4, "little")
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = (10).to_bytes(4, "little")
    assert codes_of(bytes(data)) in (["zip.too_large"], ["zip.unreadable"])


def test_too_many_files_are_refused() -> None:
    assert codes_of(zipped({f"{number}.csv": b"" for number in range(MOST_ENTRIES + 1)})) == ["zip.too_many"]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../users.csv", "zip.path"),
        ("/etc/users.csv", "zip.path"),
        ("C:users.csv", "zip.path"),
        ("..\\users.csv", "zip.path"),
        ("inner.zip", "zip.nested"),
        ("export/users.csv", "zip.folder"),
    ],
)
def test_strange_names_are_refused(package: Package, name: str, code: str) -> None:
    package.raw[name] = b""
    assert codes_of(package.bytes()) == [code]


def test_the_same_file_twice_is_refused(package: Package) -> None:
    package.raw["USERS.CSV"] = b""
    assert "zip.duplicate" in codes_of(package.bytes())


def test_a_locked_package_is_refused(package: Package) -> None:
    data = bytearray(package.bytes())
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    assert codes_of(bytes(data)) == ["zip.encrypted"]


def test_what_systems_leave_in_zip_files_is_passed_over(package: Package) -> None:
    package.raw |= {"__MACOSX/._users.csv": b"\0", ".DS_Store": b"\0"}
    assert codes_of(package.bytes()) == []


@QUICK
@given(strategies.binary(max_size=400))
def test_any_bytes_are_refused_in_words(data: bytes) -> None:
    assert codes_of(data) == ["zip.unreadable"]


@QUICK
@given(at=strategies.integers(min_value=0), value=strategies.integers(0, 255), cut=strategies.integers(0, 50))
def test_any_altered_package_is_read_or_refused(package: Package, at: int, value: int, cut: int) -> None:
    data = bytearray(package.bytes())
    data[at % len(data)] = value
    codes_of(bytes(data[: len(data) - cut]))


@QUICK
@given(
    name=strategies.sampled_from(["manifest", "users", "orgs", "classes", "enrollments"]),
    data=strategies.binary(max_size=300)
    | strategies.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_content_of_a_file_is_read_or_refused(package: Package, name: str, data: bytes) -> None:
    package.raw[f"{name}.csv"] = data
    assert codes_of(package.bytes()) != []


@QUICK
@given(
    file=strategies.sampled_from(["academicSessions", "orgs", "courses", "classes", "users", "roles", "enrollments"]),
    column=strategies.integers(0, 30),
    value=strategies.text(max_size=40),
)
def test_any_cell_is_read_or_refused(package: Package, file: str, column: int, value: str) -> None:
    row = package.files[file][1]
    row[column % len(row)] = value
    is_read, findings = read(package.bytes())
    assert is_read != findings.has_errors
    for finding in findings.list():
        assert str(finding)
