"""How long marks are kept: five school years after the one they are of; what packages found, two years."""

from datetime import date, timedelta

from django.db.models import QuerySet

from terakoya.kit import clock

from .models import AssessmentResult, Former, Result
from .writing import moment

YEARS_KEPT, FORMER_KEPT = 5, timedelta(days=2 * 365)
AT_ONCE = 5_000


def kept_from(today: date) -> date:
    """The first day of the earliest school year whose marks are kept still."""
    return date(clock.school_year(today) - YEARS_KEPT, 4, 1)


def forget_expired() -> int:
    """Delete marks whose time is over, tombstones too, and what packages found more than two years ago; how many."""
    old: list[QuerySet[Result] | QuerySet[AssessmentResult] | QuerySet[Former]] = [
        Result.objects.filter(score_date__lt=kept_from(clock.today())),
        AssessmentResult.objects.filter(score_date__lt=kept_from(clock.today())),
        Former.objects.filter(at__lt=clock.now() - FORMER_KEPT),
    ]
    return sum(_delete(rows) for rows in old)


def _delete(rows: "QuerySet[Result] | QuerySet[AssessmentResult] | QuerySet[Former]") -> int:
    """Delete rows in parts, each a writing of its own, so that nobody waits long and lists are read anew."""
    count = 0
    while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        with moment():
            count += rows.model._default_manager.filter(pk__in=keys).delete()[0]
    return count
