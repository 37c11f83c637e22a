"""Which system owns which field: read from one file, asked by whoever writes for a system."""

import os
import tomllib
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

    def owned(self, kind: str, origin: str, fields: set[str]) -> set[str]:
        """Those of the fields that a system owns: what it may write by sets."""
        return {field for field in fields if self.owner(kind, field) == origin}

    def name(self, system: str, language: str) -> str:
        """What a system is called; its id where the file does not know it."""
        return self.names.get(system, {}).get("ja" if language[:2] == "ja" else "en", system)


def owners() -> Owners:
    """Who owns what at this node. Raises ``ValueError`` where a file of its own is not as it should be."""
    return _read(os.environ.get(ENVIRONMENT, ""))


def kind_of(row: Kept) -> str:
    """What a row is for the file. Somebody who works at a school is staff, whatever else they are."""
    if not isinstance(row, Person):
        return KINDS[type(row)]
    roles = set(Role.objects.living().filter(person=row).values_list("name", flat=True))
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
