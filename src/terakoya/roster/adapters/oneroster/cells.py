"""Checks each cell against the type of its column."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

from terakoya.roster.findings import ERROR, NOTE, Findings
from terakoya.standards import oneroster
from terakoya.standards.oneroster import Column

from .table import Row, Table

LONGEST = 255
LONGEST_NAME = 80
LONGEST_OF = {
    "username": 150,
    "email": 254,
    "givenName": LONGEST_NAME,
    "familyName": LONGEST_NAME,
    "middleName": LONGEST_NAME,
    "preferredGivenName": LONGEST_NAME,
    "preferredFamilyName": LONGEST_NAME,
    "metadata.jp.kanaGivenName": LONGEST_NAME,
    "metadata.jp.kanaFamilyName": LONGEST_NAME,
    "metadata.jp.kanaPreferredGivenName": LONGEST_NAME,
    "metadata.jp.kanaPreferredFamilyName": LONGEST_NAME,
}
NEVER_QUOTED = ("password",)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
YEAR = re.compile(r"[0-9]{4}")
INTEGER = re.compile(r"[0-9]{1,9}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_cells(table: Table, findings: Findings, *, japan: bool, delta: bool) -> None:
    """Find every cell of a table that is not what its column asks for."""
    for column in table.columns:
        if delta and column.type == "empty":
            continue
        place = table.places[column.name]
        check = _CHECKS[column.type]
        vocabulary = oneroster.vocabulary(column.of, japan=japan) if column.type in ("enum", "enums") else None
        for row in table.rows:
            value = row.cells[place]
            if not value:
                if column.required:
                    _add(findings, "cell.required", table, row, column)
            elif fault := check(value) or _common_fault(value, column):
                severity = NOTE if fault == "cell.uuid" and not japan else ERROR  # any text in the base profile
                _add(findings, fault, table, row, column, value, severity)
            elif vocabulary is not None:
                _check_vocabulary(value, vocabulary, findings, table, row, column)


def _check_vocabulary(
    value: str, vocabulary: oneroster.Vocabulary, findings: Findings, table: Table, row: Row, column: Column
) -> None:
    for one in value.split(",") if column.type == "enums" else [value]:
        if not vocabulary.has(one):
            values = ", ".join(vocabulary.values)
            _add(findings, "cell.enum", table, row, column, one, cause=one, values=values)


def _common_fault(value: str, column: Column) -> str | None:
    if CONTROL.search(value):
        return "cell.control"
    is_long = len(value) > LONGEST_OF.get(column.name, LONGEST) and column.type != "references"
    return "cell.long" if is_long else None


def _add(
    findings: Findings,
    code: str,
    table: Table,
    row: Row,
    column: Column,
    found: str = "",
    severity: str = ERROR,
    **details: str,
) -> None:
    findings.add(
        code,
        severity=severity,
        file=table.file,
        row=row.number,
        index=table.places[column.name],
        header=column.name,
        found="" if column.name in NEVER_QUOTED else found,
        limit=LONGEST_OF.get(column.name, LONGEST),
        **details,
    )


def _id(value: str) -> str | None:
    return None if oneroster.ID.fullmatch(value) else "cell.id"


def _ids(value: str) -> str | None:
    return next((fault for one in value.split(",") if (fault := "cell.list" if not one else _id(one))), None)


def _list(value: str) -> str | None:
    return None if all(value.split(",")) else "cell.list"


def _boolean(value: str) -> str | None:
    return None if value in ("true", "false") else "cell.boolean"


def _date(value: str) -> str | None:
    if DATE.fullmatch(value) and "1900" <= value[:4] <= "2199":
        try:
            date.fromisoformat(value)
        except ValueError:
            return "cell.date"
        return None
    return "cell.date"


def _year(value: str) -> str | None:
    return None if YEAR.fullmatch(value) and "1900" <= value <= "2199" else "cell.year"


def _integer(value: str) -> str | None:
    return None if INTEGER.fullmatch(value) else "cell.integer"


def _uuid(value: str) -> str | None:
    try:
        uuid = UUID(value)
    except ValueError:
        return "cell.uuid"
    return None if uuid.version == 4 and str(uuid) == value.lower() else "cell.uuid"


def _nothing(value: str) -> str | None:
    return None


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "id": _id,
    "reference": _id,
    "references": _ids,
    "text": _nothing,
    "list": _list,
    "enum": _nothing,
    "enums": _nothing,
    "boolean": _boolean,
    "date": _date,
    "year": _year,
    "integer": _integer,
    "uuid": _uuid,
    "empty": lambda value: "cell.empty",
}
