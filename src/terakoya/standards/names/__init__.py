"""Names that are data, in the reader's language: categories, purposes, who takes part, clauses, school subjects.

Japanese, plain Japanese and English stand with the data. The further languages of families stand in
``<language>.toml``, each under its English; what is not there is said in English.
"""

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("pt-br", "zh-hans", "tl", "vi", "es")


def say(language: str, ja: str, ja_easy: str, en: str) -> str:
    """The one of the texts that ``language`` asks for: ja, ja-easy, en or one of ``LANGUAGES``."""
    if language in ("ja", "ja-easy"):
        return ja if language == "ja" else ja_easy
    return names(language).get(en, en) if language in LANGUAGES else en


@cache
def names(language: str) -> dict[str, str]:
    """All names in one of ``LANGUAGES``, by their English."""
    return tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text("utf-8"))
