"""Packages that a test can damage: the rows of each file, and the ZIP file made of them again."""

import csv
import io
import zipfile
from pathlib import Path

Rows = list[list[str]]


class Package:
    """A OneRoster package taken apart."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as package:
            texts = {name: package.read(name).decode() for name in package.namelist()}
        self.files: dict[str, Rows] = {
            name.removesuffix(".csv"): list(csv.reader(io.StringIO(text, newline=""))) for name, text in texts.items()
        }
        self.raw: dict[str, bytes] = {}  # by file name; written as it is, beside or instead of a file

    def column(self, file: str, header: str) -> int:
        return self.files[file][0].index(header)

    def value(self, file: str, row: int, header: str) -> str:
        """The cell in a row, counted as a spreadsheet does."""
        return self.files[file][row - 1][self.column(file, header)]

    def set(self, file: str, row: int, header: str, value: str) -> None:
        self.files[file][row - 1][self.column(file, header)] = value

    def rows_with(self, file: str, header: str, value: str) -> list[int]:
        at = self.column(file, header)
        return [number for number, row in enumerate(self.files[file], 1) if number > 1 and row[at] == value]

    def add_column(self, file: str, header: str, value: str = "") -> None:
        for number, row in enumerate(self.files[file]):
            row.append(value if number else header)

    def drop_column(self, file: str, header: str) -> None:
        at = self.column(file, header)
        for row in self.files[file]:
            del row[at]

    def set_manifest(self, name: str, value: str) -> None:
        for row in self.files["manifest"]:
            if row[0] == name:
                row[1] = value

    def without_people(self, *sourced_ids: str) -> None:
        """Take people out, with everything that refers to them."""
        keys = {
            "users": "sourcedId",
            "demographics": "sourcedId",
            "roles": "userSourcedId",
            "enrollments": "userSourcedId",
        }
        for file, header in keys.items():
            at = self.column(file, header)
            self.files[file] = [row for row in self.files[file] if row[at] not in sourced_ids]
        at = self.column("users", "agentSourcedIds")
        for row in self.files["users"][1:]:
            row[at] = ",".join(one for one in row[at].split(",") if one and one not in sourced_ids)

    def bytes(self) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            for name, rows in self.files.items():
                if f"{name}.csv" not in self.raw:
                    package.writestr(f"{name}.csv", as_csv(rows))
            for name, data in self.raw.items():
                package.writestr(name, data)
        return made.getvalue()

    def file(self) -> io.BytesIO:
        return io.BytesIO(self.bytes())


def as_csv(rows: Rows) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue()
