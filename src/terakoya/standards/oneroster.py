"""The OneRoster CSV binding as data: files, columns, vocabularies and versions.

Source: 1EdTech OneRoster 1.2 and 1.2.1, CSV binding, and the Japan profiles. All of it stands in two data files; what a
profile says beyond them in ``oneroster_profiles``.
"""

import csv
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_HERE = Path(__file__).parent
_FILE = tomllib.loads((_HERE / "oneroster.toml").read_text(encoding="utf-8"))
_JAPAN = tomllib.loads((_HERE / "oneroster_profiles" / "japan-1.1.toml").read_text(encoding="utf-8"))["vocabularies"]

ROSTERING: tuple[str, ...] = tuple(_FILE["files"]["rostering"])
OPTIONAL: tuple[str, ...] = tuple(_FILE["files"]["optional"])
GRADEBOOK: tuple[str, ...] = tuple(_FILE["files"]["gradebook"])
RESOURCES: tuple[str, ...] = tuple(_FILE["files"]["resources"])
OTHER: tuple[str, ...] = (*GRADEBOOK, *RESOURCES)
MANIFEST_ORDER: tuple[str, ...] = tuple(_FILE["manifest"]["order"])
MANIFEST_HEADER: tuple[str, ...] = tuple(_FILE["manifest"]["header"])
VERSIONS: tuple[str, ...] = tuple(_FILE["manifest"]["versions"])
EARLIER_VERSIONS: tuple[str, ...] = tuple(_FILE["manifest"]["earlier"])
JAPAN_VERSIONS: tuple[str, ...] = tuple(_FILE["manifest"]["japan"])
MODES: tuple[str, ...] = tuple(_FILE["manifest"]["modes"])
ID = re.compile(_FILE["form"]["id"])
SCHOOL_YEAR_TITLE = re.compile(_FILE["form"]["school_year_title"])
CLOSED = ("roleType", "sex", "importance")  # vocabularies to which a vendor adds nothing
EXTENSION: str = _FILE["form"]["extension"]
EXTENSION_VALUE: str = _FILE["form"]["extension_value"]


@dataclass(frozen=True)
class Column:
    """A column of a file.

    type: id | text | boolean | date | year | integer | number | uuid | enum | enums | list | reference | references |
        empty
    of: the vocabulary of an enum, the file a reference points to
    also: an older spelling of the header
    part: base | base-1.2 | japan | terakoya
    """

    file: str
    name: str
    type: str
    required: bool
    of: str
    also: str
    part: str

    @property
    def must_be_there(self) -> bool:
        """Whether a file without this header is incomplete: the standard asks for every column, filled or not."""
        return self.part == "base"


@dataclass(frozen=True)
class Vocabulary:
    """The values of an enum; an open one also takes values that a vendor adds with ``ext:``. Empty: any value."""

    values: tuple[str, ...]
    is_open: bool

    def has(self, value: str) -> bool:
        return (
            not self.values
            or value in self.values
            or (self.is_open and value.startswith(EXTENSION_VALUE) and value != EXTENSION_VALUE)
        )


def _read_columns() -> dict[str, tuple[Column, ...]]:
    with (_HERE / "oneroster_columns.csv").open(encoding="utf-8", newline="") as file:
        columns = [
            Column(
                file=row["file"],
                name=row["name"],
                type=row["type"],
                required=row["required"] == "yes",
                of=row["of"],
                also=row["also"],
                part=row["part"],
            )
            for row in csv.DictReader(file)
        ]
    return {
        name: tuple(column for column in columns if column.file == name) for name in (*ROSTERING, *OPTIONAL, *OTHER)
    }


COLUMNS: dict[str, tuple[Column, ...]] = _read_columns()


def vocabulary(name: str, *, japan: bool) -> Vocabulary:
    """A vocabulary, narrower by the Japan profiles where they have one; ``roleType`` and the like are closed."""
    own = _JAPAN.get(name) if japan else None
    values = own if own is not None else _FILE["vocabularies"]["base"].get(name, [])
    return Vocabulary(tuple(values), is_open=own is None and name not in CLOSED)


def file_name(name: str) -> tuple[str, bool] | None:
    """The standard's name of a file in a package, and whether it was spelled so; None for a file it does not know."""
    stem = name.removesuffix(".csv") if name.endswith(".csv") else name[:-4] if name.lower().endswith(".csv") else ""
    for known in ("manifest", *ROSTERING, *OPTIONAL, *OTHER):
        if stem.lower() == known.lower() and stem:
            return known, name == f"{known}.csv"
    return None


def column_letter(index: int) -> str:
    """The letter over the column with this index (from 0) in a spreadsheet."""
    letters = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        letters, index = chr(65 + rest) + letters, index - 1
    return letters
