"""A long write on SQLite: one process holds the database for a minute. It says so, and the others need not wait for it.

PostgreSQL has no such thing: writers of other rows do not wait there.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from . import file_locks

OTHERS_FINISH_SECONDS = 0.2


@contextmanager
def announced() -> Iterator[None]:
    """Announce a long write, for as long as the block lasts or the process lives; to be entered before its transaction.

    What others had begun to write is finished by then.
    """
    if connection.vendor != "sqlite":
        yield
        return
    file = os.open(_path(), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        time.sleep(OTHERS_FINISH_SECONDS)
        yield
    finally:
        os.close(file)


def under_way() -> bool:
    """Whether somebody is at a long write: whoever writes now waits until it is over, or writes elsewhere."""
    if connection.vendor != "sqlite":
        return False
    try:
        return file_locks.is_held(_path())
    except FileNotFoundError:
        return False


def _path() -> Path:
    path: Path = settings.DATA_DIR / "long-write"
    return path
