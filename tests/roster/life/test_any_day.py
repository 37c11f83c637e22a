"""As of any day: counts, and frozen days that later corrections leave as they are."""

from datetime import date, timedelta

import pytest

from terakoya.roster import api
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Enrolment, Person, Role, SchoolClass, Snapshot

from ..conftest import DAY
from .conftest import Schools

life = api.life
MAY = date(2026, 5, 1)


def pupils(schools: Schools) -> int:
    return Enrolment.objects.filter(role="student", school_class__kind="homeroom").count()


def test_every_pupil_is_counted_once(schools: Schools) -> None:
    places = life.places_on(MAY)
    assert len(places) == pupils(schools)
    assert sum(life.pupils_at_schools(MAY).values()) == len(places)


def test_counts_by_grade_and_sex_add_up(schools: Schools) -> None:
    places = life.places_on(MAY, [schools.hibari.uuid])
    counted = life.tally(places, "grade", "sex")
    for grade in ("P1", "P6"):
        rows = Enrolment.objects.filter(role="student", school_class__grades=grade, school_class__school=schools.hibari)
        for sex in ("female", "male"):
            assert counted[grade, sex] == rows.filter(person__sex=sex).count()


def test_nobody_is_counted_before_coming_nor_after_going(schools: Schools) -> None:
    row = Enrolment.objects.filter(role="student", school_class__school=schools.hibari).earliest("pk")
    Enrolment.objects.filter(pk=row.pk).update(begins=date(2026, 5, 2), ends=date(2026, 6, 1))
    Role.objects.filter(person=row.person_id).update(begins=date(2026, 5, 2), ends=date(2026, 6, 1))
    counts = [len(life.places_on(day)) for day in (MAY, date(2026, 5, 2), date(2026, 5, 31), date(2026, 6, 1))]
    assert counts == [pupils(schools) - 1, pupils(schools), pupils(schools), pupils(schools) - 1]


def test_a_pupil_without_a_class_counts_at_the_school(schools: Schools) -> None:
    row = Enrolment.objects.filter(role="student", school_class__school=schools.hibari).earliest("pk")
    Enrolment.objects.filter(pk=row.pk).update(ends=date(2026, 4, 20))
    place = next(one for one in life.places_on(MAY) if one.person == row.person_id)
    assert (place.school, place.school_class, place.grade) == (schools.hibari.uuid, None, row.person.grade)


def test_who_visits_another_class_counts_in_the_one_for_special_needs(schools: Schools) -> None:
    row = Enrolment.objects.filter(role="student", school_class__title="3年1組").earliest("pk")
    special = schools.room("hibari", "3年2組")
    SchoolClass.objects.filter(pk=special.pk).update(special_needs=True)
    Enrolment.objects.create(
        sourced_id="special", person_id=row.person_id, school_class=special, role="student", begins=date(2026, 4, 10)
    )
    places = [one for one in life.places_on(MAY, [schools.hibari.uuid]) if one.person == row.person_id]
    assert [(one.school_class, one.special_needs) for one in places] == [(special.pk, True)]


# --- frozen days ---


def test_a_frozen_day_stays_whatever_is_corrected(schools: Schools) -> None:
    snapshot = life.freeze(MAY, None, by="clerk")
    before = life.thawed(snapshot)
    row = Enrolment.objects.filter(role="student", school_class__school=schools.hibari).earliest("pk")
    life.correct_period(row, begins=date(2026, 5, 2), ends=row.ends, by="clerk")
    Person.objects.update(sex="male")
    SchoolClass.objects.update(title="x")
    kept = life.snapshot_of(snapshot.pk)
    assert kept is not None
    assert life.thawed(kept) == before


def test_nothing_differs_while_nothing_was_corrected(schools: Schools) -> None:
    snapshot = life.freeze(MAY, schools.hibari.uuid, by="clerk")
    assert not life.difference(snapshot, life.thawed(snapshot))


def test_the_difference_names_who_came_went_and_changed(schools: Schools) -> None:
    snapshot = life.freeze(MAY, schools.hibari.uuid, by="clerk")
    gone, moved = Enrolment.objects.filter(role="student", school_class=schools.room("hibari", "5年1組"))[:2]
    life.leave(gone.person_id, date(2026, 4, 20), by="clerk", note="記録の訂正")
    life.correct_period(moved, begins=moved.begins, ends=date(2026, 4, 20), by="clerk")
    come = Person.objects.create(sourced_id="late", username="late", grade="P5")
    Role.objects.create(
        sourced_id="r", person=come, organisation=schools.hibari, name="student", begins=date(2026, 4, 30)
    )
    found = life.difference(snapshot, life.thawed(snapshot))
    assert [one.person for one in found.come] == [come.uuid]
    assert [one.person for one in found.gone] == [gone.person_id]
    assert [(then.school_class, now.school_class) for then, now in found.changed] == [(moved.school_class_id, None)]


def test_a_day_is_frozen_when_it_has_come(schools: Schools) -> None:
    with pytest.raises(CannotChange):
        life.freeze(DAY + timedelta(days=1), None, by="clerk")
    assert life.freeze(DAY, None, by="clerk").pupils == pupils(schools)


def test_a_snapshot_that_was_tampered_with_is_told(schools: Schools) -> None:
    snapshot = life.freeze(MAY, None, by="clerk")
    Snapshot.objects.filter(pk=snapshot.pk).update(digest="0" * 64)
    changed = life.snapshot_of(snapshot.pk)
    assert changed is not None
    with pytest.raises(ValueError, match="is not what was frozen"):
        life.thawed(changed)


def test_a_school_is_frozen_for_itself(schools: Schools) -> None:
    life.freeze(MAY, schools.hibari.uuid, by="clerk")
    life.freeze(MAY, None, by="clerk")
    assert [one.school_id for one in life.snapshots([schools.hibari.uuid])] == [schools.hibari.uuid]
    assert len(life.snapshots()) == 2


def test_who_moved_to_another_school_is_one_line_of_the_difference(schools: Schools) -> None:
    snapshot = life.freeze(MAY, None, by="clerk")
    row = Enrolment.objects.filter(role="student", school_class=schools.room("hibari", "5年1組")).earliest("pk")
    life.move(row.person_id, schools.room("keyaki", "5年1組"), date(2026, 4, 20), by="clerk")
    found = life.difference(snapshot, life.thawed(snapshot))
    assert (found.come, found.gone) == ([], [])
    assert [(then.school, now.school) for then, now in found.changed] == [(schools.hibari.uuid, schools.keyaki.uuid)]
