"""What a spreadsheet or a hand did to a value, undone. Pure functions: each says which repair changed what into what.

A value that cannot be read raises ``Unreadable``, whose code is a kind of finding; nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
SERIAL = range(10_000, 80_000)  # days of Excel: 1927 to 2119
EXCEL_ZERO = date(1899, 12, 30)


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


class _Text:
    """A text on its way through repairs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.repairs: list[Repair] = []

    def mend(self, name: str, after: str) -> "_Text":
        if after != self.text:
            self.repairs.append(Repair(name, self.text, after))
            self.text = after
        return self

    def done(self, value: Any = None) -> Repaired:
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
    return _plain_text(cell).done()


def _plain_text(cell: Cell) -> _Text:
    one = _Text(shown(cell))
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
    return _latin_text(cell).done()


def _latin_text(cell: Cell) -> _Text:
    one = _Text(shown(cell))
    one.mend("spaces", one.text.strip())
    one.mend("apostrophe", GUARDED.sub("", one.text))
    one.mend("full_width", unicodedata.normalize("NFKC", one.text))
    return one.mend("invisible", "".join(sign for sign in one.text if _is_seen(sign)))


def reading(cell: Cell) -> Repaired:
    """A reading in full-width katakana, in whichever kana it was written."""
    one = _plain_text(cell)
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
    one = _latin_text(cell)
    one.mend("number_word", one.text.removesuffix(SIGNS["number"][0]))
    one.mend("decimal", NOTHING_AFTER_THE_POINT.sub("", one.text))
    if not DIGITS.fullmatch(one.text):
        raise Unreadable("cell.integer")
    return one.done(int(one.text))


def day(cell: Cell, *, zero: date = EXCEL_ZERO) -> Repaired:
    """A date, also by era or as a spreadsheet's number of days; ``cell.day`` when it is none or cannot be.

    zero: day 0 of the workbook, for dates that lost their format
    """
    if isinstance(cell, datetime):
        return Repaired(cell.date())
    if isinstance(cell, date):
        return Repaired(cell)
    one = _latin_text(cell)
    found = _day_in(one, zero)
    if found is None:
        raise Unreadable("cell.day")
    return one.done(found)


YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]00?:00(?::00)?)?")
EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR, _MONTH, _DAY = SIGNS["year"], SIGNS["month"], SIGNS["day"]
IN_WORDS = re.compile(rf"([0-9]{{4}}){_YEAR}([0-9]{{1,2}}){_MONTH}([0-9]{{1,2}}){_DAY}?")
_NAMES = "|".join([*(era.name for era in columns.ERAS), *(era.letter for era in columns.ERAS)])
BY_ERA = re.compile(
    rf"({_NAMES})\.?([0-9]{{1,2}}|{SIGNS['first_year']})[{_YEAR}./-]([0-9]{{1,2}})[{_MONTH}./-]([0-9]{{1,2}}){_DAY}?",
    re.IGNORECASE,
)


def _day_in(one: _Text, zero: date) -> date | None:
    bare = "".join(one.text.split())
    if match := BY_ERA.fullmatch(bare):
        return _mended(one, "era", _era_day(*match.groups()))
    for shape in (YEAR_FIRST, IN_WORDS, EIGHT_DIGITS):
        if match := shape.fullmatch(one.text):
            return _real_day(*map(int, match.groups()))
    if DIGITS.fullmatch(one.text) and int(one.text) in SERIAL:
        return _mended(one, "serial", zero + timedelta(days=int(one.text)))
    return None


def _mended(one: _Text, name: str, found: date | None) -> date | None:
    if found is not None:
        one.mend(name, found.isoformat())
    return found


