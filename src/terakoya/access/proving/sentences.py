"""What the solver found, as sentences in Japanese and English: who, which data, what for, in which circumstances."""

from collections.abc import Sequence
from typing import Any

from .questions import Example
from .words import WORDS

LANGUAGES = ("ja", "en")


def sentence(
    kind: str,
    example: Example,
    snapshot: dict[str, Any],
    language: str,
    *,
    regimes: Sequence[str],
    parts: Sequence[str] = (),
    categories: Sequence[str] = (),
    fields: Sequence[str] = (),
) -> str:
    """One sentence; it may be true of several ``parts`` and ``categories``, ``fields`` are what changes of the data."""
    mark = WORDS["mark"][language]
    what = [name(snapshot, "categories", each, language) for each in categories or [example.category]]
    who = [name(snapshot, "parts", each, language) for each in parts or [example.part]]
    return WORDS["sentence"][kind][language].format(
        who=mark["list"].join(who),
        what=mark["comma"].join(mark["quoted"].format(each) for each in what),
        purpose=name(snapshot, "purposes", example.purpose, language),
        how=mark["semicolon"].join(circumstances(example, regimes, language)),
        fields=mark["comma"].join(fields),
    )


def circumstances(example: Example, regimes: Sequence[str], language: str) -> list[str]:
    """The circumstances that hold, whether there is a consent, and the legal regimes."""
    consent = [] if "consented" in example.circumstances else ["without_consent"]
    held = [WORDS["circumstance"][each][language] for each in (*consent, *example.circumstances)]
    return [*held, WORDS["mark"][language]["and"].join(WORDS["regime"][each][language] for each in regimes)]


def name(snapshot: dict[str, Any], kind: str, key: str, language: str) -> str:
    """The name of a part, category or purpose; its id where this version does not know it."""
    return snapshot[kind].get(key, {}).get(language, key)
