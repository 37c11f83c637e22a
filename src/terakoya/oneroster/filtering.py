"""A filter of OneRoster as a condition of the database: what may be filtered by, and how values compare."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import ExpressionWrapper, F, Q, TextField, Value
from django.db.models.functions import Coalesce, Collate, Concat, NullIf

from terakoya.kit import clock
from terakoya.roster import api as roster
from terakoya.standards.oneroster_query import Clause, Filter, QueryFault

TEXT, LIST, FLAG, NUMBER, DATE, LAST_DAY, MOMENT, CHANGE, STATUS, KEY = (
    "text", "list", "flag", "number", "date", "last day", "moment", "change", "status", "key",
)  # fmt: skip
LOOKUPS = {"=": "exact", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte", "~": "icontains"}
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # of rows from before changes were kept


@dataclass(frozen=True)
class By:
    """How a name is filtered and sorted by.

    column: of the query, with the double underscores of Django
    kind: TEXT; LIST (values with commas between); FLAG; NUMBER; DATE; LAST_DAY (the column has the day after it);
    MOMENT (a column of date and time); CHANGE (the number of a change of the roster stands for its moment);
    STATUS (``tobedeleted`` where the column is not null); KEY (a UUID)
    also: another column that speaks when this one is empty
    """

    column: str
    kind: str = TEXT
    also: str = ""

    def condition(self, clause: Clause) -> Q:
        """The rows to which a clause applies. Raises ``QueryFault``."""
        return _KINDS[self.kind](self, clause)

    def order(self) -> Any:
        """What rows are sorted by: texts by code points, nothing before everything."""
        if self.kind in (TEXT, LIST):
            return _text_of(self)
        first = {NUMBER: Value(-1), CHANGE: Value(0), DATE: Value(date.min), LAST_DAY: Value(date.min)}.get(self.kind)
        return F(self.column) if first is None else Coalesce(self.column, first)


def condition_of(filter_: Filter, known: Mapping[str, By]) -> Q:
    """The rows to which a filter applies. Raises ``QueryFault`` for a value that its field cannot have."""
    first, *more = (known[clause.field].condition(clause) for clause in filter_.clauses)
    for other in more:
        first = first & other if filter_.join == "AND" else first | other
    return first


def since(filter_: Filter | None, known: Mapping[str, By]) -> By | None:
    """The column of changes, when a filter asks for what was changed since a moment: such a list goes by it."""
    if filter_ is None or filter_.join == "OR":
        return None
    asked = (known[clause.field] for clause in filter_.clauses if clause.operator in (">", ">="))
    return next((by for by in asked if by.kind in (CHANGE, MOMENT)), None)


def _text(by: By, clause: Clause) -> Q:
    return _compared(by, clause, clause.value)


def _list(by: By, clause: Clause) -> Q:
    """``=`` compares the whole list, ``~`` asks whether a value is among it."""
    if clause.operator != "~":
        return _compared(by, clause, clause.value)
    wrapped = Concat(Value(","), F(by.column), Value(","), output_field=TextField())
    return _looked_up(wrapped, "contains", f",{clause.value},")


def _flag(by: By, clause: Clause) -> Q:
    if clause.operator not in ("=", "!=") or clause.value not in ("true", "false"):
        raise _unfit(clause, "= or != and 'true' or 'false'")
    return Q(**{by.column: (clause.value == "true") is (clause.operator == "=")})


def _number(by: By, clause: Clause) -> Q:
    try:
        value = float(clause.value)
    except ValueError:
        raise _unfit(clause, "a number, such as '12'") from None
    if not abs(value) < 1e15 or clause.operator == "~":
        raise _unfit(clause, "a number, such as '12', and no ~")
    return _compared(by, clause, int(value) if value == int(value) else value)


def _date(by: By, clause: Clause) -> Q:
    try:
        day = date.fromisoformat(clause.value)
    except ValueError:
        raise _unfit(clause, "a day, such as '2026-04-01'") from None
    if clause.operator == "~":
        raise _unfit(clause, "no ~ for a day")
    if by.kind == LAST_DAY:
        day = day + timedelta(days=1) if day < date.max else day
    return _compared(by, clause, day)


def _moment(by: By, clause: Clause) -> Q:
    return _compared(by, clause, moment_of(clause))


def _change(by: By, clause: Clause) -> Q:
    """A moment as a range of changes, which rise with time."""
    moment = moment_of(clause)
    at, after = roster.first_change_from(moment), roster.first_change_from(moment, after=True)
    column, unknown = by.column, Q(**{f"{by.column}__isnull": True})
    old = unknown if moment > EARLIEST else Q(pk__in=())
    ranges = {
        ">=": Q(**{f"{column}__gte": at}),
        ">": Q(**{f"{column}__gte": after}),
        "<": Q(**{f"{column}__lt": at}) | old,
        "<=": Q(**{f"{column}__lt": after}) | old,
        "=": Q(**{f"{column}__gte": at, f"{column}__lt": after}),
    }
    return ~ranges["="] | unknown if clause.operator == "!=" else ranges[clause.operator]


def _status(by: By, clause: Clause) -> Q:
    if clause.operator not in ("=", "!=") or clause.value not in ("active", "tobedeleted"):
        raise _unfit(clause, "= or != and 'active' or 'tobedeleted'")
    lives = (clause.value == "active") is (clause.operator == "=")
    return Q(**{f"{by.column}__isnull": lives})


def _key(by: By, clause: Clause) -> Q:
    try:
        value = UUID(clause.value)
    except ValueError:
        raise _unfit(clause, "a UUID, such as '1b4e28ba-2fa1-41d2-883f-0016d3cca427'") from None
    if clause.operator == "~":
        raise _unfit(clause, "no ~ for a UUID")
    return _compared(by, clause, value)


_KINDS: dict[str, Callable[[By, Clause], Q]] = {
    TEXT: _text,
    LIST: _list,
    FLAG: _flag,
    NUMBER: _number,
    DATE: _date,
    LAST_DAY: _date,
    MOMENT: _moment,
    CHANGE: _change,
    STATUS: _status,
    KEY: _key,
}


def moment_of(clause: Clause) -> datetime:
    """The moment that a clause names: ISO 8601; without a zone in Japan, a day alone from its beginning."""
    try:
        moment = datetime.fromisoformat(clause.value)
        aware = moment if moment.tzinfo else datetime.combine(moment.date(), moment.time(), clock.JAPAN)
        instant = aware.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unfit(clause, "a moment, such as '2026-04-01T00:00:00Z'") from None
    if clause.operator == "~":
        raise _unfit(clause, "no ~ for a moment")
    return instant


def _compared(by: By, clause: Clause, value: Any) -> Q:
    lookup = LOOKUPS["=" if clause.operator == "!=" else clause.operator]
    if by.kind == TEXT and (by.also or lookup in ("gt", "gte", "lt", "lte")):
        found = _looked_up(by.order(), lookup, value)
    else:
        found = Q(**{f"{by.column}__{lookup}": value})
    return ~found if clause.operator == "!=" else found


def _looked_up(text: Any, lookup: str, value: str) -> Q:
    found: Any = TextField().get_lookup(lookup)
    return Q(found(text, value))


def _text_of(by: By) -> Any:
    column: Any = F(by.column)
    if by.also:
        column = Coalesce(NullIf(column, Value("")), F(by.also), output_field=TextField())
    if connection.vendor == "postgresql":
        column = Collate(column, "C")
    return ExpressionWrapper(column, output_field=TextField())


def _unfit(clause: Clause, expected: str) -> QueryFault:
    return QueryFault("invalid_filter_field", "filter", f"{clause} cannot be answered. Expected: {expected}.")
