"""Work on large packages in a process of its own, so that the server keeps its memory for its readers.

Its progress is a small file beside the package. While it lives it holds a lock: a process that was killed holds it no
longer, and the package can be begun again.
"""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings

from terakoya.kit import file_locks

from .loading import progress

LARGE_BYTES = 2_000_000  # smaller packages take a second or two: they are looked at while the clerk waits
STARTING_SECONDS = 20
WRITTEN_EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Standing:
    """How far a package is. ``became``: the entry that took its place"""

    stage: str = ""
    rows: int = 0
    of: int = 0
    became: str = ""

    @property
    def rows_shown(self) -> str:
        """Rows done, to be read."""
        return f"{self.rows:,}"

    @property
    def of_shown(self) -> str:
        """Rows in all, to be read."""
        return f"{self.of:,}"


def start(task: str, entry: UUID, *, by: str, confirm_removals: bool = False) -> None:
    """Begin a task on a package (``check``, ``take-over`` or ``write-out``) in a process of its own."""
    _write(entry, {"stage": "", "at": time.time()})
    command = [sys.executable, "-m", "terakoya.node.cli", "work-on-package", task, str(entry), "--by", by]
    if confirm_removals:
        command.append("--confirm-removals")
    subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True, close_fds=True
    )


@contextmanager
def at_work(entry: UUID) -> Iterator[bool]:
    """Work on a package, telling how far it is; False when another process already does."""
    lock = os.open(_path(entry, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        yield False
        return
    try:
        with progress.told_to(_Writer(entry)):
            yield True
    finally:
        os.close(lock)


def is_at_work(entry: UUID) -> bool:
    """Whether a process is at work on a package, or is about to be."""
    try:
        return file_locks.is_held(_path(entry, "lock"))
    except FileNotFoundError:
        return time.time() - _read(entry).get("at", 0) < STARTING_SECONDS


def standing(entry: UUID) -> Standing:
    """How far the work on a package is."""
    told = _read(entry)
    return Standing(told.get("stage", ""), told.get("rows", 0), told.get("of", 0), told.get("became", ""))


def became(entry: UUID, other: UUID) -> None:
    """Note which entry took the place of one that gave way."""
    _write(entry, {"became": str(other), "at": time.time()})


def forget(entry: UUID) -> None:
    """Forget how far a package was."""
    for kind in ("json", "lock"):
        _path(entry, kind).unlink(missing_ok=True)


class _Writer:
    def __init__(self, entry: UUID) -> None:
        self.entry, self.at = entry, 0.0

    def __call__(self, stage: str, rows: int, of: int) -> None:
        if time.monotonic() - self.at >= WRITTEN_EVERY_SECONDS:
            self.at = time.monotonic()
            _write(self.entry, {"stage": stage, "rows": rows, "of": of, "at": time.time()})


def _write(entry: UUID, told: dict[str, Any]) -> None:
    path = _path(entry, "json")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(json.dumps(told), encoding="utf-8")
    part.replace(path)


def _read(entry: UUID) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(_path(entry, "json").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return told


def _path(entry: UUID, kind: str) -> Path:
    path: Path = settings.DATA_DIR / "roster-uploads" / f"{entry}.{kind}"
    return path
