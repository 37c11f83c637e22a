import pytest
from django.utils import translation

from terakoya.curriculum import api
from terakoya.standards.course_of_study import items_of

FRACTIONS = items_of("P030", "P5")[1]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ja", "分数のたし算とひき算"), ("en", "Adding and subtracting fractions")],
)
def test_a_title_follows_the_language_of_the_reader(language: str, expected: str) -> None:
    with translation.override(language):
        assert api.title(FRACTIONS.code) == expected


def test_plain_japanese_has_readings() -> None:
    assert api.subject_name("P030", "ja-easy") == "｜算数《さんすう》"


def test_an_unknown_code_stands_for_itself() -> None:
    assert api.title("8" * 16) == "8" * 16
    assert api.subject_name("X999") == "X999"


def test_a_unit_that_the_table_lacks_is_called_as_its_source_called_it() -> None:
    assert api.unit_title("8" * 16, "A unit") == "A unit"
    assert api.unit_title("8" * 16) == "8" * 16


def test_codes_differ_by_the_case_of_their_letters() -> None:
    english = items_of("P100", "P5")[0].code
    assert api.title(english, "en") != api.title(english.lower(), "en")
