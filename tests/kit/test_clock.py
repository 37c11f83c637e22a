from datetime import UTC, date, datetime

import pytest
import time_machine

from terakoya.kit import clock


@pytest.mark.parametrize(("day", "year"), [("2026-03-31", 2025), ("2026-04-01", 2026), ("2026-12-31", 2026)])
def test_a_school_year_is_named_by_its_april(day: str, year: int) -> None:
    assert clock.school_year(date.fromisoformat(day)) == year


def test_the_day_is_that_of_japan() -> None:
    with time_machine.travel(datetime(2026, 3, 31, 15, 30, tzinfo=UTC)):
        assert clock.today() == date(2026, 4, 1)
