"""The roster on its way to a browser: a package in a file that nobody else can open and that is gone once read."""

import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings

from terakoya.standards.oneroster_profiles import PROFILES

from . import export_words
from .adapters.oneroster.exporting.losses import Loss, losses
from .adapters.oneroster.exporting.package import USUAL_PARTS, Export, export_package, file_name
from .adapters.oneroster.exporting.scope import Scope
from .models import Organisation


def foreseen(profile: str, organisations: Iterable[UUID] | None, on: date | None = None) -> list[Loss]:
    """What a package would not say as the roster has it."""
    return losses(_scope(profile, organisations, on))


def export_losses(profile: str, organisations: Iterable[UUID] | None, *, on: date | None = None) -> list[str]:
    """What a package would not say as the roster has it, as sentences."""
    return [export_words.told(one) for one in foreseen(profile, organisations, on)]


def package_name(profile: str, organisations: Iterable[UUID] | None) -> str:
    """How a package is called, as the profile asks."""
    return file_name(_scope(profile, organisations, None))


def _scope(profile: str, organisations: Iterable[UUID] | None, on: date | None) -> Scope:
    return Scope(PROFILES[profile], None if organisations is None else frozenset(organisations), on)


def written(profile: str, school: Organisation | None, *, demographics: bool, by: str) -> tuple[Export, BinaryIO]:
    """A package, and the open file that holds it."""
    folder = settings.DATA_DIR / "roster-exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file: BinaryIO = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 (read by the answer)
    export = write_to(file, profile, school, demographics=demographics, by=by)
    file.seek(0)
    return export, file


def write_to(
    target: Path | BinaryIO, profile: str, school: Organisation | None, *, demographics: bool, by: str
) -> Export:
    """Write the package of a school (None: of all) to a file, or where one is to be."""
    return export_package(
        target,
        by=by,
        profile=profile,
        organisations=None if school is None else [school.pk],
        parts=(*USUAL_PARTS, *(("demographics",) if demographics else ())),
    )
