"""Questions about an access: asked from a line, answered by whoever looked, across nodes too."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction

from terakoya.access import api as access
from terakoya.access.actors import actor_of_account
from terakoya.exchange import api as exchange
from terakoya.exchange.api import Grant
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.rights import questions, reminding
from terakoya.rights.errors import RequestRefused, WrongState
from terakoya.rights.models import Question
from tests.access.school import School
from tests.exchange.conftest import received_grant, terms, work
from tests.exchange.other_node import OtherNode

RECORDS = "activity.learning_school"


def looked(actor: access.Actor, person: UUID) -> access.AccessLine:
    """A teacher looks at the records; the line that the family reads."""
    with transaction.atomic():
        decision = access.may(actor, RECORDS, "teaching", person)
        access.record_access(actor, decision, [person], RECORDS, "teaching", "pupil_records")
    return access.accesses_of(person)[0]


@pytest.fixture
def line(school: School, child: UUID) -> access.AccessLine:
    return looked(actor_of_account(school.teacher), child)


def asked(line: access.AccessLine, child: UUID, by: access.Actor, text: str = "なぜ見ましたか") -> Question:
    return questions.ask(uuid4(), child, line, "", text, by=by)


def test_a_guardian_asks_about_a_line_and_the_clerk_answers(
    line: access.AccessLine, child: UUID, guardian: access.Actor, clerk: access.Actor
) -> None:
    question = asked(line, child, guardian)
    assert [one.question for one in questions.queue()] == [question]
    questions.answer(question, "授業の準備です", by=clerk)
    found = questions.question_of(question.uuid)
    assert found.answer.text == "授業の準備です" and questions.queue() == []
    assert found.line == line


def test_the_first_answer_stands(line, child: UUID, guardian: access.Actor, clerk: access.Actor) -> None:
    question = asked(line, child, guardian)
    questions.answer(question, "一", by=clerk)
    with pytest.raises(WrongState):
        questions.answer(question, "二", by=clerk)
    assert questions.question_of(question.uuid).answer.text == "一"


@pytest.mark.parametrize("text", ["", "  \n", "長" * (questions.LONGEST_QUESTION + 1), "音\x07"])
def test_a_text_that_says_nothing_or_too_much_is_refused(line, child: UUID, guardian: access.Actor, text: str) -> None:
    with pytest.raises(RequestRefused):
        asked(line, child, guardian, text)
    assert not Question.objects.exists()


def test_the_same_question_sent_twice_is_one(line, child: UUID, guardian: access.Actor) -> None:
    number = uuid4()
    for _time in range(2):
        questions.ask(number, child, line, "", "なぜ", by=guardian)
    assert Question.objects.count() == 1


def test_nobody_asks_about_somebody_else_s_log(line, school: School, child: UUID) -> None:
    for who in (school.teacher, school.clerk, school.other_teacher):
        with pytest.raises(RequestRefused):
            asked(line, child, actor_of_account(who))


def test_a_line_about_another_person_cannot_be_asked_about(school: School, guardian: access.Actor, child: UUID) -> None:
    other = looked(actor_of_account(school.teacher), school.pupils[1])
    with pytest.raises(RequestRefused):
        questions.line_about(guardian, child, other.id, "")


def test_a_guardian_under_a_court_order_asks_about_no_line(line, school: School, child: UUID) -> None:
    with pytest.raises(RequestRefused):
        questions.line_about(actor_of_account(school.second_guardian), child, line.id, "")


def test_a_guardian_under_a_court_order_asks_about_no_line_of_another_node_either(
    school: School, child: UUID, line: access.AccessLine, guardian: access.Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = exchange.PartnerAccesses(SimpleNamespace(name="蔵", uri="http://store.example"), [line], clock.now(), True)
    monkeypatch.setattr(exchange, "fetch_accesses", lambda person: [told])
    assert questions.line_about(guardian, child, line.id, "蔵")[0] == line
    with pytest.raises(RequestRefused):
        questions.line_about(actor_of_account(school.second_guardian), child, line.id, "蔵")


def test_a_clerk_answers_no_question_about_the_own_child(
    line: access.AccessLine, school: School, child: UUID, guardian: access.Actor, clerk: access.Actor
) -> None:
    question = asked(line, child, guardian)
    spouse = replace(clerk, person=actor_of_account(school.second_guardian).person)
    with pytest.raises(RequestRefused):
        questions.answer(question, "異状なし", by=spouse)
    assert questions.question_of(question.uuid).answer is None


def test_an_unanswered_question_is_late_after_its_term_and_stands_first(
    line, child: UUID, guardian: access.Actor
) -> None:
    with time_machine.travel(clock.now() - timedelta(days=15)):
        old = asked(line, child, guardian)
    asked(line, child, guardian)
    reminding.remind()
    first = questions.queue()[0]
    assert first.question == old and first.late and first.days_late == 1
    assert [event.kind for event in first.events] == ["overdue"]


# --- at the node that looked ---
def message(line: access.AccessLine, pairwise: UUID) -> dict:
    return {"question": str(uuid4()), "subject": str(pairwise), "line": line.id, "text": "なぜ", "capacity": "guardian"}


@pytest.fixture
def store(pds: OtherNode, child: UUID, guardian: access.Actor) -> tuple[OtherNode, UUID]:
    """A store that holds the child's consent, and the id by which it knows the child."""
    consent = access.give_consent(terms(child, pds), by=guardian, capacity="guardian")
    pairwise = identity.pairwise_id(child, pds.uri)
    Grant.objects.create(
        side="holder",
        partner=pds.enrolled(),
        consent=consent.uuid,
        subject=child,
        pairwise=pairwise,
        dataset_id=consent.dataset,
        category=RECORDS,
        purpose=consent.purpose,
        valid_until=consent.valid_until,
    )
    return pds, pairwise


