"""Each kind of node starts, with its own rooms and no more, and has exactly the routes that are written down."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from terakoya.node.kinds import KINDS
from terakoya.node.routes import url_map

MAPS = Path(__file__).with_name("url_maps")
ROOT = Path(__file__).parents[2]
START = """
import django; django.setup()
from django.core.checks import run_checks
from django.core.management import call_command
from django.test import Client
assert not run_checks(), run_checks()
call_command("makemigrations", check=True, verbosity=0)
answer = Client().get("/healthz", headers={"host": "127.0.0.1"})
print(answer.status_code, answer.headers["Content-Type"])
"""

kinds = pytest.mark.parametrize("name", sorted(KINDS))


def written(name: str) -> list[str]:
    """The URL map of a kind as it is written down: a route a line, its name and its path, sorted."""
    return (MAPS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


@kinds
def test_url_map_is_the_one_written_down(name: str) -> None:
    assert sorted(f"{route.name}  /{route.pattern}" for route in url_map(KINDS[name])) == written(name)


@kinds
def test_no_two_routes_have_one_name_or_one_path(name: str) -> None:
    lines = [line.split("  ") for line in written(name)]
    for part in zip(*lines, strict=True):
        assert len(set(part)) == len(part)


@pytest.fixture(scope="module")
def starts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, subprocess.Popen[str]]:
    """A process a kind, all at once: set up, checked, its migrations whole, asked how it is."""
    started = {}
    for name in KINDS:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("TERAKOYA_")}
        environment.pop("DATABASE_URL", None)
        environment |= {
            "TERAKOYA_KIND": name,
            "TERAKOYA_DATA_DIR": str(tmp_path_factory.mktemp(name)),
            "DJANGO_SETTINGS_MODULE": "terakoya.node.settings",
            "PYTHONPATH": str(ROOT / "src"),
        }
        started[name] = subprocess.Popen(
            [sys.executable, "-W", "error::DeprecationWarning:terakoya", "-c", START],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    return started


@kinds
def test_kind_starts_as_a_process_of_its_own(name: str, starts: dict[str, subprocess.Popen[str]]) -> None:
    said, faults = starts[name].communicate(timeout=60)
    assert (said.strip(), starts[name].returncode) == ("200 application/json", 0), faults
