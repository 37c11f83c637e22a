"""The pages of the new school year: planned by whom it concerns, changed by hand or by a table, begun, taken back."""

from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from terakoya.access import api as access
from terakoya.identity.api import Account
from terakoya.roster import api as roster
from terakoya.roster.models import Enrolment, Organisation, PlannedClass, Rollover

from .conftest import Open

Schools = dict[str, Organisation]
life = roster.life


@pytest.fixture
def plan(schools: Schools) -> Rollover:
    """The plan of the board for all its schools."""
    wakaba = schools["wakaba"].uuid
    on = {schools["hibari"].uuid: wakaba, schools["keyaki"].uuid: wakaba}
    keys = [school.uuid for school in schools.values()]
    return life.draft(2027, keys, by="board", wishes=life.Wishes(next_schools=on))


def form_of(schools: Schools, *names: str, **more: str) -> dict[str, object]:
    return {"schools": [str(schools[name].uuid) for name in names], "mixing": "keep", "lessons": "on", **more}


def one_of(plan: Rollover, school: Organisation, grade: str = "P4"):  # type: ignore[no-untyped-def]
    return plan.placements.filter(school=school, old_grade=grade).select_related("pupil").order_by("pk")[0]


def test_the_board_plans_the_year_of_all_schools(schools: Schools, board: Account, send: Open, open_page: Open) -> None:
    page = open_page(board, "register.year_new")
    said = {field.name: field.field.initial for field in page.context["form"].numbers()} | {
        f"to:{schools[name].uuid}": str(schools["wakaba"].uuid) for name in ("hibari", "keyaki")
    }
    answer = send(board, "register.year_new", **form_of(schools, *schools), **said)
    made = Rollover.objects.get()
    assert answer.status_code == 302
    assert life.overview(made).not_placed == 0
    assert {one.next_school_id for one in made.placements.filter(old_grade="P6")} == {schools["wakaba"].uuid}


def test_the_office_plans_its_own_school_alone(schools: Schools, office: Account, send: Open) -> None:
    numbers = {f"n:{schools['hibari'].uuid}:P{grade}": 2 for grade in range(1, 7)}
    assert send(office, "register.year_new", **form_of(schools, "keyaki"), **numbers).status_code == 400
    assert send(office, "register.year_new", **form_of(schools, "hibari"), **numbers).status_code == 302
    assert Rollover.objects.get().schools == [str(schools["hibari"].uuid)]


def test_the_office_sees_its_part_of_the_boards_plan(
    schools: Schools, plan: Rollover, office: Account, open_page: Open
) -> None:
    page = open_page(office, "register.year", plan.pk)
    assert page.context["numbers"].pupils == plan.placements.filter(school=schools["hibari"]).count()
    assert {room.school for room in page.context["rooms"]} == {schools["hibari"]}


@pytest.mark.parametrize("step", ["begin", "put_away", "follow", "take_back"])
def test_the_office_does_not_decide_over_the_plan_of_all(
    plan: Rollover, office: Account, send: Open, step: str
) -> None:
    assert send(office, f"register.year_{step}", plan.pk).status_code == 403
    assert life.state_of_year(Rollover.objects.get()) == "drafted"


def test_a_plan_of_other_schools_is_not_there(schools: Schools, office: Account, open_page: Open) -> None:
    other = life.draft(2027, [schools["keyaki"].uuid], by="board")
    assert open_page(office, "register.year", other.pk).status_code == 404


def test_a_pupil_of_another_school_is_not_there(
    schools: Schools, plan: Rollover, office: Account, open_page: Open, send: Open
) -> None:
    one = one_of(plan, schools["keyaki"])
    room = plan.classes.get(school=schools["keyaki"], title="5年1組")
    assert open_page(office, "register.year_pupil", plan.pk, one.pk).status_code == 404
    assert open_page(office, "register.year_class", plan.pk, room.pk).status_code == 404
    assert send(office, "register.year_class_step", plan.pk, room.pk, step="drop").status_code == 404


