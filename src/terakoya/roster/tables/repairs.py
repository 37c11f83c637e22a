"""What a spreadsheet or a hand did to a value, undone. Pure functions: each says which repair changed what into what.

A value that cannot be read raises ``Unreadable``, whose code is a kind of finding; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from terakoya.kit import kana as scripts

from . import columns
from .columns import SIGNS

Cell = str | int | float | datetime | date | time | bool | None
HALF_WIDTH_KANA = re.compile("[\uff65-\uff9f]+")
DASHES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d\uff70"
DASH_AFTER_KANA = re.compile(f"(?<=[\u3041-\u3096\u30a1-\u30fa\u30fc])[{DASHES}]")
GUARDED = re.compile("^'(?=[=+@-])")  # the apostrophe that keeps a spreadsheet from running a cell
DIGITS = re.compile(r"[0-9]+")
NOTHING_AFTER_THE_POINT = re.compile(r"\.0+$")
POWER_OF_TEN = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")


class Unreadable(Exception):
    """A cell says nothing that the field takes; ``code`` is the kind of finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Repair:
    """One repair of one value: its name (a key of ``words.REPAIRS``), what stood there, what stands there now."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Repaired:
    """A value as it is taken over, and what was done to it."""

    value: Any
    repairs: tuple[Repair, ...] = ()


Reader = Callable[[Cell], Repaired]


class Text:
    """A text on its way through repairs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.repairs: list[Repair] = []

    def mend(self, name: str, after: str) -> "Text":
        """Give it the text ``after``; a repair of this name, if that changes it."""
        if after != self.text:
            self.repairs.append(Repair(name, self.text, after))
            self.text = after
        return self

    def done(self, value: Any = None) -> Repaired:
        """The value with all its repairs; the text itself where no value is given."""
        return Repaired(self.text if value is None else value, tuple(self.repairs))


def shown(cell: Cell) -> str:
    """A cell as a person sees it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime) and cell.time() == time():
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def text(cell: Cell) -> Repaired:
    """Any text: spaces at the ends and in excess, signs nobody sees and half-width kana are mended."""
    return plain_text(cell).done()


def plain_text(cell: Cell) -> Text:
    """A text with its first repairs, for further ones."""
    one = Text(shown(cell))
    kinds = {unicodedata.category(sign) for sign in one.text}
    if "Co" in kinds:  # a character that a place made for itself: what it is nobody else can know
        raise Unreadable("cell.own_character")
    one.mend("invisible", "".join(sign for sign in one.text if _is_seen(sign)))
    one.mend("spaces", " ".join(one.text.split()))
    one.mend("apostrophe", GUARDED.sub("", one.text))
    one.mend("half_width_kana", HALF_WIDTH_KANA.sub(lambda found: unicodedata.normalize("NFKC", found[0]), one.text))
    return one.mend("long_vowel", DASH_AFTER_KANA.sub(SIGNS["long_vowel"], one.text))


def _is_seen(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cn", "Cs")


def latin(cell: Cell) -> Repaired:
    """A login name, an address of mail: letters and digits in their usual width, no spaces."""
    return latin_text(cell).done()


def latin_text(cell: Cell) -> Text:
    """A text of usual width with its first repairs, for further ones."""
    one = Text(shown(cell))
    one.mend("spaces", one.text.strip())
    one.mend("apostrophe", GUARDED.sub("", one.text))
    one.mend("full_width", unicodedata.normalize("NFKC", one.text))
    return one.mend("invisible", "".join(sign for sign in one.text if _is_seen(sign)))


def reading(cell: Cell) -> Repaired:
    """A reading in full-width katakana, in whichever kana it was written."""
    one = plain_text(cell)
    return one.mend("katakana", "".join(_katakana(sign) for sign in one.text)).done()


def _katakana(sign: str) -> str:
    return scripts.scripts(sign)[0] if "\u3041" <= sign <= "\u3096" else sign


def name_parts(name: str) -> tuple[str, str] | None:
    """Family and given name of a repaired full name, parted at its first space; None without one."""
    family, _, given = name.partition(" ")
    return (family, given) if given else None


def squeezed(name: str) -> str:
    """A name as it is compared: without spaces, in usual width, readings in katakana."""
    return "".join(_katakana(sign) for sign in unicodedata.normalize("NFKC", name).casefold() if not sign.isspace())


def integer(cell: Cell) -> Repaired:
    """A whole number such as an attendance number; ``cell.integer`` when there is none."""
    one = latin_text(cell)
    one.mend("number_word", one.text.removesuffix(SIGNS["number"][0]))
    one.mend("decimal", NOTHING_AFTER_THE_POINT.sub("", one.text))
    if not DIGITS.fullmatch(one.text):
        raise Unreadable("cell.integer")
    return one.done(int(one.text))


PHONE = re.compile(r"\+?[0-9][0-9() -]{8,18}")


def phone(cell: Cell) -> Repaired:
    """A telephone number; ``cell.phone_lost`` when a spreadsheet has rounded it, ``cell.phone`` when it is none."""
    one = latin_text(cell)
    if POWER_OF_TEN.fullmatch(one.text):
        raise Unreadable("cell.phone_lost")
    one.mend("full_width", re.sub(f"[{DASHES}{SIGNS['long_vowel']}]", "-", one.text))
    if DIGITS.fullmatch(one.text) and len(one.text) in (9, 10) and not one.text.startswith("0"):
        one.mend("leading_zeros", f"0{one.text}")
    if not PHONE.fullmatch(one.text):
        raise Unreadable("cell.phone")
    return one.done()


def word(cell: Cell, words: dict[str, list[str]], code: str) -> Repaired:
    """The value for which a word stands; the finding ``code`` when it is no such word."""
    one = latin_text(cell)
    value = columns.word_for(one.text, words)
    if value is None:
        raise Unreadable(code)
    return one.done(value)


def zero_filled(values: Sequence[str]) -> list[Repaired]:
    """Identifiers of one column: where some begin with 0, shorter ones that are numbers have lost theirs."""
    width = max((len(value) for value in values if value.startswith("0") and DIGITS.fullmatch(value)), default=0)
    return [
        Text(value).mend("leading_zeros", value.zfill(width) if DIGITS.fullmatch(value) else value).done()
        for value in values
    ]


def person_key(cell: Cell) -> Repaired:
    """A person's key (UUID); ``cell.uuid`` when it is none."""
    one = latin_text(cell)
    try:
        return one.done(UUID(one.text))
    except ValueError:
        raise Unreadable("cell.uuid") from None
