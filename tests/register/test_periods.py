"""The pages on which the days of a period are corrected, and on which staff serve at several schools."""

from datetime import date

import pytest

from terakoya.identity.api import Account
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Organisation, Person, Role

from .conftest import Open
from .test_people import pupil_of

Schools = dict[str, Organisation]
RIGHT = {"begins": "2026-04-08", "ends": "", "note": "転入の日の誤り"}


def place_of(person: Person) -> Enrolment:
    return Enrolment.objects.living().get(person=person, role="student", school_class__kind="homeroom")


@pytest.fixture
def teacher(schools: Schools) -> Person:
    """Somebody who teaches at Hibari alone."""
    row = Role.objects.filter(name="teacher", organisation=schools["hibari"]).order_by("sourced_id").first()
    assert row is not None
    return row.person


def test_the_days_of_a_place_are_corrected_and_taken_back(
    schools: Schools, office: Account, open_page: Open, send: Open
) -> None:
    pupil, before = pupil_of(schools["hibari"]), roster.state()
    row = place_of(pupil)
    assert open_page(office, "register.class_period", pupil.uuid, row.pk).status_code == 200
    assert send(office, "register.class_period", pupil.uuid, row.pk, **RIGHT).status_code == 302
    assert (place_of(pupil).begins, place_of(pupil).ends) == (date(2026, 4, 8), None)
    ((change, _touched), *_rest) = open_page(office, "register.person", pupil.uuid).context["taken_back"]
    send(office, "register.person_change", pupil.uuid, change.pk)
    assert roster.state() == before


def test_a_period_that_ends_before_it_begins_is_refused(schools: Schools, office: Account, send: Open) -> None:
    pupil = pupil_of(schools["hibari"])
    answer = send(office, "register.class_period", pupil.uuid, place_of(pupil).pk, **(RIGHT | {"ends": "2026-04-01"}))
    assert answer.status_code == 400
    assert "ends" in answer.context["form"].errors


def test_periods_at_other_schools_and_of_other_people_are_not_there(
    schools: Schools, office: Account, board: Account, open_page: Open, send: Open
) -> None:
    own, other = pupil_of(schools["hibari"]), pupil_of(schools["keyaki"])
    before = roster.state()
    assert send(office, "register.class_period", other.uuid, place_of(other).pk, **RIGHT).status_code == 404
    assert send(office, "register.class_period", own.uuid, place_of(other).pk, **RIGHT).status_code == 404
    assert roster.state() == before
    assert open_page(board, "register.class_period", other.uuid, place_of(other).pk).status_code == 200


def serve(school: Organisation, **more: object) -> dict[str, object]:
    return {"school": str(school.uuid), "role": "teacher", "day": "2026-11-24", "step": "serve", **more}


def test_the_board_lets_a_teacher_serve_at_three_schools_and_ends_one(
    schools: Schools, teacher: Person, board: Account, send: Open
) -> None:
    for name in ("keyaki", "wakaba"):
        assert send(board, "register.serving", teacher.uuid, **serve(schools[name])).status_code == 302
    held = Role.objects.on(date(2026, 11, 24)).filter(person=teacher, name="teacher")
    assert {one.organisation for one in held} == set(schools.values())
    assert [one.organisation for one in held if one.is_primary] == [schools["hibari"]]
    row = held.get(organisation=schools["keyaki"])
    leave = {"leave-role": str(row.pk), "leave-day": "2026-12-01", "step": "leave"}
    assert send(board, "register.serving", teacher.uuid, **leave).status_code == 302
    row.refresh_from_db()
    assert row.ends == date(2026, 12, 1)


def test_the_office_enters_roles_at_its_own_school_alone(
    schools: Schools, teacher: Person, office: Account, send: Open, open_page: Open
) -> None:
    assert send(office, "register.serving", teacher.uuid, **serve(schools["keyaki"])).status_code == 400
    form = open_page(office, "register.serving", teacher.uuid).context["form"]
    assert [key for key, _label in form.fields["school"].choices] == [str(schools["hibari"].uuid)]
    assert "is_primary" not in form.fields
    assert not Role.objects.filter(person=teacher, organisation=schools["keyaki"]).exists()


def test_a_role_that_is_held_already_is_refused(schools: Schools, teacher: Person, board: Account, send: Open) -> None:
    assert send(board, "register.serving", teacher.uuid, **serve(schools["hibari"])).status_code == 400


def test_a_pupil_serves_nowhere(schools: Schools, board: Account, open_page: Open) -> None:
    assert open_page(board, "register.serving", pupil_of(schools["hibari"]).uuid).status_code == 404
