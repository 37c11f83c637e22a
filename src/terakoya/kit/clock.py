"""The one clock of a node: instants in UTC, days and school years as Japan counts them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in Japan."""
    return now().astimezone(JAPAN).date()


def school_year(day: date) -> int:
    """The Japanese school year of a day: the calendar year of its April (School Education Act rules, art. 59)."""
    return day.year if day.month >= 4 else day.year - 1
