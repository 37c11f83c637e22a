"""The ministries' lists of codes, row by row: school codes (MEXT) and codes of local governments (MIC).

Layouts as published: the list of schools has a title row above twelve columns, whose cells say a code and then its
meaning in brackets; the list of local governments has five columns and a second sheet with the wards of large cities.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from . import codes

FIRST_ROWS = 10  # among which the header is
DAY = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
Row = Sequence[Any]


@dataclass
class Official:
    """What a list says. ``kind``: ``schools`` or ``municipalities``; ``wrong``: rows (from 1) whose code is none."""

    kind: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)


class NoOfficialList(Exception):
    """A table has none of the layouts that are known."""


def read(sheets: Iterable[Sequence[Row]]) -> Official:
    """The list in the sheets of a file; ``NoOfficialList`` when none of them has its columns."""
    found: Official | None = None
    for rows in sheets:
        header = next(((at, *known) for at, row in enumerate(rows[:FIRST_ROWS]) if (known := _layout(row))), None)
        if header is None:
            continue
        at, kind, places = header
        found = found or Official(kind)
        if kind == found.kind:
            _read_rows(found, rows, at + 1, places)
    if found is None:
        raise NoOfficialList
    return found


def _layout(row: Row) -> tuple[str, Mapping[str, int]] | None:
    """The kind of list whose header a row is, and where its columns stand."""
    headings = [_plain(cell) for cell in row]
    for kind, names in codes.COLUMNS.items():
        places = {name: headings.index(heading) for name, heading in names.items() if heading in headings}
        if {"code", "name", "prefecture"} <= set(places):
            return kind, places
    return None


def _read_rows(found: Official, rows: Sequence[Row], first: int, places: Mapping[str, int]) -> None:
    says = _school if found.kind == "schools" else _municipality
    is_right = codes.is_school_code if found.kind == "schools" else codes.is_municipality_code
    for number, row in enumerate(rows[first:], first + 1):
        cells = {name: row[place] if place < len(row) else None for name, place in places.items()}
        if all(cell in (None, "") for cell in cells.values()):
            continue
        line = says(cells)
        if is_right(line["code"]):
            found.rows.append(line)
        else:
            found.wrong.append(number)


def _school(cells: Mapping[str, Any]) -> dict[str, Any]:
    coded = {name: _before_bracket(cells.get(name)) for name in ("kind", "prefecture", "establishment", "branch")}
    texts = {name: _text(cells.get(name)) for name in ("code", "name", "address", "postal_code", "successor")}
    texts["postal_code"] = _number(cells.get("postal_code"), 7)
    texts["successor"] = texts["successor"][:13]
    return {**texts, **coded, "set_on": _day(cells.get("set_on")), "gone_on": _day(cells.get("gone_on"))}


def _municipality(cells: Mapping[str, Any]) -> dict[str, Any]:
    names = {name: _text(cells.get(name)) for name in ("prefecture", "name", "prefecture_kana", "kana")}
    kana = {name: unicodedata.normalize("NFKC", names[name]) for name in ("prefecture_kana", "kana")}
    return {"code": _number(cells.get("code"), 6), **names, **kana}


def _plain(cell: Any) -> str:
    return "".join(unicodedata.normalize("NFKC", str(cell or "")).split())


def _text(cell: Any) -> str:
    return " ".join(str("" if cell is None else cell).split())


def _number(cell: Any, width: int) -> str:
    """Digits with the zeros at the front that a spreadsheet takes."""
    digits = str(int(cell)) if isinstance(cell, float) else _text(cell).replace("-", "")
    return digits.zfill(width) if digits.isdigit() else digits


def _before_bracket(cell: Any) -> str:
    return _plain(cell).split("(")[0]


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    match = DAY.fullmatch(_text(cell))
    return date(*map(int, match.groups())) if match else None