def test_not_placed_pupils_are_listed_with_their_names(
    schools: Schools, plan: Rollover, office: Account, open_page: Open
) -> None:
    one = one_of(plan, schools["hibari"])
    life.place(one, "unplaced")
    page = open_page(office, "register.year", plan.pk)
    assert [row.pupil_id for row in page.context["not_placed"]] == [one.pupil_id]
    assert one.pupil.name in page.content.decode()
    assert [line.what for line in access.accesses_of(one.pupil_id)] == ["year_plan"]


def test_a_pupil_is_placed_by_hand(schools: Schools, plan: Rollover, office: Account, send: Open) -> None:
    one = one_of(plan, schools["hibari"])
    room = plan.classes.get(school=schools["hibari"], title="4年1組")
    said = {"outcome": "retained", "planned": room.pk, "number": 9, "next_school": ""}
    assert send(office, "register.year_pupil", plan.pk, one.pk, **said).status_code == 302
    one.refresh_from_db()
    assert (one.outcome, one.planned, one.number, one.grade) == ("retained", room, 9, "P4")


def test_a_class_that_does_not_fit_is_said_on_the_page(
    schools: Schools, plan: Rollover, office: Account, send: Open
) -> None:
    one = one_of(plan, schools["hibari"])
    room = plan.classes.get(school=schools["hibari"], title="2年1組")
    answer = send(office, "register.year_pupil", plan.pk, one.pk, outcome="promoted", planned=room.pk, next_school="")
    assert answer.status_code == 400
    assert "is not for the grade" in answer.content.decode()


def test_chosen_pupils_go_into_another_class(schools: Schools, plan: Rollover, office: Account, send: Open) -> None:
    room = plan.classes.get(school=schools["hibari"], title="5年1組")
    to = plan.classes.get(school=schools["hibari"], title="5年2組")
    chosen = room.placements.earliest("pk")
    send(office, "register.year_class_step", plan.pk, room.pk, step="move", pupil=[chosen.pk], to=to.pk)
    chosen.refresh_from_db()
    assert chosen.planned == to
    send(office, "register.year_class_step", plan.pk, to.pk, step="kana")
    assert sorted(to.placements.values_list("number", flat=True)) == list(range(1, to.placements.count() + 1))


def test_one_more_combined_class_is_planned(schools: Schools, plan: Rollover, office: Account, send: Open) -> None:
    said = {"school": schools["hibari"].pk, "title": "複式", "grades": ["P1", "P2"]}
    send(office, "register.year_add_class", plan.pk, **said)
    assert PlannedClass.objects.get(title="複式").grade_codes == ["P1", "P2"]
    said["school"] = schools["keyaki"].pk
    assert send(office, "register.year_add_class", plan.pk, **said).status_code == 400


# --- the table ---


def table_of(open_page: Open, who: Account, plan: Rollover) -> list[list]:
    answer = open_page(who, "register.year_xlsx", plan.pk)
    return [list(row) for row in load_workbook(BytesIO(answer.content)).active.values]


def workbook(rows: list[list]) -> SimpleUploadedFile:
    book, made = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return SimpleUploadedFile("plan.xlsx", made.getvalue())


def test_the_table_as_it_was_given_changes_nothing(
    schools: Schools, plan: Rollover, board: Account, open_page: Open, send: Open
) -> None:
    facts = ("pupil", "outcome", "grade", "next_school", "planned", "number")
    before = list(plan.placements.order_by("pk").values_list(*facts))
    rows = table_of(open_page, board, plan)
    assert send(board, "register.year_table", plan.pk, table=workbook(rows)).status_code == 302
    assert list(plan.placements.order_by("pk").values_list(*facts)) == before


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_filled_in_csv_places_its_pupils(
    schools: Schools, plan: Rollover, board: Account, open_page: Open, send: Open, encoding: str
) -> None:
    open_page(board, "register.years", language="ja")
    one = one_of(plan, schools["hibari"])
    rows = [
        "生徒ID,進級の結果,新しい学級,新しい番号",
        f"{one.pupil.sourced_id},進級,5年2組,３９",
    ]
    file = SimpleUploadedFile("plan.csv", "\r\n".join(rows).encode(encoding))
    assert send(board, "register.year_table", plan.pk, table=file).status_code == 302
    one.refresh_from_db()
    assert (one.planned.title, one.number) == ("5年2組", 39)


