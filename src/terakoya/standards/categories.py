"""The categories of personal data, from ``categories.toml``."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from . import names


@dataclass(frozen=True)
class Category:
    """A kind of personal data for which one rule holds.

    part: subject | content | activity | outside | rights | operation
    information: the column of the roadmap's table 1 it falls under, or "" when it stands outside the table
    importance: class I (highest) to IV of the guideline on education information security policy
    dpv: the nearest term of the W3C Data Privacy Vocabulary
    fields: what the category consists of, as far as an obligation can drop parts of it
    sensitive: special care-required personal information (APPI art. 2(3)), or to be handled as such
    """

    id: str
    part: str
    information: str
    importance: str
    retention: str
    retention_ja: str
    retention_easy: str
    ja: str
    ja_easy: str
    en: str
    dpv: str
    fields: tuple[str, ...]
    sensitive: bool = False

    def kept(self, language: str) -> str:
        """How long it is kept, in words of a language."""
        return names.say(language, self.retention_ja, self.retention_easy, self.retention)

    def name(self, language: str) -> str:
        """The category in words of a language (see ``names``)."""
        return names.say(language, self.ja, self.ja_easy, self.en)


def _load() -> dict[str, Category]:
    rows = tomllib.loads(files(__package__).joinpath("categories.toml").read_text("utf-8"))["category"]
    return {row["id"]: Category(**{**row, "fields": tuple(row["fields"])}) for row in rows}


CATEGORIES: dict[str, Category] = _load()
