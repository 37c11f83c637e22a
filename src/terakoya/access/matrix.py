"""The matrix: the roadmap's two tables and the clauses from ``matrix.toml``, the cells below. Data, no decision."""

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from terakoya.standards import names
from terakoya.standards.categories import CATEGORIES
from terakoya.standards.purposes import PURPOSES

from . import cells
from .cells import Ground, Obligations, Part

CLAUSE_OF_BANNED = {"selective_screening": "roadmap-8", "inner_life": "roadmap-8-inner-life"}
CLAUSE_OF_NEVER = {"public": "appi-61", "private": "appi-18"}


@dataclass(frozen=True)
class Words:
    """A name or text; ``stakeholder`` is whom it speaks of, where it holds ``{stakeholder}``."""

    ja: str
    ja_easy: str
    en: str
    stakeholder: "Words | None" = None

    def say(self, language: str) -> str:
        """The text in a language of the pages."""
        text = names.say(language, self.ja, self.ja_easy, self.en)
        return text.format(stakeholder=self.stakeholder.say(language)) if self.stakeholder else text


@dataclass(frozen=True)
class Stakeholder:
    """A row of table 1, or somebody who acts without one: the columns it uses primarily."""

    id: str
    name: Words
    short: Words
    primary: tuple[str, ...]
    in_table: bool


@dataclass(frozen=True)
class Storage:
    """A row of table 2: whose storage holds what; ``kinds`` are the kinds of node that are such a storage."""

    id: str
    name: Words
    short: Words
    holds: tuple[str, ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """What one part may do with one category for one purpose under one regime.

    basis: "primary_use" | "law" | "consent" | "never"; named: whether the file says so, or it follows from the ceilings
    """

    part: Part
    category: str
    purpose: str
    basis: str
    clause_id: str
    clause: Words
    obligations: Obligations
    named: bool
    usual_sentence: Words
    own_sentence: Words | None = None

    def sentence(self, language: str) -> str:
        """The cell in one sentence: who, which data, what for, on which ground."""
        if self.own_sentence:
            return self.own_sentence.say(language)
        return self.usual_sentence.say(language).format(
            part=self.part.name(language),
            category=CATEGORIES[self.category].name(language),
            purpose=PURPOSES[self.purpose].name(language),
            clause=self.clause.say(language),
        )


@dataclass(frozen=True)
class Matrix:
    """The two tables with their notes and clauses, and the door to the cells."""

    source: Words
    information: dict[str, Words]
    stakeholders: dict[str, Stakeholder]
    storages: tuple[Storage, ...]
    notes: tuple[Words, ...]
    clauses: dict[str, Words]
    sentences: dict[str, Words]

    @property
    def parts(self) -> dict[str, Part]:
        """Who there is to ask about: stakeholders by themselves and by their relations."""
        return cells.parts()

    def cell(self, part: str, category: str, purpose: str, regime: str) -> Cell:
        """The cell of a part, a category and a purpose under the regime ``public`` or ``private``.

        Raises ``KeyError`` for what the matrix or ``standards`` does not know.
        """
        return _cell(part, category, purpose, regime)


@cache
def matrix() -> Matrix:
    """The matrix as it is in force."""
    raw = tomllib.loads(files(__package__).joinpath("matrix.toml").read_text("utf-8"))
    return Matrix(
        source=_words(raw["source"]),
        information={row["id"]: _words(row) for row in raw["information"]},
        stakeholders={row["id"]: _stakeholder(row) for row in raw["stakeholder"]},
        storages=tuple(_storage(row) for row in raw["storage"]),
        notes=tuple(_words(row) for row in raw["note"]),
        clauses={key: _words(row) for key, row in raw["clause"].items()},
        sentences={key: _words(row) for key, row in raw["sentence"].items()},
    )


@cache
def _cell(part: str, category: str, purpose: str, regime: str) -> Cell:
    who, key = cells.parts()[part], (part, category, purpose)
    ground = cells.named(regime).get(key)
    found = ground or _unnamed(category, purpose, regime)
    return Cell(
        part=who,
        category=category,
        purpose=purpose,
        basis=found.basis,
        clause_id=found.clause_id,
        clause=_clause(found.clause_id, who.row),
        obligations=replace(
            found.obligations, drop=tuple(one for one in found.obligations.drop if one in CATEGORIES[category].fields)
        ),
        named=ground is not None,
        usual_sentence=matrix().sentences[found.basis],
        own_sentence=_words(dict(found.sentence)) if found.sentence else None,
    )


def _unnamed(category: str, purpose: str, regime: str) -> Ground:
    basis = cells.usual(category, purpose)
    if basis == "consent":
        return Ground(basis, f"appi-consent-{regime}", Obligations(onward=False))
    return Ground(basis, CLAUSE_OF_BANNED.get(purpose, CLAUSE_OF_NEVER[regime]), Obligations())


def _clause(clause_id: str, row: str) -> Words:
    """The clause in words; the one on table 1 names its row."""
    clause, named = matrix().clauses[clause_id], matrix().stakeholders.get(row)
    return replace(clause, stakeholder=named.name) if named and "{stakeholder}" in clause.ja else clause


def _words(row: dict[str, str]) -> Words:
    return Words(row["ja"], row["ja_easy"], row["en"])


def _short(row: dict[str, str]) -> Words:
    """The row's name for narrow places; plain Japanese keeps its own."""
    return Words(row.get("short_ja", row["ja"]), row["ja_easy"], row.get("short_en", row["en"]))


def _stakeholder(row: dict) -> Stakeholder:
    return Stakeholder(
        id=row["id"],
        name=_words(row),
        short=_short(row),
        primary=tuple(row.get("primary", ())),
        in_table=row.get("in_table", True),
    )


def _storage(row: dict) -> Storage:
    return Storage(row["id"], _words(row), _short(row), tuple(row["holds"]), tuple(row["kinds"]))
