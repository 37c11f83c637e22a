"""Writes a whole package: the roster as a profile has it."""

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from django.db import transaction

from terakoya.kit import clock
from terakoya.kit.snapshot import snapshot
from terakoya.roster import beside
from terakoya.roster.changing import latest
from terakoya.roster.models import Organisation
from terakoya.standards import oneroster
from terakoya.standards.oneroster_profiles import PROFILES, Profile

from . import delta
from .cells import widened
from .files import FILES
from .scope import Scope
from .stamps import Stamps
from .writing import PackageWriter, Row, as_headed, manifest

BULK, DELTA = "bulk", "delta"
# what may be told beside the seven files of a roster, and the files of each
PARTS = {
    "demographics": ("demographics",),
    "userProfiles": ("userProfiles",),
    "gradebook": oneroster.GRADEBOOK,
    "resources": oneroster.RESOURCES,
}
USUAL_PARTS = ("userProfiles",)


@dataclass(frozen=True)
class Export:
    """A package that was written. ``change``: the number of the latest change in it, from which a delta goes on."""

    uuid: UUID
    profile: Profile
    file_name: str
    change: int
    mode: str
    organisations: frozenset[UUID] | None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def people(self) -> int:
        return self.counts.get("users", 0)


Listener = Callable[[Export, str], None]
_listeners: list[Listener] = []


def on_export(listener: Listener) -> Listener:
    """Register a function called in a transaction before a package is released, with who wrote it."""
    _listeners.append(listener)
    return listener


def export_package(
    target: Path | BinaryIO,
    *,
    profile: str,
    by: str,
    organisations: Iterable[UUID] | None = None,
    on: date | None = None,
    since: int | None = None,
    parts: Collection[str] = USUAL_PARTS,
) -> Export:
    """Write the roster as a OneRoster package in a profile, all of it as of one moment.

    target: a file that can be written, or where one is to be; the file is there whole or not at all
    by: who does it, for those who were registered by :func:`on_export`; when one of them refuses, nothing is released
    profile: a name of ``standards.oneroster_profiles.PROFILES``
    organisations: only what belongs to these and to what is below them; None: all
    on: as the roster stood on a day; None: all that lives, what is to come too
    since: only what was touched after the change with this number (delta); None: everything (bulk)
    parts: what is told beside the seven files of a roster, where there is anything to tell: names of ``PARTS``
    Same roster, same bytes. ``KeyError`` for an unknown profile or part.
    """
    if on is not None and since is not None:
        raise ValueError("a delta has no day: it says what is new since a change")
    chosen = None if organisations is None else frozenset(organisations)
    scope = Scope(PROFILES[profile], chosen, on, since)
    names = [*oneroster.ROSTERING, *(name for part in sorted(parts) for name in PARTS[part])]
    with _opened(target) as file:
        with snapshot():
            export = _written(scope, names, file)
        with transaction.atomic():
            for listener in _listeners:
                listener(export, by)
    return export


def _written(scope: Scope, names: list[str], file: BinaryIO) -> Export:
    mode = BULK if scope.since is None else DELTA
    export = Export(uuid4(), scope.profile, file_name(scope), latest(), mode, scope.organisations)
    with PackageWriter(file) as package:
        told = [name for name in names if _is_told(scope, name)]
        package.write("manifest", oneroster.MANIFEST_HEADER, manifest(scope.profile, dict.fromkeys(told, mode)))
        for name in told:
            headings = [heading.name for heading in scope.profile.headings[name]]
            export.counts[name] = package.write(name, headings, rows_of(scope, name))
    return export


def rows_of(scope: Scope, name: str) -> Iterator[Row]:
    """The rows of a file with a cell for each heading of the profile."""
    if name not in FILES:
        return as_headed(scope.profile, name, _columns(name), _kept_beside(scope, name))
    rows = as_headed(scope.profile, name, FILES[name].columns, _told(scope, name))
    mend = _mending(scope.profile, name)
    return map(mend, rows) if mend else rows


def _columns(name: str) -> list[str]:
    return [column.name for column in oneroster.COLUMNS[name]]


def _kept_beside(scope: Scope, name: str) -> Iterator[Row]:
    """The rows of a file that another room keeps."""
    places = None if scope.organisations is None else scope.places.inside
    return beside.rows_of(name, places, scope.since_when)


def _told(scope: Scope, name: str) -> Iterator[Row]:
    """The rows of a file with cells for the columns of the standard, in the order of their identifiers."""
    file, stamps = FILES[name], Stamps(scope.since)
    held = file.held(scope)
    if scope.since is None:
        return file.rows(scope, held, stamps)
    active = file.rows(scope, delta.touched(name, held, scope.since), stamps)
    ended = file.rows(scope, delta.gone(name, scope, scope.since), stamps.gone())
    undone = delta.taken_back(name, scope, stamps.gone(), len(file.columns))
    return heapq.merge(active, ended, undone, key=itemgetter(0))


def file_name(scope: Scope) -> str:
    """How the package is called: by the code of the one organisation at its top, where there is one."""
    tops = [one for one in scope.places.organisations() if scope.places.above(one) == ""]
    if scope.organisations is not None and len(scope.organisations) == 1:
        tops = list(Organisation.objects.filter(pk__in=scope.organisations))
    code = tops[0].code if len(tops) == 1 else ""
    return scope.profile.package_name(clock.today(), code or "all")


def _is_told(scope: Scope, name: str) -> bool:
    """A whole roster has its seven files; any other file is there for its rows."""
    is_needed = name in oneroster.ROSTERING and scope.since is None
    return is_needed or next(rows_of(scope, name), None) is not None


def _mending(profile: Profile, file: str) -> Callable[[Row], Row] | None:
    """What the profile asks of cells of a file, as a function of a row; None where it asks nothing."""
    names = [heading.name for heading in profile.headings[file]]
    fill = [(names.index(to), names.index(of)) for to, of in profile.fill.get(file, {}).items()]
    wide = [names.index(name) for name in profile.full_width.get(file, ())]
    if not fill and not wide:
        return None

    def mend(row: Row) -> Row:
        cells = list(row)
        for to, of in fill:
            cells[to] = cells[to] or cells[of]
        for place in wide:
            cells[place] = widened(str(cells[place]))
        return cells

    return mend


@contextmanager
def _opened(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    """A file to write to; at a path it appears when it is whole."""
    if not isinstance(target, Path):
        yield target
        return
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
