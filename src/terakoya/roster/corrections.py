"""Workbooks about refused packages: made when a package is refused, kept for a day beside those that wait."""

import os
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from terakoya.kit import clock

from .findings import Finding
from .models import RosterImport
from .tables import corrected
from .tables.sheets import workbook

KEPT = timedelta(hours=24)


def keep(entry: UUID, package: Path, findings: Sequence[Finding]) -> None:
    """Make the workbook about a refused package while the package is still there."""
    data = corrected.of_package(package, findings)
    path = _path(entry)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def of(entry: RosterImport) -> bytes:
    """The workbook about a refused package; after a day, or where none was made, its summary by cause alone."""
    path = _path(entry.uuid)
    if path.exists():
        return path.read_bytes()
    return workbook([corrected.summary([Finding.from_json(stored) for stored in entry.findings])])


def forget_old() -> None:
    """Forget workbooks after a day: they quote the rows at fault."""
    before = (clock.now() - KEPT).timestamp()
    for path in _path(UUID(int=0)).parent.glob("*.correct.xlsx"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def _path(entry: UUID) -> Path:
    return settings.DATA_DIR / "roster-uploads" / f"{entry}.correct.xlsx"
