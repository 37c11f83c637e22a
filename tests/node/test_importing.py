"""``terakoya import`` at a terminal: in English whatever the node's language is, and nothing left out."""

from pathlib import Path

import pytest

from terakoya.demo_town import api as demo_town
from terakoya.kit import clock
from terakoya.node.importing import import_and_tell
from tests.roster.packages import Package

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_town.write_city_package(demo_town.make_town(7, clock.today(), pupils=60), tmp_path_factory.mktemp("t"))


def test_a_refusal_says_of_each_finding_where_what_and_how_to_mend_it(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = Package(whole)
    package.set("users", 6, "enabledUser", "TRUE")
    package.set("enrollments", 4, "beginDate", "2026/04/01")
    (tmp_path / "damaged.zip").write_bytes(package.bytes())
    assert import_and_tell(tmp_path / "damaged.zip", dry_run=False, confirm_removals=False) == 1
    told = capsys.readouterr().err
    assert "ERROR   users.csv, row 6, column D (enabledUser): This is neither true nor false. Found: TRUE." in told
    assert "Expected: year, month and day as YYYY-MM-DD." in told
    assert "Example: 2026-04-01" in told and "To mend it: Correct the value" in told
    assert told.endswith("Nothing was imported: 2 errors to mend first.\n") and told.isascii()


def test_a_check_and_an_import_say_what_they_did(whole: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for dry_run, outcome in ((True, "Nothing was written (--check). The package can be"), (False, "Imported RO_")):
        assert import_and_tell(whole, dry_run=dry_run, confirm_removals=False) == 0
        told = capsys.readouterr().out
        assert "People: new 174, changed 0, unchanged 0, ended 0" in told and outcome in told


def test_a_package_that_would_end_much_names_the_option(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import_and_tell(whole, dry_run=False, confirm_removals=False)
    package = Package(whole)
    del package.files["enrollments"][100:]
    (tmp_path / "less.zip").write_bytes(package.bytes())
    capsys.readouterr()
    assert import_and_tell(tmp_path / "less.zip", dry_run=False, confirm_removals=False) == 1
    told = capsys.readouterr().err
    assert "CONFIRM" in told and "--confirm-removals" in told
