"""The matrix as its page shows it: made from the same data that decide."""

from dataclasses import dataclass
from typing import Any

from . import cell_tables, words
from .matrix import Stakeholder, Storage, matrix
from .policy import policy_text


@dataclass(frozen=True)
class Cell:
    """One cell: marked with a circle or a dash, under the column ``information``."""

    information: str
    column: str
    marked: bool


@dataclass(frozen=True)
class TableRow:
    """One row of table 1 or 2; a row of table 1 with the group in which it is worked out."""

    id: str
    name: str
    short: str
    cells: list[Cell]
    group: str = ""


def as_read() -> dict[str, Any]:
    """All that the page shows, in the reader's language and for the legal regime of the node."""
    language = words.language()
    rules = matrix()
    return {
        "columns": [name.say(language) for name in rules.information.values()],
        "uses": [_use_row(row) for row in rules.stakeholders.values() if row.in_table],
        "storages": [_storage_row(row) for row in rules.storages],
        "notes": [note.say(language) for note in rules.notes],
        "source": rules.source.say(language),
        "never": [{"id": key, "text": text} for key, text in words.BANS.items()],
        "policies": policy_text(),
    }


def _use_row(row: Stakeholder) -> TableRow:
    return TableRow(
        id=row.id,
        name=row.name.say(words.language()),
        short=row.short.say(words.language()),
        cells=_cells(row.primary),
        group=next(cell_tables.group_of(part) for part in matrix().parts.values() if part.row == row.id),
    )


def _storage_row(row: Storage) -> TableRow:
    language = words.language()
    return TableRow(row.id, row.name.say(language), row.short.say(language), _cells(row.holds))


def _cells(marked: tuple[str, ...]) -> list[Cell]:
    return [Cell(key, name.say(words.language()), key in marked) for key, name in matrix().information.items()]
