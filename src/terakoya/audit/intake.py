"""Where releases wait while one process holds the database: on the disk, sealed, and in the log as soon as it is free.

A page is shown only when its line is on the disk. While a whole roster is written to SQLite, the log is closed to
others for a minute; the line then goes to a file of its own, and into the tree, with its time, before any later one.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from time import time_ns
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings
from django.db import transaction

from terakoya.kit import clock, sealing

from . import keys
from .appending import Release, append_many
from .intake_models import TakenIn
from .walks import PageRead

AT_ONCE = 500


class _Stored(msgspec.Struct):
    """A release as a file holds it."""

    facts: dict[str, Any]
    subjects: list[UUID]
    in_case_of: UUID | None
    sealed: UUID | None
    public: dict[str, Any]
    at: datetime
    read: PageRead | None = None

    @classmethod
    def of(cls, one: Release, at: datetime) -> "_Stored":
        return cls(one.facts, list(one.subjects), one.in_case_of, one.sealed, one.public, at, one.read)

    def release(self) -> Release:
        return Release(**msgspec.structs.asdict(self))


def keep(releases: Sequence[Release]) -> None:
    """Bring releases to the disk; they are in the log after the next :func:`bring_in`."""
    now = clock.now()
    name = f"{time_ns():020d}-{uuid4()}"
    plain = msgspec.json.encode([_Stored.of(one, now) for one in releases])
    sealed = sealing.seal(keys.node_key("intake"), plain, name.encode())
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    draft = folder / f"{name}.draft"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(sealed)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(folder / name)
    _sync(folder)


def waiting() -> bool:
    """Whether releases wait."""
    try:
        with os.scandir(_folder()) as entries:
            return any(not entry.name.endswith(".draft") for entry in entries)
    except FileNotFoundError:
        return False


def bring_in() -> int:
    """Write what waits into the log, in its order; the number of releases. Done twice, nothing is in it twice."""
    total = 0
    while names := _names()[:AT_ONCE]:
        with transaction.atomic():
            known = set(TakenIn.objects.select_for_update().filter(name__in=names).values_list("name", flat=True))
            fresh = [name for name in names if name not in known]
            releases = [release for name in fresh for release in _read(name)]
            append_many(releases)
            TakenIn.objects.bulk_create(TakenIn(name=name) for name in fresh)
        _forget(names)
        total += len(releases)
    return total


def _names() -> list[str]:
    return sorted(path.name for path in _folder().glob("*") if path.suffix != ".draft") if _folder().exists() else []


def _read(name: str) -> list[Release]:
    sealed = (_folder() / name).read_bytes()
    plain = keys.unseal(keys.node_key("intake"), sealed, name.encode())
    return [one.release() for one in msgspec.json.decode(plain, type=list[_Stored])]


def _forget(names: Iterable[str]) -> None:
    for name in names:
        (_folder() / name).unlink(missing_ok=True)
    _sync(_folder())
    TakenIn.objects.filter(name__in=list(names)).delete()


def _sync(folder: Path) -> None:
    """A new name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "log-intake"
    return folder
