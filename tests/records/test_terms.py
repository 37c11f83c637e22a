from datetime import date

from terakoya.records.terms import terms, terms_of


def test_the_terms_of_a_school_year_fill_it_without_gap() -> None:
    first, second, third = terms_of(2026)
    assert (first.first_day, third.last_day) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (second.first_day - first.last_day).days == (third.first_day - second.last_day).days == 1


def test_only_terms_that_have_begun_are_given_and_the_present_one_first() -> None:
    assert [term.id for term in terms(date(2026, 9, 1))] == ["2026-2", "2026-1", "2025-3", "2025-2", "2025-1"]


def test_january_is_of_the_school_year_before() -> None:
    assert terms(date(2027, 1, 10))[0].id == "2026-3"
