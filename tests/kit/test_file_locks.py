"""Locks that die with their holder."""

import fcntl
from pathlib import Path

import pytest

from terakoya.kit import file_locks


def test_a_lock_is_held_until_its_file_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with path.open("w") as file:
        assert not file_locks.is_held(path)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert file_locks.is_held(path)
    assert not file_locks.is_held(path)


def test_a_lock_that_never_was_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        file_locks.is_held(tmp_path / "none")
