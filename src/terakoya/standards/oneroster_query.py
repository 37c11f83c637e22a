"""What may be asked of a list of OneRoster 1.2: which part of it, in which order, which of it, and which fields.

Source: 1EdTech OneRoster 1.2, REST binding: ``limit``, ``offset``, ``sort``, ``orderBy``, ``filter`` and ``fields``.
A filter is one clause ``field op 'value'`` or two of them joined by ``AND`` or ``OR``; a quote in a value is doubled.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

LIMIT = 100  # without a word about it
LARGEST_LIMIT = 10_000  # more is not given at once: the page ends there, and its link leads on
LARGEST = 2**31 - 1  # of an int32
OPERATORS = ("!=", ">=", "<=", "=", ">", "<", "~")
JOINS = ("AND", "OR")
PARAMETERS = ("limit", "offset", "sort", "orderBy", "filter", "fields", "cursor")

_FIELD = r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*"
_CLAUSE = re.compile(rf"\s*({_FIELD})\s*(!=|>=|<=|=|>|<|~)\s*'((?:''|[^'])*)'")
_JOIN = re.compile(r"\s+([A-Za-z]+)\s+")


class QueryFault(ValueError):
    """A question that cannot be answered.

    code: as the standard calls it (``invalid_filter_field``, ``invalid_selection_field``, ``invalid_sort_field``,
    ``invaliddata``); parameter: which one; the sentence says what was found and what is expected
    """

    def __init__(self, code: str, parameter: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code, self.parameter = code, parameter


@dataclass(frozen=True)
class Clause:
    """``field operator 'value'``; of a nested field the name is a path, as ``user.sourcedId``."""

    field: str
    operator: str
    value: str

    def __str__(self) -> str:
        quoted = self.value.replace("'", "''")
        return f"{self.field}{self.operator}'{quoted}'"


@dataclass(frozen=True)
class Filter:
    """One clause, or two that are joined by ``AND`` or ``OR``."""

    clauses: tuple[Clause, ...]
    join: str = ""

    def __str__(self) -> str:
        return f" {self.join} ".join(map(str, self.clauses))


@dataclass(frozen=True)
class Query:
    """A question to a list. ``cursor`` is this node's own: where the page before ended, as its link had it.

    sort: name of a field, "" in the order of the list; fields: the wanted ones, empty for all
    """

    limit: int = LIMIT
    offset: int = 0
    sort: str = ""
    descending: bool = False
    filter: Filter | None = None
    fields: tuple[str, ...] = ()
    cursor: str = ""


def query_of(asked: Mapping[str, Sequence[str]], *, filters: Collection[str], fields: Collection[str]) -> Query:
    """The question that the parameters of a request put (each name with all its values). Others are not looked at.

    filters: names that a filter and an order may use; fields: names that may be selected. Raises :class:`QueryFault`.
    """
    once = {name: _once(name, asked[name]) for name in PARAMETERS if name != "fields" and name in asked}
    return Query(
        limit=min(_number("limit", once["limit"], least=1), LARGEST_LIMIT) if "limit" in once else LIMIT,
        offset=_number("offset", once["offset"], least=0) if "offset" in once else 0,
        sort=_known(once["sort"], filters) if "sort" in once else "",
        descending=_descending(once.get("orderBy", "asc")),
        filter=filter_of(once["filter"], filters) if "filter" in once else None,
        fields=selected(asked.get("fields", ()), fields),
        cursor=once.get("cursor", ""),
    )


def filter_of(text: str, known: Collection[str]) -> Filter:
    """The filter that a text says, its fields among the known ones. Raises :class:`QueryFault`."""
    first = _CLAUSE.match(text)
    if first is None:
        raise _no_filter(text)
    clauses, join, rest = [_clause(first, known)], "", text[first.end() :]
    if rest.strip():
        between = _JOIN.match(rest)
        second = _CLAUSE.fullmatch(rest[between.end() :].rstrip()) if between else None
        if between is None or between[1] not in JOINS or second is None:
            raise _no_filter(text)
        join = between[1]
        clauses.append(_clause(second, known))
    return Filter(tuple(clauses), join)


def selected(values: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    """The fields that are asked for, each once: names with commas between, or several parameters of one name."""
    names = [name.strip() for value in values for name in value.split(",")]
    for name in names:
        if name not in known:
            expected = f"Expected: names with commas between, of {_list(known)}."
            raise QueryFault("invalid_selection_field", "fields", f"There is no field {_shown(name)} here. {expected}")
    return tuple(dict.fromkeys(names))


def _clause(match: re.Match[str], known: Collection[str]) -> Clause:
    field = match[1]
    if field not in known:
        said = f"Nothing is filtered by {_shown(field)} here. Expected: one of {_list(known)}."
        raise QueryFault("invalid_filter_field", "filter", said)
    return Clause(field, match[2], match[3].replace("''", "'"))


def _no_filter(text: str) -> QueryFault:
    return QueryFault(
        "invalid_filter_field",
        "filter",
        f"{_shown(text)} is no filter. Expected: one or two clauses such as status='active' AND "
        f"dateLastModified>='2026-04-01T00:00:00Z', operators {' '.join(OPERATORS)}, AND or OR between two.",
    )


def _once(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise QueryFault(_CODES.get(name, "invaliddata"), name, f"{name} is given {len(values)} times. Expected: once.")
    return values[0]


def _known(name: str, known: Collection[str]) -> str:
    if name not in known:
        said = f"Nothing is sorted by {_shown(name)} here. Expected: one of {_list(known)}."
        raise QueryFault("invalid_sort_field", "sort", said)
    return name


def _number(name: str, text: str, least: int) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text) or not least <= int(text) <= LARGEST:
        said = f"{name} is {_shown(text)}. Expected: a whole number from {least} to {LARGEST}, such as {name}=100."
        raise QueryFault("invaliddata", name, said)
    return int(text)


def _descending(text: str) -> bool:
    if text not in ("asc", "desc"):
        raise QueryFault("invaliddata", "orderBy", f"orderBy is {_shown(text)}. Expected: asc or desc.")
    return text == "desc"


def _list(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _shown(text: str) -> str:
    return repr(text if len(text) <= 100 else f"{text[:100]}…")


_CODES = {"filter": "invalid_filter_field", "sort": "invalid_sort_field"}
