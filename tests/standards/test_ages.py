from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.standards import ages

DAYS = st.dates(date(1950, 1, 1), date(2060, 12, 31))


@given(DAYS, DAYS)
def test_who_is_of_age_has_eighteen_full_years(birth: date, day: date) -> None:
    assert (ages.age_on(birth, day) >= ages.MAJORITY) == (ages.majority(birth) <= day)


@given(DAYS)
def test_the_latest_birth_of_those_of_age_is_the_last_that_is(day: date) -> None:
    latest = ages.of_age_born_by(day)
    assert ages.majority(latest) <= day < ages.majority(latest + timedelta(days=1))


def test_a_leap_day_s_birthday_is_the_first_of_march_in_common_years() -> None:
    assert ages.majority(date(2008, 2, 29)) == date(2026, 3, 1)
    assert ages.birthday(date(2008, 2, 29), 20) == date(2028, 2, 29)


@pytest.mark.parametrize(("grade", "latest"), [(1, date(2020, 4, 1)), (5, date(2016, 4, 1)), (12, date(2009, 4, 1))])
def test_the_youngest_of_a_year_of_school_is_born_on_the_first_of_april(grade: int, latest: date) -> None:
    assert ages.latest_birth(grade, 2026) == latest
    assert ages.age_on(latest, date(2026, 4, 1)) == grade + 5


@pytest.mark.parametrize(("code", "grade"), [("P1", 1), ("J3", 9), ("H3", 12), ("E1", None), ("", None), ("P", None)])
def test_grade_codes_count_from_the_first_of_elementary_school(code: str, grade: int | None) -> None:
    assert ages.grade_of_code(code) == grade
