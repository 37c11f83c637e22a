"""What a school's own tables are called and consist of: fields, the names of their columns, the words in their cells.

All of it is data (``columns.toml``): a name that a school uses and that is missing there is added there.
"""

import tomllib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

_FILE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("columns.toml").read_text(encoding="utf-8"))

KINDS = ("pupils", "staff", "guardians")
FIELDS: dict[str, dict[str, Any]] = _FILE["fields"]
SIGNS: dict[str, Any] = _FILE["signs"]
STAGES: dict[str, str] = _FILE["stages"]
SEXES: dict[str, list[str]] = _FILE["sexes"]
ROLES: dict[str, list[str]] = _FILE["roles"]
HEADINGS: dict[str, str] = _FILE["headings"]
SHEETS: dict[str, str] = _FILE["sheets"]
NEEDED: dict[str, list[list[str]]] = _FILE["needed"]
TITLES: dict[str, str] = _FILE["titles"]


@dataclass(frozen=True)
class Era:
    """A Japanese era: its name and letter, its first day, its last one (the present era has none)."""

    name: str
    letter: str
    first: date
    last: date | None


ERAS: tuple[Era, ...] = tuple(
    Era(name, letter, date.fromisoformat(first), date.fromisoformat(last) if last else None)
    for name, (letter, first, last) in _FILE["eras"].items()
)


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields that a table of a kind may have."""
    return tuple(name for name, field in FIELDS.items() if kind in field["in"])


def plain(heading: str) -> str:
    """A heading without what differs from school to school: width, case, spaces, and brackets with what is in them."""
    kept, depth = [], 0
    for sign in unicodedata.normalize("NFKC", heading).casefold():
        depth += sign in "([<"
        if depth == 0 and not sign.isspace() and sign not in ".*:":
            kept.append(sign)
        depth -= sign in ")]>" and depth > 0
    return "".join(kept)


@cache
def field_called(heading: str, kind: str) -> str | None:
    """The field that a heading names in a table of a kind."""
    wanted = plain(heading)
    for name in fields_of(kind):
        if wanted and wanted in (plain(one) for one in FIELDS[name]["names"]):
            return name
    return None


def proposal(headings: Sequence[str], kind: str) -> dict[str, int]:
    """Which field stands in which column (from 0), as the headings say; of two columns the first one."""
    found: dict[str, int] = {}
    for index, heading in enumerate(headings):
        field = field_called(heading, kind)
        if field is not None:
            found.setdefault(field, index)
    return found


def missing(mapping: dict[str, int], kind: str) -> list[list[str]]:
    """The groups of fields of which a table of a kind needs one and has none."""
    return [group for group in NEEDED[kind] if not any(field in mapping for field in group)]


def word_for(text: str, words: dict[str, list[str]]) -> str | None:
    """The value for which a word stands, whatever its width and case."""
    wanted = plain(text)
    for value, names in words.items():
        if wanted in (plain(name) for name in names):
            return value
    return None
