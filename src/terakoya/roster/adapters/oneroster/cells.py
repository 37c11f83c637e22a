"""Checks each cell against the type of its column."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import polars as pl

from terakoya.roster.findings import ERROR, NOTE, Findings
from terakoya.standards import oneroster
from terakoya.standards.oneroster import Column

from .chunks import ROW
from .table import GONE, Row, Table

LONGEST = 255
LONGEST_NAME = 80
LONGEST_OF = {
    "username": 150,
    "email": 254,
    "description": 4000,
    "comment": 4000,
    "scoreScaleValue": 4000,
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
MOMENT = re.compile(r"(?:19|20|21)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
STATUSES = ("active", GONE)
MARKS = {"status": "status", "dateLastModified": "moment"}  # of the rows of a delta
YEAR = re.compile(r"[0-9]{4}")
NUMBER = re.compile(r"-?(?:[0-9]{1,15}(?:\.[0-9]{0,15})?|\.[0-9]{1,15})")
INTEGER = re.compile(r"[0-9]{1,9}")
PLAIN_ID = f"^(?:{oneroster.ID.pattern.replace('{1,255}', '+')})$"
PLAIN_IDS = r"^[0-9A-Za-z._/@:-]+(?:,[0-9A-Za-z._/@:-]+)*$"
PLAIN_UUID = r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$"
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def check_cells(table: Table, frame: pl.DataFrame, findings: Findings, *, japan: bool, delta: bool) -> None:
    """Find every cell of some rows of a table that is not what its column asks for.

    delta: the rows say what has changed; of what is gone only the identifier is asked for
    """
    if not delta:
        _check_columns(table, table.columns, frame, findings, japan=japan)
        return
    marks = [
        replace(column, type=MARKS[column.name], required=True) for column in table.columns if column.name in MARKS
    ]
    keys = [column for column in table.columns if column.name == "sourcedId"]
    others = [column for column in table.columns if column.name not in (*MARKS, "sourcedId")]
    _check_columns(table, [*keys, *marks], frame, findings, japan=japan)
    _check_columns(table, others, frame.filter(pl.col("status") != GONE), findings, japan=japan)


def _check_columns(
    table: Table, columns: list[Column], frame: pl.DataFrame, findings: Findings, *, japan: bool
) -> None:
    """Each different value is looked at once; of texts and identifiers, nearly all different, only the suspects."""
    if not columns:
        return
    has_suspects = frame.select(_suspects(column).any().alias(column.name) for column in columns).row(0, named=True)
    for column in columns:
        value = pl.col(column.name)
        if column.required:
            for row in frame.filter(value == "").iter_rows(named=True):
                _add(findings, "cell.required", table, row, column)
        if has_suspects[column.name]:
            vocabulary = oneroster.vocabulary(column.of, japan=japan) if column.type in ("enum", "enums") else None
            suspects = frame.filter(_suspects(column)).get_column(column.name).unique()
            faulty = [one for one in suspects if _is_faulty(one, column, vocabulary)]
            for row in frame.filter(value.is_in(faulty)).iter_rows(named=True) if faulty else ():
                _check(row[column.name], column, vocabulary, findings, table, row, japan=japan)


def _suspects(column: Column) -> pl.Expr:
    """Where a cell may be at fault: everywhere that something stands, unless a look at the sets can tell."""
    value = pl.col(column.name)
    if column.type in ("id", "reference"):
        return (value != "") & ~(value.str.contains(PLAIN_ID) & (value.str.len_bytes() <= LONGEST))
    if column.type == "references":
        return (value != "") & ~value.str.contains(PLAIN_IDS)
    if column.type == "uuid":
        return (value != "") & ~value.str.contains(PLAIN_UUID)
    if column.type == "text":
        return (value.str.len_bytes() > LONGEST_OF.get(column.name, LONGEST)) | value.str.contains(CONTROL.pattern)
    return value != ""


def _is_faulty(value: str, column: Column, vocabulary: oneroster.Vocabulary | None) -> bool:
    if _CHECKS[column.type](value) or _common_fault(value, column):
        return True
    return vocabulary is not None and not all(vocabulary.has(one) for one in _values(value, column))


def _check(
    value: str,
    column: Column,
    vocabulary: oneroster.Vocabulary | None,
    findings: Findings,
    table: Table,
    row: Row,
    *,
    japan: bool,
) -> None:
    if fault := _CHECKS[column.type](value) or _common_fault(value, column):
        severity = NOTE if fault == "cell.uuid" and not japan else ERROR  # any text in the base profile
        _add(findings, fault, table, row, column, value, severity)
    elif vocabulary is not None:
        for one in _values(value, column):
            if not vocabulary.has(one):
                values = ", ".join(vocabulary.values)
                _add(findings, "cell.enum", table, row, column, one, cause=one, values=values)


def _values(value: str, column: Column) -> list[str]:
    return value.split(",") if column.type == "enums" else [value]


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
        row=row[ROW],
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


def _moment(value: str) -> str | None:
    try:
        return None if MOMENT.fullmatch(value) and datetime.fromisoformat(value) else "cell.moment"
    except ValueError:
        return "cell.moment"


def _status(value: str) -> str | None:
    return None if value in STATUSES else "cell.status"


def _year(value: str) -> str | None:
    return None if YEAR.fullmatch(value) and "1900" <= value <= "2199" else "cell.year"


def _integer(value: str) -> str | None:
    return None if INTEGER.fullmatch(value) else "cell.integer"


def _number(value: str) -> str | None:
    return None if NUMBER.fullmatch(value) else "cell.number"


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
    "number": _number,
    "uuid": _uuid,
    "moment": _moment,
    "status": _status,
    "empty": lambda value: "cell.empty",
}
