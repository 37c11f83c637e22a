"""A city with records of the settled term, and the nation's view of it."""

from collections.abc import Callable
from datetime import datetime, time
from uuid import uuid4

import pytest

from terakoya.exchange.models import Partner
from terakoya.kit import clock
from terakoya.records.models import Statement
from terakoya.research import queries

Make = Callable[..., None]


@pytest.fixture
def records_of(db: None) -> Make:
    """A function that records results of so many pupils of a grade in a subject, within the settled term."""
    queries._last_count.clear()
    first_day = queries.settled_term().first_day
    at = datetime.combine(first_day, time(10), tzinfo=clock.JAPAN)

    def make(grade: str, pupils: int, *, subject: str = "P030", scaled: float = 0.7) -> None:
        Statement.objects.bulk_create(
            Statement(
                statement_id=uuid4(),
                raw=b"{}",
                version="2.0.0",
                stored=at,
                timestamp=at,
                day=first_day,
                source="tool",
                agent="a",
                person=uuid4(),
                verb="http://adlnet.gov/expapi/verbs/answered",
                subject=subject,
                grade=grade,
                unit="8250243111100000",
                scaled=scaled,
            )
            for _ in range(pupils)
        )

    return make


@pytest.fixture
def city(db: None) -> Partner:
    """A city as the nation knows it."""
    return Partner.objects.create(uri="http://city.example", name="Hill City", kind="city", jwk={}, kid="city")
