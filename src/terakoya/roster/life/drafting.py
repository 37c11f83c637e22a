"""Plans a school year: proposes an outcome for each pupil and the classes, and keeps the plan up with the roster."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.roster import changing
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Enrolment, Placement, PlannedClass, Rollover, SchoolClass

from . import proposing, years
from .places import first_day
from .proposing import Wishes
from .pupils import Pupil, eve_of, pupils_before

AT_ONCE = 1000
FROM_ROSTER = ("school_id", "old_class_id", "old_grade", "old_number")


@dataclass(frozen=True)
class Drift:
    """What became of the roster since a year was planned: who came, who went, who is elsewhere than the plan says."""

    come: list[UUID]
    gone: list[UUID]
    moved: list[UUID]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone or self.moved)


@transaction.atomic
def draft(school_year: int, schools: Collection[UUID], *, by: str, wishes: Wishes | None = None) -> Rollover:
    """Plan a school year for some schools; nothing of the roster changes.

    Raises ``CannotChange`` where one of them has a plan for that year already, or no class to begin from.
    """
    changing.lock()
    _refuse_second(school_year, schools)
    rollover = Rollover.objects.create(
        school_year=school_year, begins=first_day(school_year), schools=sorted(str(key) for key in schools)
    )
    _Plan(rollover, wishes or Wishes()).write()
    years.note_event(rollover, years.DRAFTED, by)
    return rollover


def drift(rollover: Rollover) -> Drift:
    """How the roster differs from what a plan began from."""
    now = pupils_before(rollover.begins, _schools(rollover))
    planned = {one.pupil_id: one for one in rollover.placements.all()}
    moved = [key for key in now.keys() & planned.keys() if _facts(now[key]) != _facts_of(planned[key])]
    return Drift(sorted(now.keys() - planned.keys()), sorted(planned.keys() - now.keys()), sorted(moved))


@transaction.atomic
def follow(rollover: Rollover, *, by: str) -> Drift:
    """Bring a plan up to date with the roster: who came is proposed by rule without a class, who went leaves the plan.

    Whoever is in another class or grade than before is proposed anew too.
    """
    rollover = years.locked(rollover)
    found = drift(rollover)
    if not found:
        return found
    now = pupils_before(rollover.begins, _schools(rollover))
    rollover.placements.filter(pupil__in=[*found.gone, *found.moved]).delete()
    taught = _grades_taught(_old_classes(rollover))
    wishes = Wishes(next_schools=_next_schools(rollover))
    fresh = [proposing.outcome(now[key], taught, wishes, rollover) for key in (*found.come, *found.moved)]
    Placement.objects.bulk_create(fresh, batch_size=AT_ONCE)
    years.note_event(rollover, "followed", by)
    return found


class _Plan:
    def __init__(self, rollover: Rollover, wishes: Wishes) -> None:
        self.rollover, self.wishes = rollover, wishes
        self.pupils = pupils_before(rollover.begins, _schools(rollover))
        self.old = _old_classes(rollover)
        if not self.old:
            raise CannotChange(
                _("These schools have no class at the end of the year before. Bring in the roster first.")
            )

    def write(self) -> None:
        rooms = [one for one in self.old if one.is_homeroom]
        taught = _grades_taught(self.old)
        planned = proposing.homerooms(rooms, self.wishes, self.rollover)
        PlannedClass.objects.bulk_create([room for room, _shape in planned], batch_size=AT_ONCE)
        placements = [proposing.outcome(one, taught, self.wishes, self.rollover) for one in self.pupils.values()]
        classes = [room for room, _shape in planned]
        proposing.into_classes(placements, classes, self.pupils, _sections(rooms), self.wishes.mixing)
        Placement.objects.bulk_create(placements, batch_size=AT_ONCE)
        more = self._lessons(planned) if self.wishes.lessons else []
        if self.wishes.teachers:
            self._teachers([*planned, *more])

    def _lessons(self, planned: list[tuple[PlannedClass, SchoolClass]]) -> list[tuple[PlannedClass, SchoolClass]]:
        shapes = {shape.pk: room for room, shape in planned if room.title == shape.title}
        old = [one for one in self.old if not one.is_homeroom]
        made = proposing.lessons(old, _members(self.rollover, self.pupils), shapes)
        PlannedClass.objects.bulk_create([one for one, _shape in made], batch_size=AT_ONCE)
        return made

    def _teachers(self, planned: Iterable[tuple[PlannedClass, SchoolClass]]) -> None:
        eve = eve_of(self.rollover.begins)
        teaching: dict[UUID, list[str]] = defaultdict(list)
        rows = Enrolment.objects.on(eve).filter(role="teacher", school_class__school__in=_schools(self.rollover))
        for taught, person in rows.order_by("-is_primary", "pk").values_list("school_class_id", "person_id"):
            teaching[taught].append(str(person))
        kept = [(room, shape) for room, shape in planned if room.title == shape.title]
        for room, shape in kept:
            room.teachers = teaching.get(shape.pk, [])
        PlannedClass.objects.bulk_update([room for room, _shape in kept], ["teachers"], batch_size=AT_ONCE)


def _refuse_second(school_year: int, schools: Collection[UUID]) -> None:
    for other in years.rollovers(schools):
        if other.school_year == school_year and years.state_of_year(other) != years.PUT_AWAY:
            raise CannotChange(_("There is a plan for this school year already. Open it, or put it away first."))


def _schools(rollover: Rollover) -> list[UUID]:
    return [UUID(key) for key in rollover.schools]


def _old_classes(rollover: Rollover) -> list[SchoolClass]:
    eve = eve_of(rollover.begins)
    held = SchoolClass.objects.filter(school__in=_schools(rollover), begins__lte=eve, ends__gt=eve, ended=None)
    return list(held.select_related("course").order_by("title", "pk"))


def _grades_taught(classes: Iterable[SchoolClass]) -> dict[UUID, set[str]]:
    taught: dict[UUID, set[str]] = defaultdict(set)
    for one in classes:
        if one.is_homeroom:
            taught[one.school_id] |= set(one.grades.split(","))
    return taught


def _sections(rooms: Iterable[SchoolClass]) -> dict[UUID, int]:
    """The place of each homeroom among those of its school, grades and kind, by title."""
    count: dict[tuple[UUID, str, bool], int] = defaultdict(int)
    sections = {}
    for one in sorted(rooms, key=lambda room: room.title):
        key = one.school_id, one.grades, one.special_needs
        sections[one.pk] = count[key]
        count[key] += 1
    return sections


def _members(rollover: Rollover, pupils: Mapping[UUID, Pupil]) -> dict[UUID, list[UUID]]:
    """By class of a subject the homerooms of its pupils."""
    members: dict[UUID, list[UUID]] = defaultdict(list)
    rows = Enrolment.objects.on(eve_of(rollover.begins)).filter(
        role="student", school_class__school__in=_schools(rollover)
    )
    for taught, person in rows.exclude(school_class__kind="homeroom").values_list("school_class_id", "person_id"):
        known = pupils.get(person)
        if known and known.place.school_class:
            members[taught].append(known.place.school_class)
    return members


def _next_schools(rollover: Rollover) -> dict[UUID, UUID]:
    rows = rollover.placements.exclude(next_school=None).values_list("school_id", "next_school_id").distinct()
    return dict(rows)


def _facts(pupil: Pupil) -> tuple[object, ...]:
    place = pupil.place
    return place.school, place.school_class, place.grade, place.number


def _facts_of(placement: Placement) -> tuple[object, ...]:
    return tuple(getattr(placement, name) for name in FROM_ROSTER)


def shape_of(schools: Collection[UUID], school_year: int) -> dict[UUID, dict[str, int]]:
    """How many homerooms there are on the last day before a year, by school and grades; not those for special needs."""
    eve = eve_of(first_day(school_year))
    rows = SchoolClass.objects.filter(
        school__in=schools, kind="homeroom", special_needs=False, begins__lte=eve, ends__gt=eve, ended=None
    )
    counted: dict[UUID, dict[str, int]] = defaultdict(dict)
    for school, grades in rows.order_by("grades").values_list("school_id", "grades"):
        counted[school][grades] = counted[school].get(grades, 0) + 1
    return counted
