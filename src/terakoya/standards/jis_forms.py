"""Characters of names inside and outside of JIS X 0213, and the forms within it that may stand for those outside."""

import csv
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

CODEC = "euc_jis_2004"  # JIS X 0213:2004
GROUNDS = ("variation", "compatibility", "usual")


def is_selector(sign: str) -> bool:
    """Whether a sign selects a variation of the one before it (Unicode; IVS, as MJ characters have them)."""
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef"


def characters(text: str) -> list[str]:
    """The characters of a text, each with its variation selector."""
    found: list[str] = []
    for sign in text:
        if is_selector(sign) and found:
            found[-1] += sign
        else:
            found.append(sign)
    return found


def is_jis(text: str) -> bool:
    """Whether every character of a text is one of JIS X 0213; one with a variation selector is not."""
    try:
        text.encode(CODEC)
    except UnicodeEncodeError:
        return False
    return True


def outside_jis(text: str) -> list[str]:
    """The characters of a text that JIS X 0213 does not have, in their order."""
    return [one for one in characters(text) if not is_jis(one)]


def plain_forms(character: str) -> Iterator[tuple[str, str]]:
    """Forms within JIS X 0213 with their ground: without selector, by Unicode's compatibility, as usually written.

    To be offered, never taken by itself: which form a family uses is theirs to say.
    """
    base = character[:1]
    seen = set[str]()
    for ground, form in (
        ("variation", base if len(character) > 1 else ""),
        ("compatibility", unicodedata.normalize("NFKC", base)),
        *(("usual", form) for form in _usual().get(base, ())),
    ):
        if len(form) == 1 and form != character and is_jis(form) and form not in seen:
            seen.add(form)
            yield form, ground


@cache
def _usual() -> dict[str, list[str]]:
    """Forms as newspapers and schools usually write them, from a short reviewed list."""
    found: dict[str, list[str]] = {}
    with files(__package__).joinpath("jis_forms.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found.setdefault(row["character"], []).append(row["form"])
    return found
