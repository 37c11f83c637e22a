"""Folders of the loader below the data folder: readable by the node alone, as what lies in them is about people."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

LONGEST_WORK_SECONDS = 24 * 3600


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder for the files of one import; gone afterwards."""
    root = _root("roster-work")
    with tempfile.TemporaryDirectory(prefix="import-", dir=root) as folder:
        yield Path(folder)


def state_folder() -> Path:
    """Where the loader remembers what the tables hold."""
    return _root("roster-state")


def forget_work() -> None:
    """Take away what an import left that was killed."""
    oldest = time.time() - LONGEST_WORK_SECONDS
    for folder in _root("roster-work").iterdir():
        if folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)


def _root(name: str) -> Path:
    root = settings.DATA_DIR / name
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(root)