def test_a_store_brings_a_question_and_gets_the_answer(line, store, clerk: access.Actor) -> None:
    node, pairwise = store
    body = message(line, pairwise)
    assert node.post("/exchange/messages/question", body).status_code == 200
    (waiting,) = questions.queue()
    questions.answer(waiting.question, "授業の準備です", by=clerk)
    work()
    told = [heard.json for heard in node.heard if heard.path == "/exchange/messages/answer"]
    assert [(one["question"], one["text"]) for one in told] == [(body["question"], "授業の準備です")]


def test_a_question_brought_twice_is_one(line, store) -> None:
    node, pairwise = store
    body = message(line, pairwise)
    assert {node.post("/exchange/messages/question", body).status_code for _time in range(2)} == {200}
    assert Question.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "00000000-0000-4000-8000-000000000001"},
        {"line": 10_000},
        {"line": "1"},
        {"line": -1},
        {"line": 2**80},
        {"text": ""},
        {"text": 5},
        {"question": "1"},
        {"capacity": "clerk"},
    ],
)
def test_a_question_of_another_shape_or_about_nobody_is_refused(line, store, changes: dict) -> None:
    node, pairwise = store
    assert node.post("/exchange/messages/question", {**message(line, pairwise), **changes}).status_code == 422
    assert not Question.objects.exists()


def test_a_store_that_holds_no_consent_asks_about_nobody(line, store, other: Callable[..., OtherNode]) -> None:
    _node, pairwise = store
    assert other("pds").post("/exchange/messages/question", message(line, pairwise)).status_code == 422


# --- at the store ---
@pytest.fixture
def at_the_store(city: OtherNode) -> tuple[OtherNode, UUID, access.Actor]:
    """A family's store that received records of the city: the city, the child, the guardian."""
    from terakoya.pds import api as pds

    account = pds.sign_up("parent", name="田中", password="a-long-pass-phrase")
    child = pds.add_child(account, name="花子", kana="はなこ", grade=5)
    received_grant(city, child.person)
    return city, child.person, actor_of_account(account)


def test_a_question_about_a_city_s_line_is_sent_there_and_the_answer_comes_back(at_the_store, line_of_city) -> None:
    city, child, guardian = at_the_store
    line, node = questions.line_about(guardian, child, 7, city.name)
    assert node == city.uri
    question = questions.ask(uuid4(), child, line, node, "なぜ", by=guardian)
    work()
    (sent,) = [heard.json for heard in city.heard if heard.path == "/exchange/messages/question"]
    assert (sent["question"], sent["line"], sent["text"]) == (str(question.uuid), 7, "なぜ")
    assert str(child) not in str(sent) and "田中" not in str(sent)
    answer = {"question": str(question.uuid), "text": "授業のため", "by": "市"}
    assert city.post("/exchange/messages/answer", answer).status_code == 200
    assert questions.question_of(question.uuid).answer.text == "授業のため"


def test_only_the_node_that_was_asked_answers(at_the_store, line_of_city, other: Callable[..., OtherNode]) -> None:
    city, child, guardian = at_the_store
    line, node = questions.line_about(guardian, child, 7, city.name)
    question = questions.ask(uuid4(), child, line, node, "なぜ", by=guardian)
    answer = {"question": str(question.uuid), "text": "うそ", "by": "だれか"}
    assert other("juku").post("/exchange/messages/answer", answer).status_code == 422
    assert questions.question_of(question.uuid).answer is None


@pytest.fixture
def line_of_city(at_the_store) -> None:
    city, _child, _guardian = at_the_store
    line = {
        "id": 7,
        "at": clock.now().isoformat(),
        "stakeholder": "school",
        "organisation": "若葉小学校",
        "role": "homeroom_teacher",
        "name": "佐藤",
        "category": RECORDS,
        "purpose": "teaching",
        "basis": "primary_use",
        "rule": "primary-use",
        "clause": "roadmap-1",
        "what": "pupil_records",
        "count": 1,
        "reference": "",
    }
    city.answer(r"/exchange/subjects/.*/accesses", (200, {"lines": [line]}))
