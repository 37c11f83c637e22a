"""Reads manifest.csv: which version the package is of, and how each file is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from terakoya.roster import beside
from terakoya.roster.findings import Findings
from terakoya.standards import oneroster

from .archive import Contents
from .table import read_rows

FILE = "manifest.csv"


class Line(NamedTuple):
    """A property of the manifest: its row and its value."""

    number: int
    value: str


@dataclass(frozen=True)
class Manifest:
    """What the manifest says; empty where it says nothing."""

    version: str
    deltas: frozenset[str] = frozenset()  # files that hold changes only

    @property
    def names_a_japan_profile(self) -> bool:
        return self.version in oneroster.JAPAN_VERSIONS


def read_manifest(contents: Contents, findings: Findings) -> Manifest:
    """The manifest of a package, held against the files that are there."""
    if "manifest" not in contents:
        findings.add("file.missing", file=FILE, files=_required())
        return Manifest("")
    rows = read_rows("manifest", contents["manifest"], findings)
    if not rows:
        return Manifest("")
    if tuple(rows[0][1]) != oneroster.MANIFEST_HEADER:
        findings.add("manifest.header", file=FILE, row=1, found=",".join(rows[0][1]))
        return Manifest("")
    properties = {cells[0]: Line(number, cells[1]) for number, cells in rows[1:] if len(cells) >= 2}
    version = _version(properties, findings)
    if version not in oneroster.EARLIER_VERSIONS:  # an earlier package has another set of files; one finding is enough
        is_required = not _deltas(properties)
        for name in oneroster.ROSTERING:
            check = _check_mode if is_required else _check_optional
            check(name, properties.get(f"file.{name}"), name in contents, findings)
        for name in oneroster.OPTIONAL:
            _check_optional(name, properties.get(f"file.{name}"), name in contents, findings)
        for name in beside.kept_files():
            _check_optional(name, properties.get(f"file.{name}"), name in contents, findings, ("absent", "bulk"))
    return Manifest(version, _deltas(properties))


def _deltas(properties: dict[str, Line]) -> frozenset[str]:
    """The files that hold changes only; beside them no file is required (clause: delta processing)."""
    return frozenset(name.removeprefix("file.") for name, row in properties.items() if row.value == "delta")


def _version(properties: dict[str, Line], findings: Findings) -> str:
    row = properties.get("oneroster.version")
    if row is None:
        findings.add("manifest.no_version", file=FILE)
        return ""
    version, versions = row.value, ", ".join(oneroster.VERSIONS)
    if version not in oneroster.VERSIONS:
        code = "manifest.earlier" if version in oneroster.EARLIER_VERSIONS else "manifest.version"
        _add(findings, code, row, cause=version, version=version, versions=versions)
    return version


def _check_mode(
    name: str, row: Line | None, is_there: bool, findings: Findings, modes: Sequence[str] = oneroster.MODES
) -> None:
    mode = row.value if row else ""
    if row is None and not is_there:
        findings.add("file.missing", file=f"{name}.csv", files=_required())
    elif row is None or mode not in modes:
        _add(findings, "manifest.mode", row, cause=name, modes=", ".join(modes), name=name)
    elif is_there and mode == "absent":
        _add(findings, "manifest.absent", row, cause=name, name=name)
    elif not is_there and mode == "absent":
        findings.add("file.missing", file=f"{name}.csv", files=_required())
    elif not is_there:
        _add(findings, "manifest.promised", row, cause=name, name=name)


def _check_optional(
    name: str, row: Line | None, is_there: bool, findings: Findings, modes: Sequence[str] = oneroster.MODES
) -> None:
    """A file that may be left out; where it is there or spoken of, it is held to the same rules."""
    if is_there or (row is not None and row.value != "absent"):
        _check_mode(name, row, is_there, findings, modes)


def _add(findings: Findings, code: str, row: Line | None, *, cause: str = "", **details: str) -> None:
    """Find something in the second cell of a row of the manifest."""
    number, found = (row.number, row.value) if row else (None, "")
    findings.add(code, file=FILE, row=number, index=1, header="value", found=found, cause=cause, **details)


def _required() -> str:
    return ", ".join(f"{name}.csv" for name in ("manifest", *oneroster.ROSTERING))
