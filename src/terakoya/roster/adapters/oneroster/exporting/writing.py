"""Writes the files of a package, byte for byte the same for the same roster."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import itemgetter
from types import TracebackType
from typing import BinaryIO, Self

from terakoya.roster.loading.progress import tell
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import Profile

Row = Sequence[object]
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP file can say: when it was written is no part of a package
LEVEL = 6
TOLD_EVERY = 5_000  # rows
UNIX = 3
SYSTEM = ("Terakoya", "terakoya")


class PackageWriter:
    """A ZIP file of CSV files: UTF-8 without a mark, every value quoted, CRLF, as the Japan profiles ask."""

    def __init__(self, target: BinaryIO) -> None:
        self._package = zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._package.close()

    def write(self, name: str, header: Sequence[str], rows: Iterable[Row]) -> int:
        """Write a file; the number of its rows below the header."""
        before, left = self._rows, iter(rows)
        with self._file(f"{name}.csv") as text:
            table = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            table.writerow(header)
            while some := list(islice(left, TOLD_EVERY)):
                table.writerows(some)
                self._rows += len(some)
                tell("export", self._rows)
        return self._rows - before

    @contextmanager
    def _file(self, name: str) -> Iterator[io.TextIOBase]:
        entry = zipfile.ZipInfo(name, LONG_AGO)
        entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, UNIX
        with (
            self._package.open(entry, "w") as file,
            io.TextIOWrapper(io.BufferedWriter(file, 1 << 20), "utf-8", newline="") as text,
        ):
            yield text


def manifest(profile: Profile, modes: dict[str, str]) -> list[Row]:
    """The rows of manifest.csv; a file that is not named is absent."""
    return [
        ("manifest.version", "1.0"),
        ("oneroster.version", profile.version),
        *((f"file.{name}", modes.get(name, "absent")) for name in oneroster.MANIFEST_ORDER),
        ("source.systemName", SYSTEM[0]),
        ("source.systemCode", SYSTEM[1]),
    ]


def as_headed(profile: Profile, file: str, columns: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    """Rows with cells for some columns of the standard, as rows with a cell for each heading of a profile."""
    places = {name: place for place, name in enumerate(columns)}
    fixed = profile.fixed.get(file, {})
    width = len(columns)
    told = [fixed.get(heading.name, "") for heading in profile.headings[file]]
    pick = itemgetter(
        *(
            width + index if heading.name in fixed else places.get(heading.column.name, width + index)
            for index, heading in enumerate(profile.headings[file])
        )
    )
    return (pick((*row, *told)) for row in rows)
