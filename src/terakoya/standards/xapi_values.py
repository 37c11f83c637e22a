"""The kinds of value that xAPI statements are made of, each with its check (xAPI 2.0 = IEEE 9274.1.1, 1.0.3).

A check takes a decoded JSON value and the path to it, and raises ``StatementRefused`` or returns nothing.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

Check = Callable[[Any, str], None]

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_IRI = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20\x7f<>"{}|\\^`\ud800-\udfff]+')
_LANGUAGE = re.compile(
    r"(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4,8})(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-WY-Za-wy-z0-9](?:-[A-Za-z0-9]{2,8})+)*"
    r"(?:-[Xx](?:-[A-Za-z0-9]{1,8})+)?|[Xx](?:-[A-Za-z0-9]{1,8})+|i-[a-z]{2,8}"
)
_TIMESTAMP = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})"
)
_DURATION = re.compile(
    r"P(?:[0-9]+(?:[.,][0-9]+)?W|(?=.)(?:[0-9]+(?:[.,][0-9]+)?Y)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?D)?"
    r"(?:T(?=[0-9])(?:[0-9]+(?:[.,][0-9]+)?H)?(?:[0-9]+(?:[.,][0-9]+)?M)?(?:[0-9]+(?:[.,][0-9]+)?S)?)?)"
)


class StatementRefused(ValueError):
    """A statement is not as the standard demands: where (``context.registration``) and what is expected there."""

    def __init__(self, path: str, expected: str) -> None:
        self.path = path.lstrip(".")
        self.expected = expected
        super().__init__(f"{self.path or 'the statement'}: expected {expected}")


def properties(
    value: Any, path: str, known: Mapping[str, Check], required: Collection[str] = (), *, what: str = "an object"
) -> None:
    """An object with only known properties, each right, and all required ones."""
    if type(value) is not dict:
        raise StatementRefused(path, what)
    for name, item in value.items():
        check = known.get(name)
        if check is None:
            raise StatementRefused(f"{path}.{name}", f"no such property; known here are {', '.join(known)}")
        check(item, f"{path}.{name}")
    for name in required:
        if name not in value:
            raise StatementRefused(f"{path}.{name}", "this property, which is required")


def text(value: Any, path: str) -> None:
    if type(value) is not str:
        raise StatementRefused(path, "a string")


def boolean(value: Any, path: str) -> None:
    if type(value) is not bool:
        raise StatementRefused(path, "true or false")


def number(value: Any, path: str) -> None:
    if type(value) not in (int, float):
        raise StatementRefused(path, "a number")


def whole_number(value: Any, path: str) -> None:
    if type(value) is not int or value < 0:
        raise StatementRefused(path, "a whole number, 0 or more")


def uuid(value: Any, path: str) -> None:
    if type(value) is not str or _UUID.fullmatch(value) is None:
        raise StatementRefused(path, "a UUID such as 7c9e6679-7425-40de-944b-e07fc1f90ae7")


@lru_cache(4096)
def _is_iri(value: str) -> bool:
    return _IRI.fullmatch(value) is not None


def iri(value: Any, path: str) -> None:
    if type(value) is not str or not _is_iri(value):
        raise StatementRefused(path, "an IRI with a scheme, such as https://example.org/lesson")


@lru_cache(512)
def _is_language(value: str) -> bool:
    return _LANGUAGE.fullmatch(value) is not None


def language(value: Any, path: str) -> None:
    if type(value) is not str or not _is_language(value):
        raise StatementRefused(path, "a language tag of RFC 5646, such as ja-JP")


def language_map(value: Any, path: str) -> None:
    if type(value) is not dict:
        raise StatementRefused(path, "an object of texts by language tag")
    for tag, item in value.items():
        if not _is_language(tag):
            raise StatementRefused(f"{path}.{tag}", "a language tag of RFC 5646 as the name, such as ja-JP")
        text(item, f"{path}.{tag}")


def extensions(value: Any, path: str) -> None:
    """An object whose names are IRIs; the values are free, and may be null (xAPI 2.0, 4.2.7)."""
    if type(value) is not dict:
        raise StatementRefused(path, "an object whose names are IRIs")
    for name in value:
        if not _is_iri(name):
            raise StatementRefused(f"{path}.{name}", "an IRI with a scheme as the name of the extension")


def moment(value: str) -> datetime:
    """The instant of a checked timestamp, in UTC; without a zone (1.0.3) it is read as UTC. ``ValueError`` if none."""
    found = datetime.fromisoformat(value.upper())
    if not 2 <= found.year <= 9998:  # the hours of a zone must not lead out of the calendar
        raise ValueError(value)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def timestamp(value: Any, path: str) -> None:
    """RFC 3339, as xAPI 2.0 demands; the unknown zone ``-00:00`` is refused."""
    expected = "a time of RFC 3339 with its zone, such as 2026-05-01T09:30:00+09:00"
    found = _TIMESTAMP.fullmatch(value) if type(value) is str else None
    if found is None or found["zone"] == "-00:00":
        raise StatementRefused(path, expected)
    _readable(value, path, expected)


def lenient_timestamp(value: Any, path: str) -> None:
    """ISO 8601, as xAPI 1.0.3 demands; the zone may be missing."""
    expected = "a time of ISO 8601, such as 2026-05-01T09:30:00+09:00"
    if type(value) is not str or not re.match(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[Tt ][0-9]{2}", value):
        raise StatementRefused(path, expected)
    if value.endswith(("-00", "-0000", "-00:00")):
        raise StatementRefused(path, expected)
    _readable(value, path, expected)


def _readable(value: str, path: str, expected: str) -> None:
    try:
        moment(value)
    except (ValueError, OverflowError):
        raise StatementRefused(path, expected) from None


def duration(value: Any, path: str) -> None:
    if type(value) is not str or _DURATION.fullmatch(value) is None or value[-1] in "PT":
        raise StatementRefused(path, "a duration of ISO 8601, such as PT4M30S")


def one_of(*choices: str) -> Check:
    """A check that the value is one of the choices."""

    def check(value: Any, path: str) -> None:
        if type(value) is not str or value not in choices:
            raise StatementRefused(path, " or ".join(f'"{choice}"' for choice in choices))

    return check


def list_of(check: Check, *, what: str = "a list") -> Check:
    """A check that the value is a list of which each member passes the check."""

    def check_list(value: Any, path: str) -> None:
        if type(value) is not list:
            raise StatementRefused(path, what)
        for index, item in enumerate(value):
            check(item, f"{path}[{index}]")

    return check_list


def pattern(expression: str, expected: str) -> Check:
    """A check that the value is a string of this form."""
    compiled = re.compile(expression)

    def check(value: Any, path: str) -> None:
        if type(value) is not str or compiled.fullmatch(value) is None:
            raise StatementRefused(path, expected)

    return check
