"""Moves inside the municipality, leaving and coming back, staff of several schools: periods meet, keys stay."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.identity.models import Account
from terakoya.roster import api
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Enrolment, Guardianship, Person, Role, SchoolClass

from ..conftest import DAY
from .conftest import Schools

life = api.life
BEFORE = DAY - timedelta(days=1)


def pupil_of(room: SchoolClass) -> Person:
    row = Enrolment.objects.filter(school_class=room, role="student").order_by("number").first()
    assert row is not None
    return row.person


def homerooms(person: Person, day: date) -> list[str]:
    rows = Enrolment.objects.on(day).filter(person=person, role="student", school_class__kind="homeroom")
    return list(rows.values_list("school_class__title", flat=True))


def schools_of(person: Person, day: date, name: str = "student") -> set:
    rows = Role.objects.on(day).filter(person=person, name=name)
    return set(rows.values_list("organisation", flat=True))


def test_a_move_to_another_class_leaves_no_gap(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.move(pupil.uuid, schools.room("hibari", "5年2組"), DAY, by="clerk", number=40)
    assert (homerooms(pupil, BEFORE), homerooms(pupil, DAY)) == (["5年1組"], ["5年2組"])


def test_a_move_to_another_school_takes_role_and_guardians_along(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.move(pupil.uuid, schools.room("keyaki", "5年1組"), DAY, by="clerk")
    assert schools_of(pupil, BEFORE) == {schools.hibari.uuid}
    assert schools_of(pupil, DAY) == {schools.keyaki.uuid}
    for row in Guardianship.objects.filter(child=pupil):
        children = Guardianship.objects.filter(guardian=row.guardian_id).values("child")
        wanted = Role.objects.on(DAY).filter(name="student", person__in=children)
        assert schools_of(row.guardian, DAY, "guardian") == set(wanted.values_list("organisation", flat=True))
    assert Person.objects.get(pk=pupil.pk).primary_organisation_id == schools.keyaki.uuid


def test_lessons_change_with_the_class(schools: Schools) -> None:
    pupil = pupil_of(schools.room("wakaba", "1年1組"))
    to = schools.room("wakaba", "1年2組")
    lessons = SchoolClass.objects.filter(school=schools.wakaba, title__startswith="1年2組 ")
    life.move(pupil.uuid, to, DAY, by="clerk", lessons=list(lessons))
    rows = Enrolment.objects.on(DAY).filter(person=pupil, role="student")
    assert set(rows.values_list("school_class", flat=True)) == {to.pk, *lessons.values_list("pk", flat=True)}


@pytest.mark.parametrize(("school", "title"), [("hibari", "5年1組"), ("hibari", "4年1組"), ("wakaba", "1年1組 理科")])
def test_a_class_that_does_not_fit_is_refused(schools: Schools, school: str, title: str) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    before = api.state()
    with pytest.raises(CannotChange):
        life.move(pupil.uuid, schools.room(school, title), DAY, by="clerk")
    assert api.state() == before


def test_a_move_on_the_day_of_a_move_is_refused(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.move(pupil.uuid, schools.room("hibari", "5年2組"), DAY, by="clerk")
    with pytest.raises(CannotChange):
        life.move(pupil.uuid, schools.room("keyaki", "5年1組"), DAY, by="clerk")


def test_a_combined_class_takes_pupils_of_each_of_its_grades(schools: Schools) -> None:
    SchoolClass.objects.filter(school=schools.hibari, title="4年1組").update(grades="P4,P5")
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.move(pupil.uuid, schools.room("hibari", "4年1組"), DAY, by="clerk")
    places = [place for place in life.places_on(DAY) if place.person == pupil.uuid]
    assert [(place.grade, place.school_class) for place in places] == [("P5", schools.room("hibari", "4年1組").pk)]


def test_a_move_is_taken_back_as_a_whole(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    before = api.state()
    change = life.move(pupil.uuid, schools.room("keyaki", "5年1組"), DAY, by="clerk")
    assert change.kind == "move"
    life.take_back(change, by="clerk")
    assert api.state() == before


def test_who_leaves_is_at_no_school_and_shut_out(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.leave(pupil.uuid, DAY, by="clerk", note="転出")
    assert (homerooms(pupil, BEFORE), homerooms(pupil, DAY)) == (["5年1組"], [])
    assert schools_of(pupil, DAY) == set()
    assert Person.objects.get(pk=pupil.pk).ended == DAY
    assert not Account.objects.get(person=pupil.uuid).is_active


def test_who_will_leave_is_here_until_then(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    day = DAY + timedelta(days=20)
    life.leave(pupil.uuid, day, by="clerk")
    assert homerooms(pupil, day - timedelta(days=1)) == ["5年1組"]
    assert homerooms(pupil, day) == []
    assert Person.objects.get(pk=pupil.pk).ended is None
    assert Account.objects.get(person=pupil.uuid).is_active


def test_who_comes_back_is_the_same_person(schools: Schools) -> None:
    room = schools.room("hibari", "5年1組")
    pupil = pupil_of(room)
    people = Person.objects.count()
    life.leave(pupil.uuid, DAY - timedelta(days=30), by="clerk")
    life.come_back(pupil.uuid, room, DAY, by="clerk", number=31)
    periods = Enrolment.objects.filter(person=pupil, school_class=room).order_by("begins")
    assert [(row.begins, row.ends) for row in periods] == [
        (date(2026, 4, 1), DAY - timedelta(days=30)),
        (DAY, date(2027, 4, 1)),
    ]
    assert Person.objects.count() == people
    assert Person.objects.get(pk=pupil.pk).ended is None
    assert Account.objects.get(person=pupil.uuid).is_active


def test_who_is_here_cannot_come_back(schools: Schools) -> None:
    room = schools.room("hibari", "5年1組")
    with pytest.raises(CannotChange):
        life.come_back(pupil_of(room).uuid, schools.room("hibari", "5年2組"), DAY, by="clerk")


def test_who_is_gone_cannot_move(schools: Schools) -> None:
    pupil = pupil_of(schools.room("hibari", "5年1組"))
    life.leave(pupil.uuid, BEFORE, by="clerk")
    with pytest.raises(CannotChange):
        life.move(pupil.uuid, schools.room("hibari", "5年2組"), DAY, by="clerk")


def test_somebody_serves_three_schools_one_as_the_main_one(schools: Schools) -> None:
    teacher = Role.objects.filter(name="teacher", organisation=schools.hibari).earliest("pk").person
    life.serve(teacher.uuid, schools.keyaki.uuid, "teacher", DAY, by="clerk")
    life.serve(teacher.uuid, schools.wakaba.uuid, "teacher", DAY, by="clerk", is_primary=True)
    rows = Role.objects.on(DAY).filter(person=teacher, name="teacher")
    assert set(rows.values_list("organisation", "is_primary")) == {
        (schools.hibari.uuid, False),
        (schools.keyaki.uuid, False),
        (schools.wakaba.uuid, True),
    }
    with pytest.raises(CannotChange):
        life.serve(teacher.uuid, schools.keyaki.uuid, "teacher", DAY, by="clerk")


def test_who_serves_a_school_no_longer_teaches_nothing_there(schools: Schools) -> None:
    room = schools.room("hibari", "5年2組")
    teacher = Enrolment.objects.get(school_class=room, role="teacher").person
    life.serve_no_longer(Role.objects.get(person=teacher, name="teacher"), DAY, by="clerk")
    assert api.classes_of_teacher(teacher.uuid, DAY) == []
    assert api.classes_of_teacher(teacher.uuid, BEFORE) == [room]


def test_a_period_is_corrected_by_a_change(schools: Schools) -> None:
    row = Enrolment.objects.filter(role="student").earliest("pk")
    before = api.state()
    change = life.correct_period(row, begins=date(2026, 4, 8), ends=row.ends, by="clerk", note="転入日の訂正")
    assert Enrolment.objects.get(pk=row.pk).begins == date(2026, 4, 8)
    with pytest.raises(CannotChange):
        life.correct_period(row, begins=date(2026, 4, 8), ends=date(2026, 4, 8), by="clerk")
    life.take_back(change, by="clerk")
    assert api.state() == before


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.tuples(st.sampled_from(["move", "leave", "back"]), st.integers(1, 20)), max_size=6))
def test_whatever_happens_a_pupil_is_in_one_class_at_most_and_all_can_be_taken_back(
    schools: Schools, steps: list[tuple[str, int]]
) -> None:
    with transaction.atomic():
        pupil, before = pupil_of(schools.room("hibari", "5年1組")), api.state()
        rooms = [schools.room(school, title) for school in ("hibari", "keyaki") for title in ("5年1組", "5年2組")]
        day, done = date(2026, 5, 1), []
        for what, days in steps:
            day += timedelta(days=days)
            room = rooms[days % 4]
            act = {
                "move": lambda room=room, day=day: life.move(pupil.uuid, room, day, by="clerk"),
                "leave": lambda day=day: life.leave(pupil.uuid, day, by="clerk"),
                "back": lambda room=room, day=day: life.come_back(pupil.uuid, room, day, by="clerk"),
            }[what]
            try:
                done.append(act())
            except CannotChange:
                continue
        for offset in range(0, 200, 3):
            then = date(2026, 4, 2) + timedelta(days=offset)
            assert len(homerooms(pupil, then)) <= 1
            assert bool(homerooms(pupil, then)) == bool(schools_of(pupil, then))
        for change in reversed(done):
            life.take_back(change, by="clerk")
        assert api.state() == before
        transaction.set_rollback(True)
