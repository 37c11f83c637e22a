"""Times of the log as whole microseconds since 1970 (UTC)."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def microseconds(at: datetime) -> int:
    """Microseconds from 1970 to ``at``."""
    return (at - EPOCH) // MICROSECOND


def moment(count: int) -> datetime:
    """The time so many microseconds after 1970."""
    return EPOCH + count * MICROSECOND
