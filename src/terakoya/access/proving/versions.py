"""Another version of the rules: a revision of the repository, a folder, or one changed file."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from . import snapshot

PACKAGE = Path(__file__).resolve().parents[2]
SOURCE = PACKAGE.parent
RULES = ("access", "access/policies", "standards")


class NoSuchVersion(Exception):
    """Neither a revision nor a file of rules, or one whose rules cannot be read."""


def version(name: str) -> dict[str, Any]:
    """The snapshot of a version: ``name`` is a path (a file of rules, a folder of them) or a revision.

    Raises ``NoSuchVersion`` with a sentence for whoever asked.
    """
    with tempfile.TemporaryDirectory(prefix="terakoya-rules-") as folder:
        source = Path(folder)
        if Path(name).exists():
            _overlay(Path(name), source)
        else:
            _revision(name, source)
        return _snapshot(source, name)


def _overlay(path: Path, source: Path) -> None:
    """The present files, with those of ``path`` in the place of the ones of the same name."""
    if (path / "src" / "terakoya").is_dir():
        shutil.copytree(path / "src" / "terakoya", source / "terakoya", ignore=_unread)
        return
    shutil.copytree(PACKAGE, source / "terakoya", ignore=_unread)
    changed = [each for each in path.rglob("*") if each.is_file()] if path.is_dir() else [path]
    for each in changed:
        place = next((known for room in RULES if (known := source / "terakoya" / room / each.name).exists()), None)
        if place is None:
            raise NoSuchVersion(f"{each} is not one of the files of the rules: none of that name is in use.")
        shutil.copyfile(each, place)


def _unread(_folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in ("__pycache__", "locale", "static", "templates", "migrations")}


def _revision(name: str, source: Path) -> None:
    command = ["git", "-C", str(SOURCE), "archive", "--format=tar", name, "terakoya"]
    packed = subprocess.run(command, capture_output=True)
    if packed.returncode:
        raise NoSuchVersion(f"“{name}” is neither a file nor a revision: {packed.stderr.decode().strip()}")
    with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
        archive.extractall(source, filter="data")


def _snapshot(source: Path, name: str) -> dict[str, Any]:
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, snapshot.__file__]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=source)
    if done.returncode:
        last = (done.stderr.decode().strip().splitlines() or ["no message"])[-1]
        raise NoSuchVersion(f"The rules of “{name}” cannot be read: {last}")
    return json.loads(done.stdout)
