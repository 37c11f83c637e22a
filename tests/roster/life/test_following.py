"""A planned year follows when two entries turn out to be one pupil, and when they turn out to be two after all."""

from collections.abc import Callable
from uuid import uuid4

from terakoya.roster import api
from terakoya.roster.changing import changing
from terakoya.roster.models import Enrolment, Person, Placement, PlannedClass, Rollover

from .conftest import FIRST, Schools, one_of

Plan = Callable[..., Rollover]


def other_entry() -> Person:
    """The same child once more, known by name alone."""
    with changing("import", by="test") as writing:
        key = uuid4()
        writing.create([Person(uuid=key, sourced_id=str(key), official_family="x")])
    return Person.objects.get(pk=key)


def test_the_plan_of_the_entry_is_the_persons_and_goes_back(plan: Plan, schools: Schools) -> None:
    kept = other_entry()
    rollover = plan()
    placed = one_of(rollover, outcome="promoted", old_grade="P5")
    entry = placed.pupil_id
    api.life.place(placed, outcome="retained")
    change = api.who.merge(kept.uuid, entry, by="clerk")
    assert Placement.objects.get(pk=placed.pk).pupil_id == kept.uuid
    assert not api.life.drift(rollover)
    api.who.unmerge(change, by="clerk")
    after = Placement.objects.get(pk=placed.pk)
    assert (after.pupil_id, after.outcome) == (entry, "retained")
    assert not api.life.drift(rollover)


def test_who_is_placed_twice_counts_once_when_the_plan_is_brought_up_to_date(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    first, second = rollover.placements.filter(old_grade="P5", school=schools.hibari).order_by("pk")[:2]
    change = api.who.merge(first.pupil_id, second.pupil_id, by="clerk")
    assert api.life.drift(rollover).gone == [second.pupil_id]
    api.who.unmerge(change, by="clerk")
    assert not api.life.drift(rollover)
    assert Placement.objects.get(pk=second.pk).pupil_id == second.pupil_id


def test_a_planned_teacher_who_was_entered_twice_is_begun_as_the_person(plan: Plan, schools: Schools) -> None:
    rollover = plan(teachers=True)
    room = PlannedClass.objects.filter(rollover=rollover, homeroom=None).exclude(teachers=[]).order_by("pk").first()
    assert room is not None
    kept = other_entry()
    api.who.merge(kept.uuid, Person.objects.get(pk=room.teachers[0]).uuid, by="clerk")
    api.life.begin(rollover, by="clerk", confirm_not_placed=True)
    room.refresh_from_db()
    teaching = Enrolment.objects.on(FIRST).filter(school_class=room.became, role="teacher")
    assert kept.uuid in set(teaching.values_list("person_id", flat=True))
