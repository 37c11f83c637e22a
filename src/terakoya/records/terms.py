"""The three terms of a Japanese school year, by which families and teachers speak of time."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from terakoya.kit import clock


@dataclass(frozen=True)
class Term:
    """A term: ``id`` such as ``2026-2``, its first and its last day (both within)."""

    year: int
    number: int
    first_day: date
    last_day: date

    @property
    def id(self) -> str:
        return f"{self.year}-{self.number}"

    @property
    def name(self) -> str:
        """``2026, term 2`` in the reader's language."""
        # family
        return _("%(year)s, term %(number)s") % {"year": self.year, "number": self.number}


def terms_of(year: int) -> list[Term]:
    """The terms of a school year: April to August, September to December, January to March."""
    starts = [date(year, 4, 1), date(year, 9, 1), date(year + 1, 1, 1), date(year + 1, 4, 1)]
    return [Term(year, number, starts[number - 1], starts[number] - timedelta(days=1)) for number in (1, 2, 3)]


def terms(today: date | None = None) -> list[Term]:
    """The terms of this and the past school year that have begun, the present one first."""
    today = today or clock.today()
    year = clock.school_year(today)
    begun = [term for term in terms_of(year - 1) + terms_of(year) if term.first_day <= today]
    return begun[::-1]
