"""Locks on files: held by a process as long as it lives, so that nobody waits for one that has died."""

import fcntl
import os
from pathlib import Path


def is_held(path: Path) -> bool:
    """Whether a process holds the lock of a file alone. ``FileNotFoundError`` when the file was never there."""
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