def test_a_table_with_faults_places_nobody(
    schools: Schools, plan: Rollover, office: Account, open_page: Open, send: Open
) -> None:
    rows = table_of(open_page, office, plan)
    before = list(plan.placements.order_by("pk").values_list("planned", "number"))
    rows[1][8] = 38
    rows[2][7] = "9年9組"
    rows[3][0] = one_of(plan, schools["keyaki"]).pupil.sourced_id
    rows[4][8] = "-1"
    answer = send(office, "register.year_table", plan.pk, table=workbook(rows))
    assert answer.status_code == 422
    assert [fault.row for fault in answer.context["faults"]] == [3, 4, 5]
    assert list(plan.placements.order_by("pk").values_list("planned", "number")) == before


def test_two_pupils_with_one_number_are_said(
    schools: Schools, plan: Rollover, office: Account, open_page: Open, send: Open
) -> None:
    rows = table_of(open_page, office, plan)
    rows[2][7:9] = rows[1][7:9]
    assert send(office, "register.year_table", plan.pk, table=workbook(rows)).status_code == 422


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"PK\x03\x04nothing", b"a,b\r\n1,2\r\n", b""])
def test_a_file_that_is_no_such_table_is_said(
    schools: Schools, plan: Rollover, office: Account, send: Open, content: bytes
) -> None:
    file = SimpleUploadedFile("plan.csv", content)
    assert send(office, "register.year_table", plan.pk, table=file).status_code == 422


# --- begin and take back ---


def test_the_board_begins_the_year_and_takes_it_back(
    schools: Schools, plan: Rollover, board: Account, send: Open, open_page: Open
) -> None:
    before = roster.state()
    send(board, "register.year_begin", plan.pk)
    assert Enrolment.objects.filter(begins=plan.begins).exists()
    assert open_page(board, "register.year", plan.pk).context["may_take_back"]
    send(board, "register.year_take_back", plan.pk)
    assert roster.state() == before
    assert open_page(board, "register.year", plan.pk).context["open"]


def test_not_placed_pupils_need_a_deliberate_yes(schools: Schools, plan: Rollover, board: Account, send: Open) -> None:
    life.place(one_of(plan, schools["hibari"]), "unplaced")
    send(board, "register.year_begin", plan.pk)
    assert not Enrolment.objects.filter(begins=plan.begins).exists()
    send(board, "register.year_begin", plan.pk, confirm_not_placed="yes")
    assert Enrolment.objects.filter(begins=plan.begins).exists()


def test_a_begun_year_offers_no_way_back_after_its_first_day(
    schools: Schools, plan: Rollover, board: Account, send: Open, open_page: Open
) -> None:
    send(board, "register.year_begin", plan.pk)
    with time_machine.travel("2027-04-01T03:00:00Z", tick=False):
        assert not open_page(board, "register.year", plan.pk).context["may_take_back"]
        after = roster.state()
        send(board, "register.year_take_back", plan.pk)
        assert roster.state() == after


def test_what_is_missing_in_a_plan_waits_at_the_desk(
    schools: Schools, plan: Rollover, board: Account, office: Account, open_page: Open
) -> None:
    assert open_page(office, "register.start").context["waiting"] == []
    assert "can be begun" in open_page(board, "register.start").content.decode()
    life.place(one_of(plan, schools["hibari"]), "unplaced")
    for who in (office, board):
        assert "1 pupil is not placed yet" in open_page(who, "register.start").content.decode()
