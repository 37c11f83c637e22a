"""How a planned year stands: how many have which outcome, who is not placed, and its classes."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from terakoya.roster.models import Placement, PlannedClass, Rollover

# nobody has decided, or somebody goes on in a grade and no class was found
NOT_PLACED = Q(outcome="unplaced") | (~Q(grade="") & Q(planned=None))


@dataclass(frozen=True)
class Overview:
    """``outcomes``: how many pupils have each outcome; ``not_placed``: how many are not placed; ``classes`` planned."""

    outcomes: dict[str, int]
    not_placed: int
    classes: int

    @property
    def pupils(self) -> int:
        return sum(self.outcomes.values())


def placements_of(rollover: Rollover, schools: Collection[UUID] | None = None) -> QuerySet[Placement]:
    """The placements of a planned year of the pupils of some schools, or all, by class, number and reading."""
    rows = rollover.placements.all() if schools is None else rollover.placements.filter(school__in=schools)
    return rows.select_related("planned", "old_class", "pupil", "school").order_by(
        "school__name", "old_grade", "old_class__title", "old_number", "pupil__kana_family", "pk"
    )


def overview(rollover: Rollover, schools: Collection[UUID] | None = None) -> Overview:
    """The numbers of a planned year, of the pupils of some schools or all."""
    rows = rollover.placements.all() if schools is None else rollover.placements.filter(school__in=schools)
    classes = rollover.classes.all() if schools is None else rollover.classes.filter(school__in=schools)
    counted = dict(rows.values_list("outcome").annotate(pupils=Count("pk")).order_by("outcome"))
    outcomes = {name: counted.get(name, 0) for name in Placement.Outcome.values}
    return Overview(outcomes, rows.filter(NOT_PLACED).count(), classes.count())


def not_placed(rollover: Rollover, schools: Collection[UUID] | None = None) -> list[Placement]:
    """Every pupil who is not placed."""
    return list(placements_of(rollover, schools).filter(NOT_PLACED))


def planned_classes(rollover: Rollover, schools: Collection[UUID] | None = None) -> list[PlannedClass]:
    """The classes of a planned year with ``pupils``, how many each has: homerooms first, by school and grade."""
    rows = rollover.classes.all() if schools is None else rollover.classes.filter(school__in=schools)
    counted = rows.select_related("school", "homeroom").annotate(pupils=Count("placements"))
    return sorted(counted, key=lambda one: (one.school.name, one.homeroom_id is not None, one.grades, one.title))
