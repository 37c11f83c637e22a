"""A demo shows the codes of second factors: nothing but this machine may reach it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from terakoya.kit.env import SettingError
from terakoya.node.serving import serve_node

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "more",
    [
        {"TERAKOYA_BASE_URL": "https://city.example"},
        {"TERAKOYA_BASE_URL": "http://127.0.0.1.city.example:80"},
        {"TERAKOYA_HOSTS": "city.example"},
    ],
)
def test_a_demo_does_not_start_under_another_name(tmp_path: Path, more: dict[str, str]) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("TERAKOYA_")}
    told = {"TERAKOYA_KIND": "city", "TERAKOYA_DATA_DIR": str(tmp_path), "TERAKOYA_DEMO": "true", **more}
    run = subprocess.run(
        [sys.executable, "-c", "import terakoya.node.settings"],
        env={**kept, **told, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0 and "TERAKOYA_DEMO is true" in run.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", ""])  # noqa: S104
def test_a_demo_listens_to_this_machine_alone(settings: Settings, host: str) -> None:
    settings.DEMO = True
    with pytest.raises(SettingError, match="alone"):
        serve_node(host, 1, 1, 1)
