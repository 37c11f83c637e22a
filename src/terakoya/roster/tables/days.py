"""Days as they are written in Japan: by era, by the Western year, or as a spreadsheet's number of days."""

import re
from datetime import date, datetime, timedelta

from . import columns
from .columns import SIGNS
from .repairs import DIGITS, Cell, Repaired, Text, Unreadable, latin_text

EXCEL_ZERO = date(1899, 12, 30)
SERIAL = range(10_000, 80_000)  # days of Excel: 1927 to 2119
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[ T]00?:00(?::00)?)?")
EIGHT_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR, _MONTH, _DAY = SIGNS["year"], SIGNS["month"], SIGNS["day"]
IN_WORDS = re.compile(rf"([0-9]{{4}}){_YEAR}([0-9]{{1,2}}){_MONTH}([0-9]{{1,2}}){_DAY}?")
_NAMES = "|".join([*(era.name for era in columns.ERAS), *(era.letter for era in columns.ERAS)])
BY_ERA = re.compile(
    rf"({_NAMES})\.?([0-9]{{1,2}}|{SIGNS['first_year']})[{_YEAR}./-]([0-9]{{1,2}})[{_MONTH}./-]([0-9]{{1,2}}){_DAY}?",
    re.IGNORECASE,
)


def day(cell: Cell, *, zero: date = EXCEL_ZERO) -> Repaired:
    """A date, also by era or as a spreadsheet's number of days; ``cell.day`` when it is none or cannot be.

    zero: day 0 of the workbook, for dates that lost their format
    """
    if isinstance(cell, datetime):
        return Repaired(cell.date())
    if isinstance(cell, date):
        return Repaired(cell)
    one = latin_text(cell)
    found = _day_in(one, zero)
    if found is None:
        raise Unreadable("cell.day")
    return one.done(found)


def _day_in(one: Text, zero: date) -> date | None:
    bare = "".join(one.text.split())
    if match := BY_ERA.fullmatch(bare):
        return _mended(one, "era", _era_day(*match.groups()))
    for shape in (YEAR_FIRST, IN_WORDS, EIGHT_DIGITS):
        if match := shape.fullmatch(one.text):
            return _real_day(*map(int, match.groups()))
    if DIGITS.fullmatch(one.text) and int(one.text) in SERIAL:
        return _mended(one, "serial", zero + timedelta(days=int(one.text)))
    return None


def _mended(one: Text, name: str, found: date | None) -> date | None:
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
