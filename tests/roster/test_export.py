import csv
import io
import zipfile
from pathlib import Path

import pytest

from terakoya.roster.adapters.oneroster.exporting.package import export_package
from terakoya.roster.models import Person
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES

from .exporting_tools import exported, header_of, tables_of, texts_of

pytestmark = pytest.mark.usefixtures("imported")
NEWEST = "k12-schools-1.0"


@pytest.mark.parametrize("profile", PROFILES)
def test_headers_are_those_of_the_profile(profile: str) -> None:
    data = exported(profile, parts=("demographics",))
    for file in (*oneroster.ROSTERING, "demographics"):
        assert header_of(data, file) == [heading.name for heading in PROFILES[profile].headings[file]]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_manifest_names_all_files_and_the_version(profile: str) -> None:
    manifest = {row["propertyName"]: row["value"] for row in tables_of(exported(profile))["manifest"]}
    assert manifest["manifest.version"] == "1.0"
    assert manifest["oneroster.version"] == PROFILES[profile].version
    modes = {name: manifest[f"file.{name}"] for name in oneroster.MANIFEST_ORDER}
    assert {name for name, mode in modes.items() if mode == "bulk"} == set(oneroster.ROSTERING)


def test_every_value_is_quoted_and_lines_end_as_excel_writes_them() -> None:
    for text in texts_of(exported(NEWEST)).values():
        assert not text.startswith("\ufeff")
        lines = text.split("\r\n")
        assert lines.pop() == ""
        assert all(line.startswith('"') and line.endswith('"') for line in lines)


def test_rows_stand_in_the_order_of_their_identifiers() -> None:
    for name, rows in tables_of(exported(NEWEST)).items():
        if name != "manifest":
            keys = [row["sourcedId"] for row in rows]
            assert keys == sorted(keys)
            assert len(set(keys)) == len(keys)
            assert keys


def test_the_same_roster_gives_the_same_bytes() -> None:
    assert exported(NEWEST) == exported(NEWEST)


def test_birth_dates_are_told_only_where_they_are_asked_for() -> None:
    assert "demographics" not in tables_of(exported(NEWEST))
    assert all(row["birthDate"] for row in tables_of(exported(NEWEST, parts=("demographics",)))["demographics"])


def test_passwords_are_never_told() -> None:
    assert not any(row["password"] for row in tables_of(exported(NEWEST))["users"])


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "roster.zip"
    export = export_package(target, profile=NEWEST, by="clerk")
    assert [path.name for path in tmp_path.iterdir()] == ["roster.zip"]
    with zipfile.ZipFile(target) as package:
        assert package.testzip() is None
    assert export.people == Person.objects.count()


def test_an_unknown_profile_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        export_package(tmp_path / "roster.zip", profile="japan-9", by="clerk")
    assert list(tmp_path.iterdir()) == []


def test_the_rows_are_csv_as_python_reads_it() -> None:
    for text in texts_of(exported(NEWEST)).values():
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert {len(row) for row in rows} == {len(rows[0])}
