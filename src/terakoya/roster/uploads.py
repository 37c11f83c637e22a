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

from . import background, corrections, export_work
from .adapters.oneroster.importing import import_package
from .errors import PackageRefused
from .findings import ImportReport
from .loading.folders import forget_work
from .models import RosterImport

KEPT = timedelta(hours=24)


def check(upload: UploadedFile, *, by: str, origin: str = "") -> RosterImport:
    """Look at an uploaded package. Free of errors, it waits under the key of the entry; else the entry is a refusal.

    origin: the system it comes from, as :func:`import_package` says

    A large one is looked at by another process: its entry says that it is under way.
    """
    entry = RosterImport(at=clock.now(), by=by, file_name=Path(upload.name or "").name[:255], origin=origin[:150])
    entry.digest = _write(_path(entry.uuid), upload.chunks())
    entry.outcome = RosterImport.Outcome.RUNNING
    if (upload.size or 0) > background.LARGE_BYTES:
        entry.save(force_insert=True)
        background.start("check", entry.uuid, by=by)
    else:
        look_at(entry)
    return entry


def look_at(entry: RosterImport) -> None:
    """Check the package of an entry, and say in the entry what came of it."""
    path = _path(entry.uuid)
    try:
        report = import_package(path, by=entry.by, dry_run=True, file_name=entry.file_name, origin=entry.origin)
        entry.outcome = RosterImport.Outcome.CHECKED
    except PackageRefused as refusal:
        report = refusal.report
        entry.outcome = RosterImport.Outcome.REFUSED
        corrections.keep(entry.uuid, path, report.findings)
        path.unlink()
    entry.counts, entry.findings = report.counts, [finding.as_json() for finding in report.findings]
    entry.profile = report.profile
    entry.save()


def begin_taking_over(entry: RosterImport, *, by: str, confirm_removals: bool) -> bool:
    """Let another process take over a large package; False when it is small: then nothing was begun."""
    path = _path(entry.uuid)
    if not path.exists() or path.stat().st_size <= background.LARGE_BYTES:
        return False
    RosterImport.objects.filter(pk=entry.pk).update(outcome=RosterImport.Outcome.RUNNING)
    background.start("take-over", entry.uuid, by=by, confirm_removals=confirm_removals)
    return True


def take_over(entry: RosterImport, *, by: str, confirm_removals: bool) -> ImportReport:
    """Import a checked package; its entry gives way to the one of the import.

    PackageRefused when something has changed since the check; FileNotFoundError when it waited too long.
    """
    try:
        report = import_package(
            _path(entry.uuid),
            by=by,
            confirm_removals=confirm_removals,
            file_name=entry.file_name,
            origin=entry.origin,
        )
    except PackageRefused:
        discard(entry)
        raise
    discard(entry)
    return report


def work(task: str, key: UUID, *, by: str, confirm_removals: bool = False) -> None:
    """Do what was begun for a large package, in this process; nothing when another one is at it."""
    if task == export_work.TASK:
        export_work.work(key)
        return
    with background.at_work(key) as is_mine:
        entry = RosterImport.objects.filter(pk=key, outcome=RosterImport.Outcome.RUNNING).first()
        if not is_mine or entry is None:
            return
        if task == "check":
            look_at(entry)
            return
        try:
            report = take_over(entry, by=by, confirm_removals=confirm_removals)
        except PackageRefused as refusal:
            report = refusal.report
        if report.entry:
            background.became(key, report.entry)


def begin_again(entry: RosterImport) -> None:
    """Begin anew with a large package whose process was stopped: it is looked at again before anything else."""
    background.start("check", entry.uuid, by=entry.by)


def discard(entry: RosterImport) -> None:
    """Forget a checked package."""
    _path(entry.uuid).unlink(missing_ok=True)
    entry.delete()


def forget_old() -> None:
    """Forget packages that nobody decided about within a day."""
    waiting = (RosterImport.Outcome.CHECKED, RosterImport.Outcome.RUNNING)
    for entry in RosterImport.objects.filter(outcome__in=waiting, at__lt=clock.now() - KEPT):
        if not background.is_at_work(entry.uuid):
            discard(entry)
            background.forget(entry.uuid)
    forget_work()


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
