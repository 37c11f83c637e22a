"""The new school year: what is proposed, what is changed by hand, what begins, and taking it back."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.roster import api
from terakoya.roster.changing import changing
from terakoya.roster.errors import CannotChange, CannotUndo
from terakoya.roster.models import (
    Change,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    PlannedClass,
    Role,
    Rollover,
    SchoolClass,
)

from .conftest import EVE, FIRST, Schools, one_of

Plan = Callable[..., Rollover]
life = api.life


def pupils_on(day: date) -> set:
    return {place.person for place in life.places_on(day)}


# --- the plan ---


def test_each_pupil_has_exactly_one_outcome(plan: Plan) -> None:
    rollover = plan()
    assert sorted(rollover.placements.values_list("pupil", flat=True)) == sorted(pupils_on(EVE))


@pytest.mark.parametrize(
    ("grade", "outcome", "following"),
    [("P1", "promoted", "P2"), ("P6", "graduated", "J1"), ("J2", "promoted", "J3"), ("J3", "graduated", "")],
)
def test_the_outcome_follows_from_the_grade(plan: Plan, grade: str, outcome: str, following: str) -> None:
    rows = plan().placements.filter(old_grade=grade).values_list("outcome", "grade")
    assert set(rows) == {(outcome, following)}


def test_without_a_next_school_graduates_leave(plan: Plan) -> None:
    rows = plan(next_schools={}).placements.filter(old_grade="P6").values_list("outcome", "grade", "next_school")
    assert set(rows) == {("graduated", "", None)}


def test_a_school_that_goes_on_to_the_next_stage_promotes(plan: Plan, schools: Schools) -> None:
    SchoolClass.objects.filter(school=schools.hibari, title="1年1組").update(grades="J1")
    rows = plan().placements.filter(school=schools.hibari, old_grade="P6").values_list("outcome", "grade")
    assert set(rows) == {("promoted", "J1")}


def test_nothing_is_decided_of_a_pupil_without_a_class(plan: Plan, schools: Schools) -> None:
    person = Role.objects.filter(name="student", organisation=schools.hibari).first()
    assert person is not None
    Enrolment.objects.filter(person=person.person_id).update(ends=date(2026, 9, 1))
    rollover = plan()
    assert one_of(rollover, pupil=person.person_id).outcome == "unplaced"
    assert person.person_id in [one.pupil_id for one in life.not_placed(rollover)]


def test_classes_stay_together_when_they_are_kept(plan: Plan, schools: Schools) -> None:
    rows = plan().placements.filter(school=schools.hibari, old_class__title="4年2組")
    assert set(rows.values_list("planned__title", flat=True)) == {"5年2組"}


def test_classes_are_dealt_evenly(plan: Plan, schools: Schools) -> None:
    rollover = plan(mixing="deal")
    sizes = [room.pupils for room in life.planned_classes(rollover, [schools.hibari.uuid]) if room.grades == "P5"]
    assert max(sizes) - min(sizes) <= 1


def test_as_many_classes_as_wished(plan: Plan, schools: Schools) -> None:
    rollover = plan(numbers={(schools.hibari.uuid, "P3"): 3, (schools.hibari.uuid, "P4"): 1})
    titles = {room.title for room in life.planned_classes(rollover, [schools.hibari.uuid])}
    assert {"3年1組", "3年2組", "3年3組", "4年1組"} <= titles
    assert "4年2組" not in titles
    assert not rollover.placements.filter(grade="P4", planned=None).exists()


def test_numbers_follow_the_reading(plan: Plan, schools: Schools) -> None:
    room = PlannedClass.objects.get(rollover=plan(), school=schools.hibari, title="5年1組")
    rows = room.placements.order_by("number").values_list("number", "pupil__kana_family", "pupil__kana_given")
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    assert [row[1:] for row in rows] == sorted(row[1:] for row in rows)


def test_a_combined_class_takes_both_its_grades(plan: Plan, schools: Schools) -> None:
    rooms = SchoolClass.objects.filter(school=schools.hibari, title__in=["3年1組", "3年2組"])
    rooms.update(grades="P3,P4")
    rollover = plan()
    rows = rollover.placements.filter(planned__grades="P3,P4").values_list("grade", flat=True)
    assert set(rows) == {"P3", "P4"}


def test_pupils_of_a_class_for_special_needs_stay_in_one(plan: Plan, schools: Schools) -> None:
    special = schools.room("hibari", "3年2組")
    SchoolClass.objects.filter(pk=special.pk).update(special_needs=True, grades="P1,P2,P3,P4,P5,P6")
    rows = plan().placements.filter(old_class=special)
    assert set(rows.values_list("planned__special_needs", flat=True)) == {True}


def test_lessons_go_with_their_homeroom(plan: Plan, schools: Schools) -> None:
    rooms = plan().classes.filter(school=schools.wakaba).exclude(homeroom=None)
    assert {(room.title.split(" ")[0], room.subject_codes[:1]) for room in rooms} == {
        (f"{grade}年{number}組", "J") for grade in (1, 2, 3) for number in (1, 2)
    }
    assert all(room.title.startswith(room.homeroom.title) for room in rooms if room.homeroom)


def test_teachers_stay_when_it_is_wished(plan: Plan, schools: Schools) -> None:
    room = plan(teachers=True).classes.get(school=schools.hibari, title="5年2組")
    taught = Enrolment.objects.get(school_class=schools.room("hibari", "5年2組"), role="teacher")
    assert room.teachers == [str(taught.person_id)]


def test_a_plan_changes_nothing_of_the_roster(plan: Plan, imported: api.ImportReport) -> None:
    before = api.state()
    plan()
    assert api.state() == before


def test_a_school_has_one_plan_for_a_year(plan: Plan, schools: Schools) -> None:
    first = plan()
    with pytest.raises(CannotChange):
        life.draft(2027, [schools.hibari.uuid], by="clerk")
    life.put_away(first, by="clerk")
    assert life.draft(2027, [schools.hibari.uuid], by="clerk").placements.exists()


def test_a_roster_without_that_year_is_said(schools: Schools) -> None:
    with pytest.raises(CannotChange):
        life.draft(2040, schools.keys, by="clerk")


# --- by hand ---


def test_who_is_retained_keeps_the_grade(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    one = one_of(rollover, school=schools.hibari, old_grade="P3")
    life.place(one, "retained", planned=rollover.classes.get(school=schools.hibari, title="3年1組"))
    life.begin(rollover, by="clerk")
    assert {place.grade for place in life.places_on(FIRST) if place.person == one.pupil_id} == {"P3"}


@pytest.mark.parametrize(
    ("outcome", "title", "school"),
    [
        ("promoted", "5年1組", "keyaki"),  # another school
        ("promoted", "3年1組", "hibari"),  # another grade
        ("retained", "5年1組", "hibari"),
        ("transferred", "5年1組", "hibari"),  # leaves
        ("vanished", "5年1組", "hibari"),
    ],
)
def test_a_placement_that_cannot_be_is_refused(
    plan: Plan, schools: Schools, outcome: str, title: str, school: str
) -> None:
    rollover = plan()
    one = one_of(rollover, school=schools.hibari, old_grade="P4")
    room = rollover.classes.filter(school=getattr(schools, school), title=title).get()
    with pytest.raises(CannotChange):
        life.place(one, outcome, planned=room)
    one.refresh_from_db()
    assert (one.outcome, one.grade) == ("promoted", "P5")


def test_a_class_is_numbered_without_gaps(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    room = rollover.classes.get(school=schools.wakaba, title="2年1組")
    room.placements.filter(number=1).update(number=40)
    life.renumber(room, "number")
    assert sorted(room.placements.values_list("number", flat=True)) == list(range(1, room.placements.count() + 1))


def test_pupils_of_a_dropped_class_are_not_placed(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    room = rollover.classes.get(school=schools.hibari, title="4年1組")
    pupils = set(room.placements.values_list("pupil", flat=True))
    life.drop_class(room)
    assert {one.pupil_id for one in life.not_placed(rollover)} == pupils


def test_every_class_has_a_title_of_its_own(plan: Plan, schools: Schools) -> None:
    with pytest.raises(CannotChange):
        life.add_class(plan(), schools.hibari.uuid, "4年1組", ["P4"])


def test_who_comes_after_the_plan_is_found_and_taken_in(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    gone = one_of(rollover, old_grade="P2", school=schools.hibari)
    come = Person.objects.create(sourced_id="new", username="new", grade="P2")
    Role.objects.create(
        sourced_id="r", person=come, organisation=schools.hibari, name="student", begins=date(2026, 11, 1)
    )
    Enrolment.objects.create(
        sourced_id="e",
        person=come,
        school_class=schools.room("hibari", "2年1組"),
        role="student",
        begins=date(2026, 11, 1),
    )
    Role.objects.filter(person=gone.pupil_id).update(ends=date(2026, 12, 1))
    Enrolment.objects.filter(person=gone.pupil_id).update(ends=date(2026, 12, 1))
    with pytest.raises(CannotChange):
        life.begin(rollover, by="clerk")
    found = life.follow(rollover, by="clerk")
    assert (found.come, found.gone) == ([come.uuid], [gone.pupil_id])
    assert [one.pupil_id for one in life.not_placed(rollover)] == [come.uuid]
    assert not life.drift(rollover)


# --- the beginning ---


def test_a_year_begins_for_everybody_who_goes_on(plan: Plan) -> None:
    rollover = plan()
    expected = set(rollover.placements.exclude(grade="").values_list("pupil", "planned__title", "number"))
    life.begin(rollover, by="clerk")
    rows = Enrolment.objects.on(FIRST).filter(role="student", school_class__kind="homeroom")
    assert set(rows.values_list("person", "school_class__title", "number")) == expected


def test_periods_meet_on_the_first_day(plan: Plan, schools: Schools) -> None:
    Enrolment.objects.update(ends=None)
    life.begin(plan(), by="clerk")
    for day in (EVE, FIRST):
        rows = list(Enrolment.objects.on(day).filter(role="student", school_class__kind="homeroom"))
        assert len(rows) == len({row.person_id for row in rows})
    assert not Enrolment.objects.on(FIRST).filter(begins__lt=FIRST, role="student").exists()


def test_old_classes_stay_readable(plan: Plan, schools: Schools) -> None:
    room = schools.room("hibari", "4年2組")
    before = [line.person for line in life.class_list(room, EVE)]
    life.begin(plan(), by="clerk")
    with time_machine.travel("2027-05-01T03:00:00Z", tick=False):
        life.turn_years()
        lines = life.class_list(room, EVE)
    assert [line.person for line in lines] == before
    assert {line.grade for line in lines} == {"P4"}


def test_lessons_have_the_pupils_of_the_homeroom(plan: Plan, schools: Schools) -> None:
    life.begin(plan(), by="clerk")
    room = SchoolClass.objects.get(school=schools.wakaba, title="2年1組", begins=FIRST)
    lesson = SchoolClass.objects.get(school=schools.wakaba, title="2年1組 理科", begins=FIRST)
    assert [line.person for line in life.class_list(lesson, FIRST)] == [
        line.person for line in life.class_list(room, FIRST)
    ]


def test_graduates_are_pupils_of_the_next_school(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    pupil = one_of(rollover, school=schools.hibari, old_grade="P6").pupil_id
    life.begin(rollover, by="clerk")
    roles = Role.objects.filter(person=pupil, name="student")
    assert set(roles.values_list("organisation", "begins", "ends")) == {
        (schools.hibari.uuid, date(2026, 4, 1), FIRST),
        (schools.wakaba.uuid, FIRST, None),
    }


def test_guardians_go_with_the_last_child(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    life.begin(rollover, by="clerk")
    for guardian in set(Guardianship.objects.values_list("guardian", flat=True)):
        children = Guardianship.objects.filter(guardian=guardian).values("child")
        schools_of = {
            name: set(Role.objects.on(FIRST).filter(person__in=who, name=name).values_list("organisation", flat=True))
            for name, who in (("student", children), ("guardian", [guardian]))
        }
        assert schools_of["guardian"] == schools_of["student"]


def test_beginning_twice_is_beginning_once(plan: Plan) -> None:
    rollover = plan()
    first = life.begin(rollover, by="clerk")
    after = api.state()
    assert life.begin(rollover, by="clerk") == first
    assert api.state() == after


def test_who_is_not_placed_must_be_confirmed(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    life.place(one_of(rollover, old_grade="P1"), "unplaced")
    before = api.state()
    with pytest.raises(CannotChange):
        life.begin(rollover, by="clerk")
    assert api.state() == before
    life.begin(rollover, by="clerk", confirm_not_placed=True)
    begun = life.rollover_of(rollover.pk)
    assert begun is not None
    assert life.state_of_year(begun) == "begun"


def test_grades_change_on_the_first_day(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    one = one_of(rollover, school=schools.hibari, old_grade="P6")
    life.begin(rollover, by="clerk")
    assert Person.objects.get(pk=one.pupil_id).grade == "P6"
    with time_machine.travel("2027-03-31T14:59:00Z", tick=False):
        assert life.turn_years() == 0
    with time_machine.travel("2027-03-31T15:01:00Z", tick=False):  # the first of April in Japan
        assert life.turn_years() == 1
        assert life.turn_years() == 0
    person = Person.objects.get(pk=one.pupil_id)
    assert (person.grade, person.primary_organisation_id) == ("J1", schools.wakaba.uuid)


def test_who_leaves_has_gone_on_the_first_day(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    leaver = one_of(rollover, old_grade="J3").pupil_id
    life.begin(rollover, by="clerk")
    with time_machine.travel("2027-04-01T03:00:00Z", tick=False):
        life.turn_years()
    assert Person.objects.get(pk=leaver).ended == FIRST


def test_a_late_beginning_turns_at_once(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    one = one_of(rollover, school=schools.hibari, old_grade="P4")
    with time_machine.travel("2027-04-02T03:00:00Z", tick=False):
        life.begin(rollover, by="clerk")
        assert life.turn_years() == 0
    assert Person.objects.get(pk=one.pupil_id).grade == "P5"


def test_pupils_with_a_class_of_that_year_stop_the_beginning(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    one = one_of(rollover, school=schools.hibari, old_grade="P4")
    room = schools.room("hibari", "5年1組")
    Enrolment.objects.create(sourced_id="next", person_id=one.pupil_id, school_class=room, role="student", begins=FIRST)
    with pytest.raises(CannotChange):
        life.begin(rollover, by="clerk")


# --- taking it back ---


def test_taken_back_is_as_before_and_open_again(plan: Plan) -> None:
    rollover = plan(teachers=True)
    Enrolment.objects.update(ends=None)
    before = api.state()
    life.begin(rollover, by="clerk")
    life.take_back_year(rollover, by="clerk")
    assert api.state() == before
    assert life.is_open(life.rollover_of(rollover.pk))
    life.begin(rollover, by="clerk")
    assert api.state() != before


def test_nothing_is_taken_back_once_the_year_has_begun(plan: Plan) -> None:
    rollover = plan()
    change = life.begin(rollover, by="clerk")
    with time_machine.travel("2027-04-01T03:00:00Z", tick=False):
        life.turn_years()
        for attempt in (lambda: life.take_back_year(rollover, by="clerk"), lambda: life.take_back(change, by="clerk")):
            with pytest.raises(CannotChange):
                attempt()


def test_what_rests_on_the_year_keeps_it(plan: Plan, schools: Schools) -> None:
    rollover = plan()
    life.begin(rollover, by="clerk")
    room = SchoolClass.objects.get(school=schools.hibari, title="5年1組", begins=FIRST)
    with changing(Change.Kind.CORRECTION, by="clerk") as writing:
        writing.update([(room, {"location": "3階"})])
    with pytest.raises(CannotUndo):
        life.take_back_year(rollover, by="clerk")


@settings(max_examples=8, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_decided_nobody_is_lost_and_undo_restores(imported: api.ImportReport, data: st.DataObject) -> None:
    with transaction.atomic():
        before, pupils = api.state(), pupils_on(EVE)
        keys = list(Organisation.objects.exclude(parent=None).values_list("uuid", flat=True))
        wakaba = Organisation.objects.get(name__endswith="中学校").uuid
        on = {key: wakaba for key in keys if key != wakaba} if data.draw(st.booleans()) else {}
        wishes = life.Wishes(
            next_schools=on, mixing=data.draw(st.sampled_from(["keep", "deal"])), teachers=data.draw(st.booleans())
        )
        rollover = life.draft(2027, keys, by="clerk", wishes=wishes)
        for one in data.draw(st.lists(st.sampled_from(list(rollover.placements.all())), max_size=12)):
            outcome = data.draw(st.sampled_from(["retained", "transferred", "unplaced", "graduated"]))
            rooms = rollover.classes.filter(school=one.school_id, grades=one.old_grade, homeroom=None)
            life.place(one, outcome, planned=rooms.first() if outcome == "retained" else None)
        outcomes = dict(rollover.placements.values_list("pupil", "outcome"))
        retained = dict(rollover.placements.filter(outcome="retained").values_list("pupil", "old_grade"))
        stay = set(rollover.placements.exclude(grade="").values_list("pupil", flat=True))
        change = life.begin(rollover, by="clerk", confirm_not_placed=True)
        after = life.places_on(FIRST)
        assert set(outcomes) == pupils
        assert len(after) == len({place.person for place in after})
        assert {place.person for place in after if place.school_class} == stay
        assert all(place.grade == retained[place.person] for place in after if place.person in retained)
        life.take_back(change, by="clerk")
        assert api.state() == before
        transaction.set_rollback(True)
