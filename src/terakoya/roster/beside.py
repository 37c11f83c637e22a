"""Files that a package holds beside the roster, as marks and materials: other rooms keep what they say.

Such a room registers how its files are taken over with a package, in the transaction of its change, how they are told
in one, and how what a change brought is taken back.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from .findings import Findings
from .models import Organisation

Row = Mapping[str, str]
NUMBER = "#"  # the column of a table with the numbers of its rows
Counts = dict[str, dict[str, int]]


@dataclass(frozen=True)
class File:
    """The rows of a file by their columns, each with its number in a spreadsheet; cells are checked one by one."""

    rows: Sequence[tuple[int, Row]]
    is_delta: bool = False


def file_of(rows: Iterable[Mapping[str, Any]]) -> File:
    """A file by its rows as a table has them, their numbers under ``#``; where they have a status it is a delta."""
    numbered = [(int(row[NUMBER]), {name: str(cell) for name, cell in row.items() if name != NUMBER}) for row in rows]
    return File(numbered, any(row["status"] for _, row in numbered))


def keys_of_organisations(sourced_ids: Iterable[str]) -> list[UUID]:
    """The keys of organisations."""
    return list(Organisation.objects.filter(sourced_id__in=list(sourced_ids)).values_list("uuid", flat=True))


@dataclass(frozen=True)
class Taking:
    """A package that is taken over: the number of its change, whose it is, and what is found in it.

    organisations: keys of those that the package speaks of; a bulk file replaces what was there of these
    """

    change: int
    by: str
    organisations: Collection[UUID]
    findings: Findings


@dataclass(frozen=True)
class Keeper:
    """A room that keeps files.

    take: takes files over, by name; the counts of each kind of row. Writes nothing where it finds an error
    give: the rows of a file, cells in the order of the standard's columns, by sourcedId: of some organisations (None:
        all), what lives (bulk), or what was touched since a moment, gone rows too (delta)
    undo: takes back what a change brought: its number, and who does it
    """

    files: tuple[str, ...]
    take: Callable[[Mapping[str, File], Taking], Counts]
    give: Callable[[str, Collection[UUID] | None, datetime | None], Iterator[Sequence[str]]]
    undo: Callable[[int, str], None]


_keepers: list[Keeper] = []


def register_keeper(keeper: Keeper) -> None:
    """Let a room keep files from now on."""
    if not any(known.files == keeper.files for known in _keepers):
        _keepers.append(keeper)


def kept_files() -> list[str]:
    """The names of all files that some room keeps."""
    return [name for keeper in _keepers for name in keeper.files]


def take_over(files: Mapping[str, File], taking: Taking) -> Counts:
    """Give the files of a package to the rooms that keep them; after the roster itself was written."""
    counts: Counts = {}
    for keeper in _keepers:
        own = {name: file for name, file in files.items() if name in keeper.files}
        if own:
            counts |= keeper.take(own, taking)
    return counts


def rows_of(
    name: str, organisations: Collection[UUID] | None = None, since: datetime | None = None
) -> Iterator[Sequence[str]]:
    """The rows of a file that some room keeps, as :class:`Keeper` says; none for any other."""
    for keeper in _keepers:
        if name in keeper.files:
            yield from keeper.give(name, organisations, since)


def undo(change: int, by: str) -> None:
    """Take back what a change brought beside the roster; in its transaction."""
    for keeper in reversed(_keepers):
        keeper.undo(change, by)
