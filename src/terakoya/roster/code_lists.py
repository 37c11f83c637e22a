"""The official lists of codes in this node's tables: loaded from the ministries' files, and asked by imports.

A code that a list does not have is told, never refused: lists are older than the schools of this April.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models, transaction

from terakoya.standards import codes, codes_official
from terakoya.standards.codes_official import NoOfficialList

from .models import ListedMunicipality, ListedSchool
from .tables import reading

__all__ = ["Loaded", "NoOfficialList", "load_codes", "of_board", "of_school"]
MOST_ROWS = 100_000
AT_ONCE = 500
ASSOCIATIONS = "8"  # from this third digit on codes are those of associations of municipalities, which no list has
Note = tuple[str, dict[str, str]]


@dataclass(frozen=True)
class Loaded:
    """What came of a list: its kind, how many codes it has, how many were new and are gone, and rows with no code."""

    kind: str
    codes: int
    new: int
    gone: int
    wrong: tuple[int, ...]


@transaction.atomic
def load_codes(data: bytes, day: date) -> Loaded:
    """Take over a list of the ministries, as an Excel workbook or CSV; ``day``: that of the list.

    ``NoOfficialList`` when it has none of their layouts; ``tables.reading.Refused`` when it cannot be read. The list
    of schools comes in parts: a code that is missing from one stays. That of municipalities is whole where it has
    every prefecture: codes that are missing then have ended.
    """
    found = codes_official.read([sheet.rows for sheet in reading.read(data, most_rows=MOST_ROWS).sheets])
    model: type[models.Model] = ListedSchool if found.kind == "schools" else ListedMunicipality
    rows = {line["code"]: line for line in found.rows}
    known = set(model._default_manager.values_list("pk", flat=True))
    gone = _write_schools(rows) if found.kind == "schools" else _write_municipalities(rows, day)
    return Loaded(found.kind, len(rows), len(set(rows) - known), gone, tuple(found.wrong))


def of_school(code: str) -> Note | None:
    """What is to be noted of a school's code: its form or check digit, or what the national list says."""
    if not codes.is_school_code(code):
        return "school.code", {}
    listed = ListedSchool.objects.filter(code=code).first()
    if listed is None:
        in_prefecture = ListedSchool.objects.filter(prefecture=code[2:4], kind=code[:2])
        return ("school.code_unlisted", {}) if in_prefecture.exists() else None
    return ("school.code_gone", {"day": listed.gone_on.isoformat()}) if listed.gone_on else None


def of_board(code: str) -> Note | None:
    """What is to be noted of a board's code: its form, its check digit, or that no municipality has it."""
    if not codes.is_board_code(code):
        return "board.code", {}
    if not codes.is_municipality_code(code):
        return "board.code_unlisted", {}
    listed = ListedMunicipality.objects.filter(gone_on=None)
    is_unlisted = listed.exists() and not listed.filter(code=code).exists()
    return ("board.code_unlisted", {}) if is_unlisted and code[2] < ASSOCIATIONS else None


def _write_schools(rows: dict[str, dict[str, Any]]) -> int:
    fields = ["kind", "prefecture", "establishment", "branch", "name", "address", "postal_code"]
    fields += ["set_on", "gone_on", "successor"]
    ListedSchool.objects.bulk_create(
        [ListedSchool(**line) for line in rows.values()],
        batch_size=AT_ONCE, update_conflicts=True, unique_fields=["code"], update_fields=fields,
    )  # fmt: skip
    return sum(1 for line in rows.values() if line["gone_on"])


def _write_municipalities(rows: dict[str, dict[str, Any]], day: date) -> int:
    ListedMunicipality.objects.bulk_create(
        [ListedMunicipality(**line, listed_on=day) for line in rows.values()],
        batch_size=AT_ONCE, update_conflicts=True, unique_fields=["code"],
        update_fields=["prefecture", "name", "prefecture_kana", "kana", "gone_on"],
    )  # fmt: skip
    if {code[:2] for code in rows} != set(codes.LISTS["prefecture"]):
        return 0
    missing = [one for one in ListedMunicipality.objects.filter(gone_on=None) if one.code not in rows]
    for one in missing:
        one.gone_on = day
    ListedMunicipality.objects.bulk_update(missing, ["gone_on"], batch_size=AT_ONCE)
    return len(missing)
