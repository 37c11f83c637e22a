"""A package between its check and the decision: kept on the server, readable by the node alone, gone afterwards."""

import hashlib
import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from terakoya.kit import clock

from . import corrections
from .adapters.oneroster.importing import import_package
from .errors import PackageRefused
from .findings import ImportReport
from .models import RosterImport

KEPT = timedelta(hours=24)


def check(upload: UploadedFile, *, by: str) -> RosterImport:
    """Look at an uploaded package. Free of errors, it waits under the key of the entry; else the entry is a refusal."""
    entry = RosterImport(at=clock.now(), by=by, file_name=Path(upload.name or "").name[:255])
    path = _path(entry.uuid)
    entry.digest = _write(path, upload.chunks())
    try:
        report = import_package(path, by=by, dry_run=True, file_name=entry.file_name)
        entry.outcome = RosterImport.Outcome.CHECKED
    except PackageRefused as refusal:
        report = refusal.report
        entry.outcome = RosterImport.Outcome.REFUSED
        corrections.keep(entry.uuid, path, report.findings)
        path.unlink()
    entry.counts, entry.findings = report.counts, [finding.as_json() for finding in report.findings]
    entry.save(force_insert=True)
    return entry


def take_over(entry: RosterImport, *, by: str, confirm_removals: bool) -> ImportReport:
    """Import a checked package; its entry gives way to the one of the import.

    PackageRefused when something has changed since the check; FileNotFoundError when it waited too long.
    """
    try:
        return import_package(_path(entry.uuid), by=by, confirm_removals=confirm_removals, file_name=entry.file_name)
    finally:
        discard(entry)


def discard(entry: RosterImport) -> None:
    """Forget a checked package."""
    _path(entry.uuid).unlink(missing_ok=True)
    entry.delete()


def forget_old() -> None:
    """Forget packages that nobody decided about within a day."""
    for entry in RosterImport.objects.filter(outcome=RosterImport.Outcome.CHECKED, at__lt=clock.now() - KEPT):
        discard(entry)


def _path(uuid: UUID) -> Path:
    return settings.DATA_DIR / "roster-uploads" / f"{uuid}.zip"


def _write(path: Path, chunks: Iterable[bytes]) -> str:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        for chunk in chunks:
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()
