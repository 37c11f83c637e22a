"""Opens a package: a ZIP file from a stranger, read with limits."""

import errno
import zipfile
import zlib
from functools import partial
from pathlib import Path
from typing import BinaryIO

from terakoya.kit.ahead import ahead
from terakoya.roster.findings import NOTE, Findings
from terakoya.standards import oneroster

MOST_ENTRIES = 200
LEFTOVERS = ("__MACOSX/", ".DS_Store", "Thumbs.db")
READ_AT_ONCE = 1 << 20
UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)

Contents = dict[str, Path]


class _TooLarge(Exception):
    pass


def unpack(source: Path | BinaryIO, folder: Path, findings: Findings, *, largest: int) -> Contents:
    """The files of a package by their standard name (without ``.csv``), unpacked into a folder; what cannot be taken is
    found.

    largest: bytes that the package may have once unpacked
    """
    try:
        with zipfile.ZipFile(source) as package:
            entries = _entries(package, findings, largest)
            return {} if findings.has_errors else _unpack(package, entries, folder, largest)
    except _TooLarge:
        _add_too_large(findings, largest)
    except UNREADABLE:
        findings.add("zip.unreadable")
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise  # the disk, not the package
        findings.add("zip.unreadable")
    return {}


def _entries(package: zipfile.ZipFile, findings: Findings, largest: int) -> dict[str, zipfile.ZipInfo]:
    every = [entry for entry in package.infolist() if not entry.is_dir() and not _is_leftover(entry.filename)]
    if len(every) > MOST_ENTRIES:
        findings.add("zip.too_many", count=len(every), limit=MOST_ENTRIES)
        return {}
    if sum(entry.file_size for entry in every) > largest:
        _add_too_large(findings, largest)
        return {}
    known: dict[str, zipfile.ZipInfo] = {}
    for entry in every:
        name = _name(entry, findings)
        if name is None:
            continue
        if name in known:
            findings.add("zip.duplicate", file=entry.filename)
        known[name] = entry
    return known


def _name(entry: zipfile.ZipInfo, findings: Findings) -> str | None:
    """The standard's name of an entry, None where it is no file to be read."""
    path = entry.filename
    fault = _fault(entry)
    if fault:
        findings.add(fault, file=path)
        return None
    known = oneroster.file_name(path)
    if known is None:
        findings.add("zip.unknown", severity=NOTE, file=path)
        return None
    name, spelled_so = known
    if not spelled_so:
        findings.add("file.other_case", severity=NOTE, file=path, name=f"{name}.csv")
    return name


def _fault(entry: zipfile.ZipInfo) -> str | None:
    path = entry.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path or "\0" in entry.orig_filename:
        return "zip.path"
    if path.lower().endswith(".zip"):
        return "zip.nested"
    if "/" in path:
        return "zip.folder"
    return "zip.encrypted" if entry.flag_bits & 0x1 else None


def _unpack(package: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], folder: Path, largest: int) -> Contents:
    """Unpack, counting: the sizes that a ZIP file states may be lies."""
    contents, left = {}, largest
    for name, entry in entries.items():
        contents[name] = folder / f"{name}.csv"
        with package.open(entry) as packed, contents[name].open("wb") as file:
            for chunk in ahead(iter(partial(packed.read, READ_AT_ONCE), b"")):
                left -= len(chunk)
                if left < 0:
                    raise _TooLarge
                file.write(chunk)
    return contents


def _add_too_large(findings: Findings, largest: int) -> None:
    findings.add("zip.too_large", limit=largest // 1_000_000)


def _is_leftover(path: str) -> bool:
    """What Mac and Windows leave in ZIP files."""
    return path.startswith(LEFTOVERS[0]) or path.rsplit("/", 1)[-1] in LEFTOVERS[1:]
