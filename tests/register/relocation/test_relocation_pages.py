"""The pages: who may open them, and the way from the pupil's name to the receipt."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from terakoya.access import api as access
from terakoya.identity.api import Account, create_account
from terakoya.kit import paper_codes
from terakoya.register.models import Relocation
from terakoya.register.relocation import leaving
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Person, SchoolClass
from tests.register.conftest import office_of

from .conftest import LAST_DAY, City, Schools, work

Open = Callable[..., HttpResponse]
Bring = Callable[..., Any]


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def page_of(one: Relocation) -> str:
    return reverse("register.relocation", args=[one.uuid])


@pytest.fixture
def came(bring: Bring, newcomer: roster.Mover, schools: Schools) -> Relocation:
    bring(newcomer)
    return Relocation.objects.get()


@pytest.mark.parametrize("route", ["relocations", "relocation_choose", "relocation_code"])
def test_a_teacher_has_no_such_page(schools: Schools, open_page: Open, route: str) -> None:
    row = Enrolment.objects.filter(role="teacher").first()
    assert row is not None
    teacher = create_account("someone", display_name="someone", person=row.person_id)
    assert open_page(teacher, f"register.{route}").status_code == 403
    assert open_page(None, f"register.{route}").status_code in (302, 403)


def test_from_the_name_to_the_receipt(
    pupil: Person, board: Account, open_page: Open, send: Open, other_city: City
) -> None:
    found = open_page(board, "register.relocation_choose", q=pupil.name).context["found"]
    assert [one.person for one in found] == [pupil]
    said = {"last_day": LAST_DAY.isoformat(), "way": "partner", "to": other_city.uri}
    answer = send(board, "register.relocation_leave", pupil.uuid, **said)
    going = Relocation.objects.get()
    assert answer["Location"] == page_of(going)
    assert "Nothing has been passed on yet" in text(open_page(board, "register.relocation", going.uuid))
    send(board, "register.relocation", going.uuid, step="send")
    work()
    going.refresh_from_db()
    other_city.accepts(going.digest, LAST_DAY + timedelta(days=14), "Their school")
    other_city.tell(going.uuid)
    shown = text(open_page(board, "register.relocation", going.uuid))
    assert "Their school" in shown
    assert "Receipt: entry" in shown


def test_the_page_says_what_is_missing(pupil: Person, board: Account, send: Open, other_city: City) -> None:
    answer = send(board, "register.relocation_leave", pupil.uuid, last_day="2026-12-25", way="partner", to="")
    assert answer.status_code == 400
    assert "Choose the municipality" in text(answer)
    answer = send(board, "register.relocation_leave", pupil.uuid, last_day="2020-01-01", way="code")
    assert "in no class here on that day" in text(answer)


def test_the_sheet_carries_the_code(pupil: Person, board: Account, clerk: access.Actor, open_page: Open) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)
    assert going.code is not None
    assert paper_codes.grouped(going.code) in text(open_page(board, "register.relocation", going.uuid))
    for language in ("ja", "en"):
        sheet = open_page(board, "register.relocation_sheet", going.uuid, language=language)
        assert sheet.content.startswith(b"%PDF")


def test_the_file_is_there_when_it_was_given_out(
    pupil: Person, board: Account, clerk: access.Actor, open_page: Open, send: Open
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "file", by=clerk)
    assert open_page(board, "register.relocation_file", going.uuid).status_code == 404
    send(board, "register.relocation", going.uuid, step="hand_out")
    going.refresh_from_db()
    assert text(open_page(board, "register.relocation_file", going.uuid)) == going.package


def test_a_school_sees_the_moves_of_its_own(
    pupil: Person, schools: Schools, office: Account, clerk: access.Actor, open_page: Open
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)
    assert [one.name for one in open_page(office, "register.relocations").context["leaving"]] == [pupil.name]
    other = office_of(schools["keyaki"])
    assert not open_page(other, "register.relocations").context["leaving"]
    assert open_page(other, "register.relocation", going.uuid).status_code == 404
    assert open_page(other, "register.relocation_sheet", going.uuid).status_code == 404


def test_what_nobody_asked_for_waits_at_the_board(
    came: Relocation, board: Account, office: Account, open_page: Open, newcomer: roster.Mover
) -> None:
    shown = open_page(board, "register.relocations").context["arriving"]
    assert [one.name for one in shown] == [newcomer.pupil.name]
    assert "1 pupil from elsewhere" in text(open_page(board, "register.start"))
    assert open_page(office, "register.relocation", came.uuid).status_code == 404


def test_what_a_school_asked_for_waits_there(
    came: Relocation, office: Account, room: SchoolClass, open_page: Open, send: Open
) -> None:
    Relocation.objects.update(school=room.school_id)
    assert open_page(office, "register.relocation", came.uuid).context["mover"].pupil.key == came.person
    begins = (LAST_DAY + timedelta(days=1)).isoformat()
    send(office, "register.relocation", came.uuid, step="accept", to=str(room.uuid), begins=begins)
    came.refresh_from_db()
    assert came.state == "accepted"


def test_looking_is_written_down(came: Relocation, board: Account, open_page: Open) -> None:
    open_page(board, "register.relocation", came.uuid)
    assert came.person is not None
    assert "relocation" in [line.what for line in access.accesses_of(came.person)]


def test_taken_in_too_early_is_said(came: Relocation, board: Account, room: SchoolClass, send: Open) -> None:
    answer = send(
        board, "register.relocation", came.uuid, step="accept", to=str(room.uuid), begins=LAST_DAY.isoformat()
    )
    assert answer.status_code == 400
    assert "comes after the last day" in text(answer)


def test_declined_the_name_is_gone(came: Relocation, board: Account, open_page: Open, send: Open) -> None:
    send(board, "register.relocation", came.uuid, step="decline", **{"no-reason": "not ours"})
    came.refresh_from_db()
    assert came.state == "declined"
    assert [one.name for one in open_page(board, "register.relocations").context["arriving"]] == [""]


def test_who_is_hidden_is_warned_of(
    bring: Bring, hidden: roster.Mover, board: Account, schools: Schools, open_page: Open
) -> None:
    bring(hidden)
    shown = text(open_page(board, "register.relocation", Relocation.objects.get().uuid))
    assert hidden.hidings[0].hidden_from.official_name in shown
    assert "Do not tell anybody at the counter" in shown


def test_somebody_alike_is_shown(came: Relocation, board: Account, newcomer: roster.Mover, open_page: Open) -> None:
    Person.objects.create(sourced_id="twin", official_family="髙橋", official_given="葵", grade="P5")
    assert "is it the same person?" in text(open_page(board, "register.relocation", came.uuid))


def test_somebody_alike_at_another_school_is_not_named(
    came: Relocation, office: Account, room: SchoolClass, newcomer: roster.Mover, open_page: Open
) -> None:
    Relocation.objects.update(school=room.school_id)
    twin = Person.objects.create(sourced_id="twin", official_family="髙橋", official_given="葵", grade="J1")
    answer = open_page(office, "register.relocation", came.uuid)
    _pupil, alike, elsewhere = answer.context["likenesses"][0]
    assert (alike, elsewhere) == ([], 1)
    assert "Ask the board of education" in text(answer)
    assert not access.accesses_of(twin.uuid)


def test_asked_with_a_code_from_the_page(
    board: Account, schools: Schools, newcomer: roster.Mover, other_city: City, send: Open, open_page: Open
) -> None:
    made = other_city.package(newcomer)
    other_city.node.answer("/relocation-code", (200, {"relocation": str(made.relocation)}))
    said = {
        "partner": other_city.uri,
        "code": paper_codes.grouped(paper_codes.new_code()),
        "born": "2015-05-06",
        "school": str(schools["hibari"].uuid),
    }
    send(board, "register.relocation_code", **said)
    asked = Relocation.objects.get()
    assert asked.state == "asked"
    assert "arrive within a minute" in text(open_page(board, "register.relocation", asked.uuid))
    assert "letter is wrong" in text(send(board, "register.relocation_code", **{**said, "code": "K7QM-4XTP-3"}))


def test_an_unknown_step_is_no_step(
    pupil: Person, board: Account, clerk: access.Actor, send: Open, client: Client
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)
    assert send(board, "register.relocation", going.uuid, step="fly").status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_page_speaks(
    language: str,
    came: Relocation,
    board: Account,
    pupil: Person,
    clerk: access.Actor,
    open_page: Open,
    newcomer: roster.Mover,
) -> None:
    going = leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)
    assert replace(newcomer).grade == "P5"
    for route, *arguments in (
        ("relocations",),
        ("relocation_choose",),
        ("relocation_code",),
        ("relocation_leave", pupil.uuid),
        ("relocation", came.uuid),
        ("relocation", going.uuid),
    ):
        assert open_page(board, f"register.{route}", *arguments, language=language).status_code == 200


def test_the_page_of_a_person_leads_to_the_move_and_back(
    pupil: Person, board: Account, clerk: access.Actor, open_page: Open
) -> None:
    leaving.prepare(pupil.uuid, LAST_DAY, "code", by=clerk)
    ((move, said),) = open_page(board, "register.person", pupil.uuid).context["moves"]
    assert said[0] == "ready, not sent"
    page = open_page(board, "register.relocation", move.uuid)
    assert f'href="/register/people/{pupil.uuid}/"' in page.content.decode()
