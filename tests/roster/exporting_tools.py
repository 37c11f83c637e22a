"""Packages that a test has written, taken apart."""

import csv
import io
import zipfile
from typing import Any

from terakoya.identity.models import Account
from terakoya.roster import api
from terakoya.roster.adapters.oneroster.exporting.package import export_package
from terakoya.roster.models import RosterImport
from terakoya.roster.undoing import kept_tables

Table = list[dict[str, str]]


def exported(profile: str, **asked: Any) -> bytes:
    target = io.BytesIO()
    export_package(target, profile=profile, by="clerk", **asked)
    return target.getvalue()


def texts_of(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name.removesuffix(".csv"): package.read(name).decode() for name in package.namelist()}


def tables_of(data: bytes) -> dict[str, Table]:
    """The rows of each file by their headings."""
    return {name: list(csv.DictReader(io.StringIO(text, newline=""))) for name, text in texts_of(data).items()}


def header_of(data: bytes, file: str) -> list[str]:
    return next(csv.reader(io.StringIO(texts_of(data)[file], newline="")))


def row_of(data: bytes, file: str, sourced_id: str) -> dict[str, str]:
    return next(row for row in tables_of(data)[file] if row["sourcedId"] == sourced_id)


def empty_the_node() -> None:
    """Take the whole roster away, with the accounts that came by it."""
    for model in reversed(kept_tables()):
        model._default_manager.all()._raw_delete("default")
    RosterImport.objects.all().delete()
    Account.objects.filter(is_administrator=False).delete()


def taken_over(data: bytes) -> api.ImportReport:
    return api.import_package(io.BytesIO(data), by="clerk", confirm_removals=True, file_name="package.zip")
