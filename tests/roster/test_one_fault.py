"""Packages with one fault each, made from a good one: each fault is found in its file and row, and nothing else is."""

import copy
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from terakoya.roster.adapters.oneroster.reading import read_package
from terakoya.roster.findings import ERROR, Finding, Findings
from terakoya.roster.loading.folders import work_folder
from terakoya.standards import oneroster

from .packages import Package, as_csv

pytestmark = pytest.mark.django_db  # what lies beside a roster is asked of the tables

FILES = (*oneroster.ROSTERING, "demographics")
WRONG = {
    "id": ("two words", "x" * 256),
    "reference": ("nobody-has-this", "not/allowed?"),
    "references": ("nobody-has-this", ",,"),
    "date": ("2026/4/1", "2026-02-30", "R8.4.1"),
    "year": ("R8", "26"),
    "boolean": ("yes", "TRUE"),
    "enum": ("?", "Other Value"),
    "enums": ("?",),
    "integer": ("-1", "第3"),
    "uuid": ("123", "123e4567-e89b-12d3-a456-426614174000"),
    "list": ("a,,b",),
    "empty": ("active",),
    "text": ("x" * 256, "bell\x07"),
}


class Fault(NamedTuple):
    """A package with a fault, and where it must be found."""

    what: str
    package: Package
    file: str
    row: int | None


@pytest.fixture(scope="module")
def good(package_path: Path) -> Package:
    return Package(package_path)


def errors_of(package: Package) -> list[Finding]:
    findings = Findings()
    with work_folder() as folder:
        read_package(io.BytesIO(package.bytes()), folder, findings)
    return [one for one in findings.list() if one.severity == ERROR]


def damaged(good: Package) -> Package:
    """A copy whose files can be changed."""
    package = copy.copy(good)
    package.files = {name: [list(row) for row in rows] for name, rows in good.files.items()}
    package.raw = dict(good.raw)
    return package


def wrong_cells(good: Package, file: str) -> Iterator[Fault]:
    """Every column with every value that its type forbids, and empty where it must be filled."""
    header = good.files[file][0]
    row = min(3, len(good.files[file]))
    for column in oneroster.COLUMNS[file]:
        if column.name not in header or (column.part == "terakoya" and column.type != "references"):
            continue
        for value in (*WRONG.get(column.type, ()), *([""] if column.required else [])):
            package = damaged(good)
            package.set(file, row, column.name, value)
            yield Fault(f"{file}.{column.name} = {value[:20]!r}", package, f"{file}.csv", row)


def wrong_rows(good: Package, file: str) -> Iterator[Fault]:
    last = len(good.files[file])
    short, long, twice, quotes = (damaged(good) for _ in range(4))
    short.files[file][-1].pop()
    long.files[file][-1].append("surplus")
    twice.files[file].append(list(twice.files[file][-1]))
    quotes.raw[f"{file}.csv"] = as_csv(good.files[file]).encode() + b'"open,'
    yield Fault(f"{file}: a cell short", short, f"{file}.csv", last)
    yield Fault(f"{file}: a cell more", long, f"{file}.csv", last)
    yield Fault(f"{file}: a row twice", twice, f"{file}.csv", last + 1)
    yield Fault(f"{file}: open quotation", quotes, f"{file}.csv", last + 1)


def wrong_headers(good: Package, file: str) -> Iterator[Fault]:
    for column in oneroster.COLUMNS[file]:
        if column.must_be_there:
            package = damaged(good)
            package.drop_column(file, column.name)
            yield Fault(f"{file} without {column.name}", package, f"{file}.csv", 1)
    for name in ("undeclared", "", good.files[file][0][0]):
        package = damaged(good)
        package.add_column(file, name)
        yield Fault(f"{file} with a column {name!r}", package, f"{file}.csv", 1)


def wrong_files(good: Package, file: str) -> Iterator[Fault]:
    encoded, empty, absent = (damaged(good) for _ in range(3))
    encoded.raw[f"{file}.csv"] = as_csv([*good.files[file], ["山田"] * len(good.files[file][0])]).encode(
        "cp932", "replace"
    )
    empty.raw[f"{file}.csv"] = b""
    absent.set_manifest(f"file.{file}", "absent")
    (row,) = good.rows_with("manifest", "propertyName", f"file.{file}")
    yield Fault(f"{file} in CP932", encoded, f"{file}.csv", None)
    yield Fault(f"{file} is empty", empty, f"{file}.csv", 1)
    yield Fault(f"{file} is there and declared absent", absent, "manifest.csv", row)


def is_found(fault: Fault) -> bool:
    return any(
        one.file == fault.file and (fault.row is None or fault.row in one.rows) for one in errors_of(fault.package)
    )


def test_of_three_hundred_faults_ninety_nine_in_a_hundred_are_found_in_their_row(good: Package) -> None:
    missed, count = [], 0
    for file in FILES:
        for make in (wrong_cells, wrong_rows, wrong_headers, wrong_files):
            for fault in make(good, file):
                count += 1
                if not is_found(fault):
                    missed.append(fault.what)
    assert count >= 300
    assert len(missed) * 100 <= count, missed


def valid_variants(good: Package) -> Iterator[tuple[str, Package]]:
    for file in FILES:
        rows = good.files[file]
        blank, reordered, feeds, unquoted = (damaged(good) for _ in range(4))
        blank.files[file].insert(2, [""] * len(rows[0]))
        reordered.files[file] = [row[::-1] for row in rows]
        feeds.raw[f"{file}.csv"] = as_csv(rows).replace("\r\n", "\n").encode()
        unquoted.raw[f"{file}.csv"] = as_csv(rows).rstrip("\r\n").encode("utf-8-sig")
        yield f"{file} with an empty row", blank
        yield f"{file} with its columns the other way round", reordered
        yield f"{file} with line feeds only", feeds
        yield f"{file} with a mark and without a last line end", unquoted


def test_valid_variants_raise_no_alarm(good: Package) -> None:
    for what, package in valid_variants(good):
        assert errors_of(package) == [], what
