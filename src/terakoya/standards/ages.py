"""Ages in years, and school years by birth: pure arithmetic."""

from datetime import date

MAJORITY = 18  # Civil Code, art. 4


def birthday(birth: date, years: int) -> date:
    """The day on which somebody is so many years old; born on 29 February, the first of March of a common year.

    A year of age is full at the end of the day before (Act on the Calculation of Ages), so it holds from this day on.
    """
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def majority(birth: date) -> date:
    """The first day on which somebody acts for themselves (Civil Code, art. 4)."""
    return birthday(birth, MAJORITY)


def of_age_born_by(day: date) -> date:
    """The latest birth date of those who are of age on a day."""
    try:
        return day.replace(year=day.year - MAJORITY)
    except ValueError:  # 29 February: those born on the first of March are of age a day later
        return date(day.year - MAJORITY, 2, 28)


def age_on(birth: date, day: date) -> int:
    """Full years of age on a day; negative before the birth."""
    years = day.year - birth.year
    return years if birthday(birth, years) <= day else years - 1


def latest_birth(grade: int, school_year: int) -> date:
    """The birthday of the youngest child of a year of school, counted from the first of elementary school.

    A school year has those who turned six from 2 April to 1 April (School Education Act, art. 17).
    """
    return date(school_year - 5 - grade, 4, 1)


def grade_of_code(code: str) -> int | None:
    """The year of school of a grade code of the Japan profiles (P1..P6, J1..J3, H1..H3); None for another."""
    before = {"P": 0, "J": 6, "H": 9}.get(code[:1])
    return None if before is None or not code[1:].isdigit() else before + int(code[1:])
