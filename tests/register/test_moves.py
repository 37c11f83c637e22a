"""The page on which a pupil moves, leaves or comes back."""

from datetime import date

import pytest

from terakoya.access import api as access
from terakoya.identity.api import Account
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Organisation, Person, SchoolClass

from .conftest import DAY, Open
from .test_class_lists import class_of, pupils_of

Schools = dict[str, Organisation]


@pytest.fixture
def pupil(schools: Schools) -> Person:
    return min(pupils_of(class_of(schools["hibari"])), key=lambda one: one.sourced_id)


def rooms_of(person: Person, day: date) -> list[SchoolClass]:
    rows = Enrolment.objects.on(day).filter(person=person, role="student", school_class__kind="homeroom")
    return [row.school_class for row in rows.select_related("school_class")]


def said(room: SchoolClass, step: str = "move") -> dict[str, object]:
    return {"to": room.uuid, "day": DAY.isoformat(), "number": 30, "note": "", "step": step}


def test_the_board_moves_a_pupil_to_another_school(schools: Schools, pupil: Person, board: Account, send: Open) -> None:
    room = class_of(schools["keyaki"])
    assert send(board, "register.move", pupil.uuid, **said(room)).status_code == 302
    assert rooms_of(pupil, DAY) == [room]


def test_the_office_chooses_among_its_own_classes(
    schools: Schools, pupil: Person, office: Account, send: Open, open_page: Open
) -> None:
    offered = {
        key for key, _label in open_page(office, "register.move", pupil.uuid).context["form"].fields["to"].choices
    }
    assert offered == {str(class_of(schools["hibari"], title).uuid) for title in ("5年1組", "5年2組")}
    assert send(office, "register.move", pupil.uuid, **said(class_of(schools["keyaki"]))).status_code == 400
    assert send(office, "register.move", pupil.uuid, **said(class_of(schools["hibari"], "5年1組"))).status_code == 302


def test_a_pupil_of_another_school_is_not_there(schools: Schools, office: Account, send: Open, open_page: Open) -> None:
    other = pupils_of(class_of(schools["keyaki"])).pop()
    before = roster.state()
    assert open_page(office, "register.move", other.uuid).status_code == 404
    assert send(office, "register.move", other.uuid, **said(class_of(schools["hibari"]))).status_code == 404
    assert roster.state() == before


def test_who_leaves_can_come_back(schools: Schools, pupil: Person, board: Account, send: Open, open_page: Open) -> None:
    leaving = {"leave-day": "2026-11-02", "leave-note": "転出", "step": "leave"}
    assert send(board, "register.move", pupil.uuid, **leaving).status_code == 302
    assert rooms_of(pupil, DAY) == []
    assert not open_page(board, "register.move", pupil.uuid).context["here"]
    room = class_of(schools["hibari"], "5年1組")
    assert send(board, "register.move", pupil.uuid, **said(room, "back")).status_code == 302
    assert rooms_of(pupil, DAY) == [room]


def test_what_cannot_be_is_said_on_the_page(schools: Schools, pupil: Person, board: Account, send: Open) -> None:
    answer = send(board, "register.move", pupil.uuid, **said(class_of(schools["hibari"])))
    assert answer.status_code == 400
    assert "in that class already" in answer.content.decode()


def test_the_page_stands_in_the_log_of_the_pupil(pupil: Person, board: Account, open_page: Open) -> None:
    open_page(board, "register.move", pupil.uuid)
    assert [line.what for line in access.accesses_of(pupil.uuid)] == ["pupil_move"]


def test_who_never_was_a_pupil_has_no_such_page(schools: Schools, board: Account, open_page: Open) -> None:
    teacher = Enrolment.objects.filter(role="teacher").earliest("pk").person_id
    assert open_page(board, "register.move", teacher).status_code == 404
