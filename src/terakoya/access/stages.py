"""In which words a learner is spoken to: by year of school, as far as a birth date tells it."""

from datetime import date
from uuid import UUID

from terakoya.kit import clock
from terakoya.standards import ages as arithmetic

from .ages import Birth, births

# the last year of each stage, counted from the first of elementary school
STAGES = ((2, "lower"), (4, "middle"), (6, "upper"), (9, "junior"))
UNKNOWN = "middle"


def stage_of(person: UUID) -> str:
    """``lower`` (elementary 1-2), ``middle`` (3-4), ``upper`` (5-6), ``junior`` (high), or ``high`` (school and later).

    Of whom no age is known, the words are those for the middle of elementary school: simple, and not for little ones.
    """
    birth = births([person]).get(person)
    return UNKNOWN if birth is None else stage_on(birth, clock.today())


def stage_on(birth: Birth, day: date) -> str:
    """The stage on a day; younger than school is the first one."""
    year = clock.school_year(day)
    return next((name for last, name in STAGES if birth.day > arithmetic.latest_birth(last + 1, year)), "high")
