"""``terakoya export``: what it writes and what it tells."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from terakoya.demo_town import api as demo_town
from terakoya.node import exporting
from terakoya.node.cli import cli
from terakoya.roster import api as roster

pytestmark = pytest.mark.django_db
PROFILE = "interoperability-6.00"


@pytest.fixture(autouse=True)
def town(tmp_path_factory: pytest.TempPathFactory, node_kind: Callable[[str], object]) -> None:
    node_kind("city")
    made = demo_town.make_town(7, date(2026, 11, 24), pupils=60)
    roster.import_package(demo_town.write_city_package(made, tmp_path_factory.mktemp("town")), by="clerk")


def tell(target: Path, **asked: object) -> None:
    given: dict[str, object] = {"profile": PROFILE, "schools": (), "on": None, "since": None, "parts": ()}
    exporting.export_and_tell(target, **(given | asked))  # type: ignore[arg-type]


def test_into_a_folder_under_the_name_of_the_profile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tell(tmp_path)
    [path] = tmp_path.iterdir()
    assert path.name.startswith("RO_")
    told = capsys.readouterr().out
    assert f"Written: {path}" in told
    assert "users.csv: " in told


def test_what_the_profile_cannot_carry_is_told_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    roster.rows_of("Role").filter(name="guardian").update(name="parent")
    tell(tmp_path)
    assert capsys.readouterr().out.startswith("note    roles.csv: “parent” (role) becomes “guardian” in ")


def test_the_number_it_tells_is_the_one_from_which_a_delta_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(tmp_path)
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert last == f"What changes from now on is written by --since {roster.latest_change()}."
    tell(tmp_path / "delta.zip", since=roster.latest_change())
    assert "\nusers.csv: " not in capsys.readouterr().out


def test_an_unknown_school_is_refused(tmp_path: Path) -> None:
    with pytest.raises(exporting.click.BadParameter, match="X999"):
        tell(tmp_path, schools=("X999",))
    assert list(tmp_path.iterdir()) == []


def test_the_command_knows_its_options() -> None:
    told = CliRunner().invoke(cli, ["export", "--help"]).output
    for option in ("--profile", "--school", "--on", "--since", "--with"):
        assert option in told
