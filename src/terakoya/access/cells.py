"""The cells of the matrix: who may use what, for what, on which ground, from ``cells.toml``. Pure data, no decision."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any

from terakoya.standards import names
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

REGIMES = ("public", "private")
NOBODY = "nobody"
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Part:
    """Who somebody is towards a person: a stakeholder, by itself or tied by a relation.

    row: the row of the roadmap's table 1 whose circles bound its primary use, or ""
    confidential: bound to secrecy, so that a cell may open sensitive information to it without consent
    """

    id: str
    row: str
    ja: str
    ja_easy: str
    en: str
    confidential: bool = False

    @property
    def stakeholder(self) -> str:
        return self.id.partition(".")[0]

    @property
    def relation(self) -> str:
        return self.id.partition(".")[2]

    def name(self, language: str) -> str:
        """The part in words of a language."""
        return names.say(language, self.ja, self.ja_easy, self.en)


@dataclass(frozen=True)
class Obligations:
    """What binds the user where a cell opens: fields left out, how long it is kept, whether it may be passed on."""

    drop: tuple[str, ...] = ()
    retention: str = ""
    onward: bool = True
    retention_ja: str = ""
    retention_easy: str = ""

    def kept(self, language: str) -> str:
        """How long the user keeps it, in words of a language; "" where the cell says nothing of its own."""
        return names.say(language, self.retention_ja, self.retention_easy, self.retention)


@dataclass(frozen=True)
class Ground:
    """A cell of the file under one regime. ``sentence`` is by language, empty where the usual one does."""

    basis: str
    clause_id: str
    obligations: Obligations
    sentence: tuple[tuple[str, str], ...] = ()


@cache
def parts() -> dict[str, Part]:
    """All parts by id, in the order of the file."""
    return {row["id"]: Part(**row) for row in _raw()["part"]}


def part_of(stakeholder: str, relation: str) -> str:
    """The id of the part that a stakeholder plays by a relation; a pair that the matrix does not name is nobody."""
    name = f"{stakeholder}.{relation}" if relation else stakeholder
    return name if name in parts() else NOBODY


@cache
def named(regime: str) -> dict[Key, Ground]:
    """All cells that the file names under a regime, by part, category and purpose.

    Raises ``ValueError`` for a cell that is named twice or names something unknown: the program does not start with it.
    """
    found: dict[Key, Ground] = {}
    for row in _raw()["cell"]:
        ground = _ground(row, regime)
        for key in _keys(row):
            if key in found:
                raise ValueError(f"the cell {' x '.join(key)} is named twice")
            found[key] = ground
    return {key: ground for key, ground in found.items() if ground.clause_id}


def usual(category: str, purpose: str) -> str:
    """The basis of a cell that is not named: consent within the ceilings of the purpose, otherwise never."""
    known = PURPOSES[purpose]
    return "consent" if known.by_consent and category in known.categories else "never"


def _keys(row: dict[str, Any]) -> Iterator[Key]:
    lists = []
    for name, known in (("parts", parts()), ("categories", CATEGORIES), ("purposes", PURPOSES)):
        chosen = list(known) if row[name] == ["*"] else row[name]
        if unknown := set(chosen) - set(known):
            raise ValueError(f"unknown {name}: {', '.join(sorted(unknown))}")
        lists.append(chosen)
    return product(*lists)


def _ground(row: dict[str, Any], regime: str) -> Ground:
    if row["basis"] not in ("primary_use", "law", "consent", "never"):
        raise ValueError(f"unknown basis: {row['basis']}")
    kept = {key: row[key] for key in ("retention", "retention_ja", "retention_easy") if key in row}
    duties = Obligations(tuple(row.get("drop", ())), onward=row.get("onward", True), **kept)
    sentence = tuple((language, row[language]) for language in ("ja", "ja_easy", "en") if language in row)
    return Ground(row["basis"], row[regime], duties, sentence)


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("cells.toml").read_text("utf-8"))