def _real_day(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None


def _era_day(name: str, year: str, month: str, number: str) -> date | None:
    """A day of an era; none before its first day or after its last, for such a date is as likely a wrong letter."""
    era = next(one for one in columns.ERAS if name.upper() in (one.name, one.letter))
    of_era = 1 if year == SIGNS["first_year"] else int(year)
    found = _real_day(era.first.year + of_era - 1, int(month), int(number)) if of_era else None
    return found if found and era.first <= found <= (era.last or date.max) else None


def grade(cell: Cell, stages: Sequence[str]) -> Repaired:
    """A grade code (``P1`` to ``P6``, ``J1`` to ``J3``, ``H1`` to ``H3``); ``cell.grade`` when it is none.

    stages: the grade codes of the school, by which a bare year is read (a school of nine years counts on to 9)
    """
    one = _latin_text(cell)
    found = _grade_in(one.text, stages)
    if found is None:
        raise Unreadable("cell.grade")
    return one.done(found)


def _grade_in(written: str, stages: Sequence[str]) -> str | None:
    bare = written.removeprefix(SIGNS["ordinal"])
    for word in SIGNS["grade"]:
        bare = bare.removesuffix(word)
    if bare.upper() in stages:
        return bare.upper()
    stage, year = bare[:-1], bare[-1:]
    if year in SIGNS["numerals"] and year:
        year = str(SIGNS["numerals"].index(year) + 1)
    letter = columns.STAGES.get(stage, stage.upper())
    if stage and f"{letter}{year}" in stages:
        return f"{letter}{year}"
    if stage or not year.isdigit():
        return None
    years = {code[1:]: code for code in reversed(stages)}  # of two stages the lower one has the bare years
    counted_on = dict(enumerate(sorted(stages, key=lambda code: ("PJH".find(code[:1]), code)), 1))
    return years.get(year) or counted_on.get(int(year))


def section(cell: Cell) -> Repaired:
    """The name of a class within its year: ``1`` of 1-kumi; ``cell.section`` when there is none."""
    one = _latin_text(cell)
    bare = one.text
    for word in SIGNS["section"]:
        bare = bare.removesuffix(word)
    if not bare:
        raise Unreadable("cell.section")
    one.mend("section_word", bare)
    return one.mend("leading_zeros_off", str(int(bare)) if DIGITS.fullmatch(bare) else bare).done()


GRADE_SECTION = re.compile(rf"(.+?)(?:{'|'.join(SIGNS['grade'])}|[{DASHES}{SIGNS['long_vowel']}/])(.+)")


def grade_section(cell: Cell, stages: Sequence[str]) -> Repaired:
    """Grade and class written as one (``1-2``), also when a spreadsheet took it for a date; ``cell.grade_section``."""
    if isinstance(cell, date):
        written = f"{cell.month}-{cell.day}"
        year = _grade_in(str(cell.month), stages)
        if year is None:
            raise Unreadable("cell.grade_section")
        return Repaired((year, str(cell.day)), (Repair("class_as_date", shown(cell), written),))
    one = _latin_text(cell)
    match = GRADE_SECTION.fullmatch(one.text)
    year = _grade_in(match[1], stages) if match else None
    if match is None or year is None:
        raise Unreadable("cell.grade_section")
    within = section(match[2])
    return Repaired((year, within.value), tuple(one.repairs))


PHONE = re.compile(r"\+?[0-9][0-9() -]{8,18}")


def phone(cell: Cell) -> Repaired:
    """A telephone number; ``cell.phone_lost`` when a spreadsheet has rounded it, ``cell.phone`` when it is none."""
    one = _latin_text(cell)
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
    one = _latin_text(cell)
    value = columns.word_for(one.text, words)
    if value is None:
        raise Unreadable(code)
    return one.done(value)


def zero_filled(values: Sequence[str]) -> list[Repaired]:
    """Identifiers of one column: where some begin with 0, shorter ones that are numbers have lost theirs."""
    width = max((len(value) for value in values if value.startswith("0") and DIGITS.fullmatch(value)), default=0)
    return [
        _Text(value).mend("leading_zeros", value.zfill(width) if DIGITS.fullmatch(value) else value).done()
        for value in values
    ]


def person_key(cell: Cell) -> Repaired:
    """A person's key (UUID); ``cell.uuid`` when it is none."""
    one = _latin_text(cell)
    try:
        return one.done(UUID(one.text))
    except ValueError:
        raise Unreadable("cell.uuid") from None
