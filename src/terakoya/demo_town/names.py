"""Names for people who do not exist: common family names as often as they are in Japan, given names by lot."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from japanese_personal_name_dataset import load_dataset

DATA = Path(__file__).parent / "data"
FAMILIES = 400
NOT_KANJI_SHARE = 0.03
VARIANT_SHARE = 0.2
LAST_FIRST_LEVEL_BYTE = 0x98  # of Shift_JIS: the 2,965 kanji of the first level of JIS X 0208 end in this row
HIRAGANA_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@dataclass(frozen=True)
class Part:
    """A family or a given name in the three forms that a roster keeps, and in Latin letters for user names."""

    official: str
    display: str
    kana: str
    latin: str


@dataclass(frozen=True)
class Family:
    """A family name and, where they do not come from the common list, the given names that go with it."""

    name: Part
    given: tuple[Part, ...] = ()


def family(lot: random.Random) -> Family:
    """A family name by lot."""
    if lot.random() < NOT_KANJI_SHARE:
        return lot.choice(_families_in_kana())
    names, weights = _common_families()
    name = lot.choices(names, weights)[0]
    return Family(_with_variant(name) if lot.random() < VARIANT_SHARE else name)


def given(lot: random.Random, of: Family) -> Part:
    """A given name by lot; both lists of the data set are as likely for anyone."""
    if of.given:
        return lot.choice(of.given)
    return lot.choice(lot.choice(_common_given()))


def variant_family() -> Family:
    """A family name whose official form has a character outside the everyday ones."""
    return next(
        Family(changed) for name in _common_families()[0] if (changed := _with_variant(name)).official != name.display
    )


@cache
def _file() -> dict:
    return tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))


@cache
def _common_families() -> tuple[list[Part], list[int]]:
    _, _, families = load_dataset(include_last_names=True)
    common = [
        (Part(kanji, kanji, _katakana(entry["reading"]), entry["en"]), entry["count"])
        for kanji, entry in list(families.items())[:FAMILIES]
        if _everyday(kanji)
    ]
    return [name for name, _ in common], [count for _, count in common]


@cache
def _common_given() -> tuple[list[Part], ...]:
    return tuple(
        [
            Part(kanji, kanji, _katakana(reading), entry["en"])
            for reading, entry in names.items()
            for kanji in entry["kanji"][:12]
            if _everyday(kanji) and len(kanji) <= 3
        ]
        for names in load_dataset(kind="opti")
    )


@cache
def _families_in_kana() -> tuple[Family, ...]:
    return tuple(
        Family(
            Part(entry["official"], entry["display"], entry["kana"], entry["latin"]),
            tuple(Part(official, kana, kana, official.lower()) for official, kana in entry["given"]),
        )
        for entry in _file()["families"]
    )


def _with_variant(name: Part) -> Part:
    official = name.official.translate(str.maketrans(_file()["variants"]))
    return Part(official, name.display, name.kana, name.latin)


def _everyday(kanji: str) -> bool:
    try:
        return all(sign.encode("shift_jis")[0] <= LAST_FIRST_LEVEL_BYTE for sign in kanji)
    except UnicodeEncodeError:
        return False


def _katakana(hiragana: str) -> str:
    return hiragana.translate(HIRAGANA_TO_KATAKANA)
