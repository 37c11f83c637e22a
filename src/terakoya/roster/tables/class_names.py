"""Years of school and classes as they are written: ``5``, ``5-1``, also where one became a date."""

import re
from collections.abc import Sequence
from datetime import date

from . import columns
from .columns import SIGNS
from .repairs import DASHES, DIGITS, Cell, Repair, Repaired, Unreadable, latin_text, shown

GRADE_SECTION = re.compile(rf"(.+?)(?:{'|'.join(SIGNS['grade'])}|[{DASHES}{SIGNS['long_vowel']}/])(.+)")


def grade(cell: Cell, stages: Sequence[str]) -> Repaired:
    """A grade code (``P1`` to ``P6``, ``J1`` to ``J3``, ``H1`` to ``H3``); ``cell.grade`` when it is none.

    stages: the grade codes of the school, by which a bare year is read (a school of nine years counts on to 9)
    """
    one = latin_text(cell)
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
    one = latin_text(cell)
    bare = one.text
    for word in SIGNS["section"]:
        bare = bare.removesuffix(word)
    if not bare:
        raise Unreadable("cell.section")
    one.mend("section_word", bare)
    return one.mend("leading_zeros_off", str(int(bare)) if DIGITS.fullmatch(bare) else bare).done()


def grade_section(cell: Cell, stages: Sequence[str]) -> Repaired:
    """Grade and class written as one (``1-2``), also when a spreadsheet took it for a date; ``cell.grade_section``."""
    if isinstance(cell, date):
        written = f"{cell.month}-{cell.day}"
        year = _grade_in(str(cell.month), stages)
        if year is None:
            raise Unreadable("cell.grade_section")
        return Repaired((year, str(cell.day)), (Repair("class_as_date", shown(cell), written),))
    one = latin_text(cell)
    match = GRADE_SECTION.fullmatch(one.text)
    year = _grade_in(match[1], stages) if match else None
    if match is None or year is None:
        raise Unreadable("cell.grade_section")
    within = section(match[2])
    return Repaired((year, within.value), tuple(one.repairs))
