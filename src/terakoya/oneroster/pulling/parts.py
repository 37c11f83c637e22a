"""What was read so far: one file of rows for each file of a package, in a folder that outlives a crash."""

import csv
import io
import zipfile
from array import array
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES, Profile

from .rows import Row

FILES = (*oneroster.ROSTERING, *oneroster.OPTIONAL)
JAPANESE, PLAIN = "k12-schools-1.0", "base-1.2.1"
JAPAN = "metadata.jp."
ID, STATUS, MODIFIED = "sourcedId", "status", "dateLastModified"
DELETED = "tobedeleted"


class Parts:
    """The rows of a pull on the disk, below ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def sizes(self) -> dict[str, int]:
        """How many bytes of each file there are."""
        return {path.stem: path.stat().st_size for path in self.folder.glob("*.csv")}

    def cut_to(self, sizes: dict[str, int]) -> None:
        """Forget what came after the sizes were written down: the page is read again."""
        for path in self.folder.glob("*.csv"):
            with path.open("r+b") as file:
                file.truncate(sizes.get(path.stem, 0))

    def add(self, rows: Iterable[tuple[str, Row]]) -> None:
        """Write the rows of a page."""
        texts: dict[str, io.StringIO] = {}
        for name, row in rows:
            text = texts.setdefault(name, io.StringIO(newline=""))
            csv.writer(text).writerow([row.get(column, "") for column in columns_of(name)])
        for name, text in texts.items():
            with self._path(name).open("ab") as file:
                file.write(text.getvalue().encode())

    def rows(self, name: str) -> Iterator[Row]:
        """The rows of a file; of those with the same identifier the last one, as it is the newest."""
        doubled = self._doubled(name)
        last = {row[ID]: number for number, row in enumerate(self._read(name)) if hash(row[ID]) in doubled}
        for number, row in enumerate(self._read(name)):
            if last.get(row[ID], number) == number:
                yield row

    def are_empty(self) -> bool:
        """Whether no row was read."""
        return not any(self.sizes().values())

    def write_package(self, target: Path, *, is_whole: bool) -> None:
        """Write what was read as a package: a whole roster (bulk), or what has changed (delta)."""
        profile = PROFILES[JAPANESE if self._is_japanese() else PLAIN]
        files = [name for name in FILES if name in oneroster.ROSTERING or self._path(name).exists()]
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            _write(package, "manifest", oneroster.MANIFEST_HEADER, _manifest(profile, files, is_whole))
            for name in files:
                headings = [heading.name for heading in profile.headings[name]]
                _write(package, name, headings, _cells(self.rows(name), headings, is_whole))

    def _is_japanese(self) -> bool:
        """Whether the server tells what only the Japan profile has."""
        return any(
            row[column]
            for name in FILES
            if (columns := [one for one in columns_of(name) if one.startswith(JAPAN)])
            for row in self._read(name)
            for column in columns
        )

    def _doubled(self, name: str) -> set[int]:
        """Digests of the identifiers that come twice, as of a list that moved while it was read."""
        digests = sorted(array("q", (hash(row[ID]) for row in self._read(name))))
        return {one for one, other in pairwise(digests) if one == other}

    def _read(self, name: str) -> Iterator[Row]:
        if self._path(name).exists():
            with self._path(name).open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file, columns_of(name))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.csv"


def columns_of(name: str) -> list[str]:
    """The columns in which a part is kept: all that a Japanese package has."""
    return [heading.name for heading in PROFILES[JAPANESE].headings[name]]


def _cells(rows: Iterable[Row], headings: list[str], is_whole: bool) -> Iterator[list[str]]:
    for row in rows:
        if not is_whole:
            yield [row[heading] for heading in headings]
        elif row[STATUS] != DELETED:
            yield ["" if heading in (STATUS, MODIFIED) else row[heading] for heading in headings]


def _manifest(profile: Profile, files: list[str], is_whole: bool) -> Iterator[list[str]]:
    mode = "bulk" if is_whole else "delta"
    yield ["manifest.version", "1.0"]
    yield ["oneroster.version", profile.version]
    yield from ([f"file.{name}", mode if name in files else "absent"] for name in oneroster.MANIFEST_ORDER)
    yield ["source.systemName", ""]
    yield ["source.systemCode", ""]


def _write(package: zipfile.ZipFile, name: str, header: Iterable[str], rows: Iterable[list[str]]) -> None:
    with (
        package.open(f"{name}.csv", "w", force_zip64=True) as file,
        io.TextIOWrapper(file, "utf-8", newline="") as text,
    ):
        table = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        table.writerow(header)
        table.writerows(rows)
