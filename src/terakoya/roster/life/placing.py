"""Changes a planned year by hand: what becomes of a pupil, who is in which class, the classes themselves."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Placement, PlannedClass, Rollover

from . import years
from .grades import next_grade
from .proposing import number_by_reading
from .pupils import reading_keys

Outcome = Placement.Outcome
OUTCOMES = Outcome.values
GOES_ON = ("promoted", "retained")


def place(
    placement: Placement,
    outcome: str,
    *,
    planned: PlannedClass | None = None,
    number: int | None = None,
    next_school: UUID | None = None,
) -> None:
    """Decide what becomes of a pupil; one outcome takes the place of the other.

    planned: the class of those who go on, in this school or the next; number: their attendance number there.
    Raises ``CannotChange`` where the class is of another school or not for the grade.
    """
    with transaction.atomic():
        years.locked(placement.rollover)
        if outcome not in OUTCOMES:
            raise CannotChange(_("There is no such outcome: %(outcome)s.") % {"outcome": outcome})
        placement.next_school_id = next_school if outcome == "graduated" else None
        placement.outcome, placement.grade = outcome, _grade(placement, outcome, next_school)
        if not placement.grade and planned is not None:
            raise CannotChange(_("Who does not go on here gets no class. Choose the class away, or another outcome."))
        _check_class(placement, planned)
        placement.planned, placement.number = planned, number if planned else None
        placement.save()


def renumber(planned: PlannedClass, by: str) -> None:
    """Number a class anew from 1: by ``kana``, or by ``number`` (as now, gaps closed)."""
    with transaction.atomic():
        years.locked(planned.rollover)
        room = list(planned.placements.all())
        readings = reading_keys(one.pupil_id for one in room)
        if by == "number":
            room.sort(key=lambda one: (one.number is None, one.number or 0, readings[one.pupil_id]))
            for number, one in enumerate(room, 1):
                one.number = number
        else:
            number_by_reading(room, readings)
        Placement.objects.bulk_update(room, ["number"])


def add_class(
    rollover: Rollover, school: UUID, title: str, grades: Sequence[str], *, special_needs: bool = False
) -> PlannedClass:
    """Plan one more homeroom; with several grades it is a combined class."""
    with transaction.atomic():
        years.locked(rollover)
        if str(school) not in rollover.schools:
            raise CannotChange(_("This plan is not about that school."))
        _check_title(rollover, school, title, None)
        return PlannedClass.objects.create(
            rollover=rollover, school_id=school, title=title, grades=",".join(grades), special_needs=special_needs
        )


def change_class(planned: PlannedClass, *, title: str, teachers: Sequence[UUID]) -> None:
    """Give a planned class its title and those who teach it, the homeroom teacher first."""
    with transaction.atomic():
        years.locked(planned.rollover)
        _check_title(planned.rollover, planned.school_id, title, planned)
        planned.title, planned.teachers = title, [str(key) for key in teachers]
        planned.save()


def drop_class(planned: PlannedClass) -> None:
    """Take a class out of the plan; its pupils are not placed then."""
    with transaction.atomic():
        years.locked(planned.rollover)
        planned.placements.update(number=None)
        planned.delete()


def _grade(placement: Placement, outcome: str, next_school: UUID | None) -> str:
    if outcome == "retained":
        return placement.old_grade
    if outcome == "promoted" or (outcome == "graduated" and next_school):
        following = next_grade(placement.old_grade)
        if not following:
            raise CannotChange(_("After this grade there is none to move up to. The outcome may be: graduates."))
        return following
    return ""


def _check_class(placement: Placement, planned: PlannedClass | None) -> None:
    if planned is None:
        return
    school = placement.next_school_id or placement.school_id
    if planned.rollover_id != placement.rollover_id or planned.school_id != school or planned.homeroom_id:
        raise CannotChange(_("%(title)s is no homeroom of the school the pupil goes to.") % {"title": planned.title})
    if placement.grade not in planned.grade_codes:
        raise CannotChange(_("%(title)s is not for the grade of the pupil.") % {"title": planned.title})


def _check_title(rollover: Rollover, school: UUID, title: str, own: PlannedClass | None) -> None:
    same = rollover.classes.filter(school=school, title=title)
    if not title.strip() or (same.exclude(pk=own.pk) if own else same).exists():
        raise CannotChange(_("Every class needs a title of its own: %(title)s.") % {"title": title})
