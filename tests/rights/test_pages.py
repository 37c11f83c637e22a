"""The pages: who comes in, what a family sees and sends, what a clerk does, and that every look is recorded."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.kit import clock
from terakoya.rights import answering, questions, requests
from terakoya.rights.models import Question, RequestEvent, RightsRequest
from terakoya.roster.models import Guardianship, Person
from tests.access.conftest import terms_for
from tests.access.school import School

from .conftest import Ask, browser

PEOPLE = ("guardian", "second_guardian", "pupil", "teacher", "head", "other_teacher", "clerk")
RECORDS = "activity.learning_school"


@pytest.fixture
def family(school: School) -> Client:
    return browser(school.guardian)


@pytest.fixture
def desk(school: School) -> Client:
    return browser(school.clerk)


def number_on(page: HttpResponse) -> str:
    return re.search(r'name="number" value="([^"]+)"', page.content.decode()).group(1)


def first_person(page: HttpResponse) -> str:
    found = re.search(r'name="person" value="([^"]+)"', page.content.decode())
    return found.group(1) if found else ""


def walk_to_check(family: Client, kind: str, **said: object) -> HttpResponse:
    """Fill in each step as a browser without JavaScript does; the page on which everything is checked."""
    page = family.get(reverse("rights.new", args=[kind]), follow=True)
    while not page.request["PATH_INFO"].endswith("/check/"):
        before = page.request["PATH_INFO"]
        page = family.post(before, {"person": first_person(page), **said}, follow=True)
        assert page.request["PATH_INFO"] != before, page.content.decode()
    return page


def looked(school: School) -> access.AccessLine:
    person, actor = school.pupils[0], actor_of_account(school.teacher)
    with transaction.atomic():
        decision = access.may(actor, RECORDS, "teaching", person)
        access.record_access(actor, decision, [person], RECORDS, "teaching", "pupil_records")
    return access.accesses_of(person)[0]


# --- who comes in ---
@pytest.mark.parametrize("name", ["rights.home", "rights.desk", "rights.entrustments_new"])
def test_without_a_sign_in_one_is_asked_for_it(school: School, name: str) -> None:
    answer = browser(None).get(reverse(name))
    assert answer.status_code == 302 and reverse("sign-in") in answer.url


@pytest.mark.parametrize("name", ["registers", "files", "files_csv", "entrustments", "entrustments_csv", "notices"])
def test_the_registers_are_open_to_everybody(school: School, name: str) -> None:
    assert browser(None).get(reverse(f"rights.{name}")).status_code == 200


@pytest.mark.parametrize("who", PEOPLE)
def test_only_a_clerk_comes_to_the_desk(school: School, ask: Ask, who: str) -> None:
    asked = ask()
    come = browser(getattr(school, who))
    for address in (
        reverse("rights.desk"),
        reverse("rights.desk_request", args=[asked.uuid]),
        reverse("rights.entrustments_new"),
    ):
        assert come.get(address).status_code == (200 if who == "clerk" else 403)


@pytest.mark.parametrize("who", PEOPLE)
def test_a_request_is_there_for_its_asker_alone(school: School, ask: Ask, clerk: access.Actor, who: str) -> None:
    asked = ask()
    answering.answer(asked, "checking", by=clerk)
    answering.answer(asked, "granted", by=clerk)
    come = browser(getattr(school, who))
    for name in ("request", "disclosed", "disclosed_file"):
        answer = come.get(reverse(f"rights.{name}", args=[asked.uuid]))
        assert answer.status_code == (200 if who == "guardian" else 404)


def test_a_guardian_under_a_court_order_does_not_read_where_the_child_was_learning(
    school: School, ask: Ask, clerk: access.Actor, guardian: access.Actor, child: UUID
) -> None:
    access.give_consent(terms_for(child), by=guardian, capacity="guardian")
    pages = {}
    for who in ("second_guardian", "guardian"):
        asked = ask("stop", by=actor_of_account(getattr(school, who)))
        answering.answer(asked, "checking", by=clerk)
        answering.answer(asked, "granted", by=clerk)
        pages[who] = browser(getattr(school, who)).get(reverse("rights.request", args=[asked.uuid])).content.decode()
        assert answering.ended_by(asked) or who == "guardian"
    assert terms_for(child).recipient_name not in pages["second_guardian"]


def test_a_former_guardian_is_not_told_the_child_s_name_of_today(school: School, ask: Ask, child: UUID) -> None:
    asked = ask()
    Person.objects.filter(uuid=child).update(display_family="新姓")
    come = browser(school.guardian)
    addresses = (reverse("rights.home"), reverse("rights.request", args=[asked.uuid]))
    assert all("新姓" in come.get(address).content.decode() for address in addresses)
    Guardianship.objects.filter(child=child).update(ends=clock.today())
    assert not any("新姓" in come.get(address).content.decode() for address in addresses)


@pytest.mark.parametrize("who", [None, *PEOPLE])
def test_nobody_else_takes_a_request_back(school: School, ask: Ask, who: str | None) -> None:
    asked = ask()
    browser(getattr(school, who) if who else None).post(reverse("rights.take_back", args=[asked.uuid]))
    state = requests.request_of(asked.uuid).state
    assert state == ("withdrawn" if who == "guardian" else "received")


# --- asking ---
def test_a_family_asks_in_a_few_pages_and_gets_a_number(family: Client) -> None:
    check = walk_to_check(family, "disclosure", categories=["subject.identity", "subject.contact"])
    sent = family.post(check.request["PATH_INFO"], {"number": number_on(check)}, follow=True)
    (asked,) = RightsRequest.objects.all()
    assert sent.request["PATH_INFO"] == reverse("rights.request", args=[asked.uuid])
    assert str(asked.uuid) in sent.content.decode() and "30 days left" in sent.content.decode()
    assert asked.categories == ["subject.identity", "subject.contact"]


def test_everything_means_each_category_that_is_held(family: Client) -> None:
    check = walk_to_check(family, "disclosure", categories=["all"])
    family.post(check.request["PATH_INFO"], {"number": number_on(check)})
    assert set(RightsRequest.objects.get().categories) >= {"subject.identity", RECORDS, "rights.access_log"}


def test_a_correction_says_where_it_is_changed(family: Client) -> None:
    check = walk_to_check(family, "correction", categories="subject.contact", wrong="町名", right="2丁目")
    text = check.content.decode()
    assert "2丁目" in text and "the school&#x27;s own register" in text


def test_the_check_page_sent_twice_is_one_request(family: Client) -> None:
    check = walk_to_check(family, "stop", categories=["all"], reason="")
    answers = [family.post(check.request["PATH_INFO"], {"number": number_on(check)}) for _time in range(2)]
    assert RightsRequest.objects.count() == 1
    assert {answer.url for answer in answers} == {reverse("rights.request", args=[RightsRequest.objects.get().uuid])}


@pytest.mark.parametrize(
    ("kind", "step", "said"),
    [
        ("disclosure", "what", {}),
        ("disclosure", "what", {"categories": ["<script>"]}),
        ("correction", "words", {"wrong": " ", "right": "x"}),
        ("correction", "what", {"categories": "rights.access_log"}),
        ("stop", "words", {"reason": "長" * 2001}),
    ],
)
def test_a_step_that_says_nothing_sensible_is_asked_again(family: Client, kind: str, step: str, said: dict) -> None:
    family.get(reverse("rights.new", args=[kind]))
    page = family.post(reverse("rights.new_step", args=[kind, step]), said)
    assert page.status_code == 400 and "<title>Error:" in page.content.decode()
    assert not RightsRequest.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "00000000-0000-4000-8000-000000000001"])
def test_a_check_page_of_another_number_sends_nothing(family: Client, number: str) -> None:
    check = walk_to_check(family, "disclosure", categories=["all"])
    assert family.post(check.request["PATH_INFO"], {"number": number}).status_code == 302
    assert not RightsRequest.objects.exists()


def test_a_guardianship_that_ends_between_the_pages_sends_nothing(family: Client, child: UUID) -> None:
    check = walk_to_check(family, "disclosure", categories=["all"])
    Guardianship.objects.filter(child=child).update(ends=clock.today())
    page = family.post(check.request["PATH_INFO"], {"number": number_on(check)}, follow=True)
    assert not RightsRequest.objects.exists()
    assert "You can only ask for yourself or for a child in your care today." in page.content.decode()


@pytest.mark.parametrize("address", ["/rights/new/erase/", "/rights/new/stop/where/", "/rights/new/disclosure/words/"])
def test_there_are_no_other_kinds_and_steps(family: Client, address: str) -> None:
    assert family.get(address).status_code == 404


def test_a_late_answer_is_said_to_be_late(family: Client, ask: Ask) -> None:
    with time_machine.travel(clock.now() - timedelta(days=33)):
        asked = ask()
    assert "3 days late" in family.get(reverse("rights.request", args=[asked.uuid])).content.decode()


# --- the desk ---
def test_the_clerk_works_a_request_through_and_the_family_reads_the_answer(
    desk: Client, family: Client, ask: Ask
) -> None:
    asked = ask()
    address = reverse("rights.desk_request", args=[asked.uuid])
    desk.post(address, {"step": "checking"})
    desk.post(address, {"step": "decide", "decision": "refused", "clause": "harm", "reason": "あぶないから"})
    text = family.get(reverse("rights.request", args=[asked.uuid])).content.decode()
    assert "あぶないから" in text and "78(1)(i)" in text


@pytest.mark.parametrize(
    "said",
    [
        {"step": "decide", "decision": "refused", "clause": "", "reason": "x"},
        {"step": "decide", "decision": "refused", "clause": "harm", "reason": ""},
        {"step": "decide", "decision": "erase"},
        {"step": "decide"},
        {"step": "extended", "more-reason": ""},
    ],
)
def test_a_decision_without_its_grounds_is_asked_again(desk: Client, ask: Ask, said: dict) -> None:
    asked = ask()
    address = reverse("rights.desk_request", args=[asked.uuid])
    desk.post(address, {"step": "checking"})
    before = RequestEvent.objects.count()
    assert desk.post(address, said).status_code == 400
    assert RequestEvent.objects.count() == before


def test_a_step_in_a_wrong_state_is_refused_with_a_sentence(desk: Client, ask: Ask) -> None:
    asked = ask()
    page = desk.post(reverse("rights.desk_request", args=[asked.uuid]), {"step": "done"}, follow=True)
    assert "This cannot be done now." in page.content.decode()
    assert requests.request_of(asked.uuid).state == "received"


def test_each_look_of_the_clerk_stands_in_the_family_s_log(desk: Client, ask: Ask, child: UUID) -> None:
    asked = ask()
    desk.get(reverse("rights.desk"))
    desk.get(reverse("rights.desk_request", args=[asked.uuid]))
    assert [line.what for line in access.accesses_of(child)[:2]] == ["request", "request_queue"]


def test_the_number_waiting_stands_in_the_navigation_of_clerks_alone(desk: Client, family: Client, ask: Ask) -> None:
    ask()
    assert "Requests (1)" in desk.get("/").content.decode()
    assert "Requests (1)" not in family.get("/").content.decode()


def test_my_rights_are_one_click_from_home(family: Client) -> None:
    assert f'href="{reverse("rights.home")}"' in family.get("/").content.decode()


# --- questions ---
def test_a_question_is_asked_from_the_line_and_answered_at_the_desk(
    desk: Client, family: Client, school: School, child: UUID
) -> None:
    line = looked(school)
    address = reverse("rights.ask", args=[child, line.id])
    assert address in family.get(reverse("access.accesses", args=[child])).content.decode()
    page = family.get(address)
    family.post(address, {"number": number_on(page), "text": "<b>なぜ</b>"})
    (asked,) = Question.objects.all()
    waiting = desk.get(reverse("rights.desk_question", args=[asked.uuid])).content.decode()
    assert '&lt;b&gt;<span lang="ja">なぜ</span>' in waiting and "<b>" not in waiting
    desk.post(reverse("rights.desk_question", args=[asked.uuid]), {"text": "授業の準備"})
    assert "授業の準備" in family.get(reverse("rights.question", args=[asked.uuid])).content.decode()


@pytest.mark.parametrize("who", ["second_guardian", "teacher", "head", "other_teacher", "clerk"])
def test_a_question_is_there_for_its_asker_alone(school: School, child: UUID, guardian: access.Actor, who: str) -> None:
    line = looked(school)
    asked = questions.ask(uuid4(), child, line, "", "なぜ", by=guardian)
    come = browser(getattr(school, who))
    assert come.get(reverse("rights.question", args=[asked.uuid])).status_code == 404
    assert come.get(reverse("rights.ask", args=[child, line.id])).status_code == 404


@pytest.mark.parametrize("line", [999_999, 2**70])
def test_a_line_that_is_not_there_is_not_found(family: Client, school: School, child: UUID, line: int) -> None:
    looked(school)
    assert family.get(reverse("rights.ask", args=[child, line])).status_code == 404


def test_a_question_of_nothing_is_asked_again(family: Client, school: School, child: UUID) -> None:
    address = reverse("rights.ask", args=[child, looked(school).id])
    assert family.post(address, {"number": str(uuid4()), "text": " "}).status_code == 400
    assert family.post(address, {"number": "x", "text": "なぜ"}).status_code == 404
    assert not Question.objects.exists()


def test_a_correcting_note_is_read_beside_the_records(
    family: Client, ask: Ask, clerk: access.Actor, child: UUID
) -> None:
    asked = ask("correction", categories=(RECORDS,), wrong="点数", right="80点だった")
    answering.answer(asked, "checking", by=clerk)
    answering.answer(asked, "granted", by=clerk)
    assert "80点だった" in family.get(reverse("portal.child", args=[child])).content.decode()
