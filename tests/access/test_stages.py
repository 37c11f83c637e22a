from datetime import date
from uuid import uuid4

import pytest

from terakoya.access import stages
from terakoya.access.ages import Birth
from terakoya.standards.ages import latest_birth

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("years", "stage"),
    [
        ((0, 1, 2), "lower"),
        ((3, 4), "middle"),
        ((5, 6), "upper"),
        ((7, 8, 9), "junior"),
        ((10, 12, 14), "high"),
    ],
)
def test_each_year_of_school_has_its_words(years: tuple[int, ...], stage: str) -> None:
    assert {stages.stage_on(Birth(latest_birth(year, 2026)), DAY) for year in years} == {stage}


def test_the_oldest_of_a_year_is_spoken_to_as_the_youngest() -> None:
    """2 April, the first birthday of a year of school."""
    assert stages.stage_on(Birth(date(2023 - 7, 4, 2)), DAY) == stages.stage_on(Birth(date(2023 - 6, 4, 1)), DAY)


@pytest.mark.django_db
def test_of_whom_no_age_is_known_the_words_are_simple() -> None:
    assert stages.stage_of(uuid4()) == "middle"
