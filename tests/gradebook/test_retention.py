"""How long marks are kept."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from terakoya.gradebook import retention
from terakoya.gradebook.models import Former, Result

from .conftest import Book


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 11, 24), date(2021, 4, 1)),
        (date(2027, 3, 31), date(2021, 4, 1)),
        (date(2027, 4, 1), date(2022, 4, 1)),
    ],
)
def test_marks_are_kept_five_school_years_after_their_own(today: date, first: date) -> None:
    assert retention.kept_from(today) == first


def test_what_is_older_is_deleted_and_the_rest_stays(book: Book) -> None:
    book.put("result", book.result(score_date=date(2026, 11, 1)))
    book.put("result", book.result("result-2", score_date=date(2027, 4, 1)))
    with time_machine.travel("2032-03-31T03:00:00Z", tick=False):
        assert retention.forget_expired() == 0
    with time_machine.travel("2032-04-01T03:00:00Z", tick=False):
        assert retention.forget_expired() == 1
    assert [one.sourced_id for one in Result.objects.all()] == ["result-2"]


@pytest.mark.django_db
def test_what_packages_found_goes_after_two_years() -> None:
    Former.objects.create(change=1, kind="result", at=datetime(2026, 11, 24, tzinfo=UTC), rows=b"")
    with time_machine.travel("2028-11-20T03:00:00Z", tick=False):
        assert retention.forget_expired() == 0
    with time_machine.travel("2028-11-25T03:00:00Z", tick=False):
        assert retention.forget_expired() == 1
