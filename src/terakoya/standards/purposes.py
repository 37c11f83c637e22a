"""What personal data may be used for, from ``purposes.toml``."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files

from . import names


@dataclass(frozen=True)
class Purpose:
    """A purpose of use (APPI art. 61 for public bodies, art. 17 for private operators).

    banned: never permitted, whatever the role, law or consent (roadmap, section 8)
    by_consent: a consent may name it
    categories, months: the ceilings of one consent for it
    on_withdrawal: "delete" or "keep", what the recipient does with its copy
    dpv: the nearest term of the W3C Data Privacy Vocabulary
    """

    id: str
    ja: str
    ja_easy: str
    en: str
    dpv: str
    on_withdrawal: str
    banned: bool = False
    by_consent: bool = False
    categories: tuple[str, ...] = ()
    months: int = 0

    def name(self, language: str) -> str:
        """The purpose in words of a language (see ``names``)."""
        return names.say(language, self.ja, self.ja_easy, self.en)


def _load() -> dict[str, Purpose]:
    rows = tomllib.loads(files(__package__).joinpath("purposes.toml").read_text("utf-8"))["purpose"]
    return {row["id"]: Purpose(**{**row, "categories": tuple(row.get("categories", ()))}) for row in rows}


PURPOSES: dict[str, Purpose] = _load()
