"""The matrix: the roadmap's two tables and the law cells, from ``matrix.toml``. Pure data, no decision."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Words:
    """A name or text in the three languages of the pages."""

    ja: str
    ja_easy: str
    en: str

    def say(self, language: str) -> str:
        """The text; ``language`` is ja, ja-easy or en."""
        return {"ja": self.ja, "ja-easy": self.ja_easy}.get(language, self.en)


@dataclass(frozen=True)
class Stakeholder:
    """A row of table 1: the columns it uses primarily, for which purposes, and tied how to the person."""

    id: str
    name: Words
    short: Words
    primary: tuple[str, ...]
    purposes: tuple[str, ...]
    relations: tuple[str, ...]
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
class Law:
    """A use that a law permits beside table 1, with its clause by legal regime ("" = not under that regime)."""

    id: str
    stakeholder: str
    categories: tuple[str, ...]
    purposes: tuple[str, ...]
    relations: tuple[str, ...]
    public: str
    private: str

    def clause(self, regime: str) -> str:
        """The id of the clause under the regime ``public`` or ``private``; "" when it does not apply there."""
        return self.public if regime == "public" else self.private


@dataclass(frozen=True)
class Matrix:
    """The file as a whole."""

    source: Words
    information: dict[str, Words]
    stakeholders: dict[str, Stakeholder]
    storages: tuple[Storage, ...]
    notes: tuple[Words, ...]
    laws: tuple[Law, ...]
    clauses: dict[str, Words]

    def laws_in(self, regime: str) -> tuple[Law, ...]:
        """The law cells that hold under a legal regime."""
        return tuple(law for law in self.laws if law.clause(regime))


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
        laws=tuple(_law(row) for row in raw["law"]),
        clauses={key: _words(row) for key, row in raw["clause"].items()},
    )


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
        purposes=tuple(row.get("purposes", ())),
        relations=tuple(row.get("relations", ())),
        in_table=row.get("in_table", True),
    )


def _law(row: dict) -> Law:
    lists = {key: tuple(row[key]) for key in ("categories", "purposes", "relations")}
    return Law(row["id"], row["stakeholder"], **lists, public=row["public"], private=row["private"])


def _storage(row: dict) -> Storage:
    return Storage(row["id"], _words(row), _short(row), tuple(row["holds"]), tuple(row["kinds"]))
