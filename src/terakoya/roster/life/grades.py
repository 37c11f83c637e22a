"""The grade of a pupil on a day. A class for one grade says it; otherwise what the person's row says now, and what
rollovers changed since."""

from datetime import date
from functools import cached_property
from itertools import pairwise
from uuid import UUID

from terakoya.roster.models import Placement

ORDER = ("E1", "E2", "E3", "P1", "P2", "P3", "P4", "P5", "P6", "J1", "J2", "J3", "H1", "H2", "H3")
GOING_ON = ("promoted", "retained")


def next_grade(grade: str) -> str:
    """The grade after a grade of the Japan profiles; empty after the last one and for another text."""
    following = dict(pairwise(ORDER))
    return following.get(grade, "")


class Grades:
    """The grades of a day."""

    def __init__(self, day: date) -> None:
        self.day = day

    def of(self, person: UUID, codes: str, current: str) -> str:
        """The grade of somebody: ``codes`` are those of the class of that day, ``current`` is in the person's row."""
        if codes and "," not in codes:
            return codes
        return self._others.get(person, current)

    @cached_property
    def _others(self) -> dict[UUID, str]:
        """Whose row says another grade now than it does on the day: rollovers turned since, and those to come."""
        begun = Placement.objects.filter(rollover__change__isnull=False, rollover__change__undone_by=None)
        since = begun.filter(rollover__turned__isnull=False, rollover__begins__gt=self.day)
        to_come = begun.filter(rollover__turned=None, rollover__begins__lte=self.day).exclude(grade="")
        found = dict(to_come.order_by("rollover__begins").values_list("pupil_id", "grade"))
        return found | dict(since.order_by("-rollover__begins").values_list("pupil_id", "old_grade"))
