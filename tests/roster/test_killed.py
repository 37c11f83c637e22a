"""An import that is killed leaves the old roster or the new one, and can be made again."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from .packages import Package

NAME = "terakoya_killed"


@pytest.fixture
def address(tmp_path: Path, db: None) -> Iterator[str]:
    """The address of an empty database of its own, of the same kind as that of the tests."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'node.sqlite3'}"
        return
    import psycopg

    parts = urlsplit(os.environ["DATABASE_URL"])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {NAME}")
        yield urlunsplit(parts._replace(path=f"/{NAME}"))
        server.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_an_import_killed_at_ten_moments_leaves_the_old_roster_or_the_new_one(
    address: str, package_path: Path, package: Package, tmp_path: Path
) -> None:
    for row in range(2, 40):
        package.set("users", row, "preferredFamilyName", "別名")
    for pupil in [package.value("enrollments", row, "userSourcedId") for row in range(2, 8)]:
        package.without_people(pupil)
    changed = tmp_path / "changed.zip"
    changed.write_bytes(package.bytes())
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "DJANGO_SETTINGS_MODULE": "terakoya.node.settings",
        "TERAKOYA_KIND": "city",
        "TERAKOYA_DATA_DIR": str(tmp_path),
        "TERAKOYA_BASE_URL": "http://127.0.0.1:8210",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    command = [sys.executable, str(Path(__file__).parent / "killing.py"), str(package_path), str(changed)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "whole\n", done.stderr[-2000:]
    assert tmp_path != settings.DATA_DIR
