"""Which system owns which field: read from one file, asked by whoever writes for a system."""

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..models import Course, Kept, Organisation, Person, Role, SchoolClass

ENVIRONMENT = "TERAKOYA_OWNERS"
KINDS = {Organisation: "organisation", SchoolClass: "class", Course: "course"}
FAMILY = {"guardian", "parent", "relative"}
EVERY = "*"


@dataclass(frozen=True)
class Owners:
    """The file: names of the systems by language, which ones are connected, and who owns what."""

    names: dict[str, dict[str, str]]
    connected: frozenset[str]
    stands_in: str
    owns: dict[str, dict[str, str]]

    def owner(self, kind: str, field: str) -> str:
        """The system that owns a field of a kind of row; the one that stands in where it is not connected."""
        fields = self.owns[kind]
        named = fields.get(field, fields[EVERY])
        return named if named in self.connected else self.stands_in

    def owns_all(self, origin: str) -> bool:
        """Whether a system owns every field of every kind of row: then nothing that it delivers needs a look."""
        return all(self.owner(kind, field) == origin for kind, fields in self.owns.items() for field in fields)

    def name(self, system: str, language: str) -> str:
        """What a system is called; its id where the file does not know it."""
        return self.names.get(system, {}).get("ja" if language[:2] == "ja" else "en", system)


def owners() -> Owners:
    """Who owns what at this node. Raises ``ValueError`` where a file of its own is not as it should be."""
    return _read(os.environ.get(ENVIRONMENT, ""))


def kind_of(row: Kept) -> str:
    """What a row is for the file."""
    if not isinstance(row, Person):
        return KINDS[type(row)]
    return kind_by(set(Role.objects.living().filter(person=row).values_list("name", flat=True)))


def kinds_of(rows: Sequence[Kept]) -> dict[Any, str]:
    """What each of some rows of one table is, by their keys; a table that nobody owns has none. A query at most."""
    if not rows or not isinstance(rows[0], Person):
        return {row.pk: KINDS[type(row)] for row in rows if type(row) in KINDS}
    roles: dict[Any, set[str]] = {row.pk: set() for row in rows}
    for person, name in Role.objects.living().filter(person__in=list(roles)).values_list("person", "name"):
        roles[person].add(name)
    return {person: kind_by(names) for person, names in roles.items()}


def kind_by(roles: set[str]) -> str:
    """What somebody with these roles is. Somebody who works at a school is staff, whatever else they are."""
    if roles - FAMILY - {"student"}:
        return "staff"
    return "guardian" if roles and roles <= FAMILY else "pupil"


@cache
def _read(path: str) -> Owners:
    text = (
        Path(path).read_text("utf-8") if path else files("terakoya.roster").joinpath("owners.toml").read_text("utf-8")
    )
    told: dict[str, Any] = tomllib.loads(text)
    systems = {one["id"]: one for one in told["system"]}
    named = {told["stands_in"], *told["connected"], *(one for part in told["owns"].values() for one in part.values())}
    if unknown := named - set(systems):
        raise ValueError(f"owners: no such system: {', '.join(sorted(unknown))}")
    for kind in ("pupil", "guardian", "staff", *KINDS.values()):
        if EVERY not in told["owns"].get(kind, {}):
            raise ValueError(f'owners: [owns.{kind}] needs "{EVERY}"')
    return Owners(systems, frozenset(told["connected"]), told["stands_in"], told["owns"])
