import hashlib
import random
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from pytest_django import Settings

from terakoya.exchange.api import Example, Page
from terakoya.identity.api import node_uri, pairwise_id, pairwise_statement_id
from terakoya.records import api
from terakoya.records.errors import RepeatedId, StatementConflict
from terakoya.records.handover import LearningRecords
from terakoya.records.models import Holding, Statement
from terakoya.standards.xapi import StatementRefused, check_statement
from terakoya.standards.xapi_japan import EXTENSIONS

from .conftest import FRACTIONS, PERSON, Lrs, statement

PDS, CITY = "https://pds.example", "https://city.example"
CHILD = UUID("8f2f7e3c-4a0e-4a53-9b57-0f4d1c9a6e11")


def pages(scope: dict[str, Any] | None = None, limit: int = 3, recipient: str = PDS) -> list[dict[str, Any]]:
    """All items of a hand-over, page by page."""
    items: list[dict[str, Any]] = []
    page = Page([], "0")
    while page.next_cursor is not None:
        page = LearningRecords().page(PERSON, scope or {}, page.next_cursor, limit, recipient)
        assert len(page.items) <= limit
        items += page.items
    return items


def received(items: list[dict[str, Any]], consent: UUID, person: UUID = CHILD) -> int:
    return LearningRecords().receive(person, items, holder_uri=CITY, consent=consent)


def item(**changes: Any) -> dict[str, Any]:
    """A statement as another node hands it over."""
    account = {"homePage": CITY, "name": str(uuid4())}
    authority = {"objectType": "Agent", "account": {"homePage": CITY, "name": "drill"}}
    return statement(actor={"objectType": "Agent", "account": account}, authority=authority, **changes)


def test_every_record_is_handed_over_once_in_the_order_of_storing(lrs: Lrs) -> None:
    sent = [statement() for _ in range(8)]
    lrs.post(sent)
    assert [each["id"] for each in pages()] == [str(pairwise_statement_id(UUID(each["id"]), PDS)) for each in sent]
    assert LearningRecords().count(PERSON, {}) == 8


def test_an_empty_hand_over_is_one_page(db: None) -> None:
    assert LearningRecords().page(PERSON, {}, None, 200, PDS) == Page([], None)


def test_what_is_handed_over_is_a_right_statement(lrs: Lrs) -> None:
    lrs.post(statement())
    [given_over] = pages()
    check_statement(given_over)
    assert given_over["context"]["extensions"][f"{EXTENSIONS}course-of-study-code"] == [FRACTIONS]


def test_the_person_is_a_pairwise_id_and_nothing_of_the_node_s_own_is_in_it(lrs: Lrs) -> None:
    sent = statement()
    lrs.post(sent)
    [given_over] = pages()
    assert given_over["actor"]["account"] == {"homePage": node_uri(), "name": str(pairwise_id(PERSON, PDS))}
    text = msgspec.json.encode(given_over).decode()
    assert str(PERSON) not in text and sent["id"] not in text


def test_two_recipients_cannot_join_what_they_hold(lrs: Lrs) -> None:
    lrs.post(statement())
    [one], [other] = pages(recipient=PDS), pages(recipient="https://juku.example")
    assert one["id"] != other["id"] and one["actor"] != other["actor"]


def test_others_stay_out_of_what_is_handed_over(lrs: Lrs) -> None:
    sent = statement()
    teacher = {"mbox": "mailto:teacher@school.example"}
    sent["actor"]["name"] = "PUPILNAME"
    sent["context"] |= {
        "registration": str(uuid4()),
        "instructor": teacher,
        "team": {"objectType": "Group", "member": [teacher]},
        "statement": {"objectType": "StatementRef", "id": str(uuid4())},
    }
    sent["context"]["extensions"]["https://vendor.example/seat"] = "SEAT 7"
    sent["result"]["extensions"] = {"https://vendor.example/trace": "TRACE"}
    lrs.post(sent)
    text = msgspec.json.encode(pages()).decode()
    kept_out = ("teacher", "PUPILNAME", "SEAT", "TRACE", "registration", "StatementRef")
    assert not [word for word in kept_out if word in text]


def test_the_scope_limits_subjects_and_days(lrs: Lrs) -> None:
    days = ["2026-04-07", "2026-05-08", "2026-09-01"]
    lrs.post([statement(timestamp=f"{day}T10:00:00+09:00") for day in days])
    for scope, expected in (
        ({"subjects": ["P030"], "from": "2026-05-08", "to": "2026-05-08"}, 1),
        ({"subjects": ["P030"], "from": date(2026, 4, 7), "to": date(2026, 8, 31)}, 2),
        ({"subjects": ["P010"]}, 0),
        ({"subjects": []}, 3),
    ):
        assert len(pages(scope)) == LearningRecords().count(PERSON, scope) == expected


def test_an_example_is_the_newest_record_with_a_score_in_the_reader_s_words(lrs: Lrs) -> None:
    assert LearningRecords().example(PERSON, {}) is None
    days = ["2026-04-07", "2026-05-08"]
    lrs.post([statement(timestamp=f"{day}T08:30:00+09:00") for day in days])
    lrs.post(statement(timestamp="2026-06-01T10:00:00+09:00", result={"success": True}))
    with override("en"):
        assert LearningRecords().example(PERSON, {}) == Example(date(2026, 5, 8), "mathematics, 分数: score 80%")
        assert LearningRecords().example(PERSON, {"to": "2026-04-30"}).day == date(2026, 4, 7)
        assert LearningRecords().example(PERSON, {"from": "2026-06-01"}).words == "mathematics, 分数: answered"


def test_what_is_tied_to_no_code_is_not_handed_over(lrs: Lrs) -> None:
    lrs.post(statement(context={}))
    assert pages() == []


def test_received_records_are_shown_with_their_source_and_holder(db: None) -> None:
    assert received([item(), item()], uuid4()) == 2
    assert [(line.source, line.holder) for line in api.statements_about(CHILD)] == [("drill", CITY)] * 2
    assert api.summary_of(CHILD).holders == {CITY: 2}


def test_receiving_again_changes_nothing(db: None) -> None:
    items, consent = [item(), item()], uuid4()
    assert (received(items, consent), received(items, consent)) == (2, 0)
    assert Statement.objects.count() == Holding.objects.count() == 2


def test_a_wrong_item_keeps_the_whole_page_out(db: None) -> None:
    with pytest.raises(StatementRefused):
        received([item(), {**item(), "verb": {}}], uuid4())
    assert not Statement.objects.exists()


def test_a_holder_voids_nothing_here(db: None) -> None:
    reference = {"objectType": "StatementRef", "id": str(uuid4())}
    voiding = item(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object=reference, context={})
    with pytest.raises(StatementRefused):
        received([voiding], uuid4())


def test_the_name_of_a_source_is_shown_without_control_signs(db: None) -> None:
    sent = item()
    sent["authority"]["account"]["name"] = "dr\0ill\u202e"
    received([sent], uuid4())
    assert api.statements_about(CHILD)[0].source == "drill"


def test_a_holder_cannot_replace_what_was_recorded_here(lrs: Lrs) -> None:
    own = statement()
    lrs.post(own)
    received([item(id=own["id"], scaled=0.1)], uuid4())
    assert [line.percent for line in api.statements_about(PERSON)] == [80]
    assert [each["id"] for each in lrs.found()] == [own["id"]]


def test_a_holder_cannot_replace_what_another_holder_gave(db: None) -> None:
    sent = item()
    received([sent], uuid4())
    with pytest.raises(StatementConflict):
        LearningRecords().receive(CHILD, [sent], holder_uri="https://other.example", consent=uuid4())


def test_one_id_comes_once_in_a_page(db: None) -> None:
    sent = item()
    with pytest.raises(RepeatedId):
        received([sent, sent], uuid4())


def test_a_copy_neither_blocks_nor_is_voided_by_what_a_tool_sends(lrs: Lrs) -> None:
    sent, own = item(), statement()
    received([sent], uuid4())
    reference = {"objectType": "StatementRef", "id": sent["id"]}
    voiding = statement(verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object=reference, context={})
    assert [lrs.post(each).status_code for each in (voiding, {**own, "id": sent["id"]})] == [200, 200]
    assert [line.holder for line in api.statements_about(CHILD)] == [CITY]


def test_two_people_hold_the_same_record_each_for_themselves(db: None) -> None:
    items, one, other = [item(), item()], uuid4(), uuid4()
    assert [received(items, one), received(items, other, person=PERSON)] == [2, 2]
    forgotten = LearningRecords().forget(CHILD, one)
    assert [api.count_about(person) for person in (CHILD, PERSON)] == [0, 2]
    assert forgotten == LearningRecords().forget(PERSON, other)


def test_two_people_of_a_store_hand_the_same_record_on_under_one_id(db: None, settings: Settings) -> None:
    sent = item()
    settings.NODE_KIND = "pds"
    for person in (CHILD, PERSON):
        received([sent], uuid4(), person=person)
    handed_on = [LearningRecords().page(person, {}, None, 9, "https://juku.example") for person in (CHILD, PERSON)]
    ids = {each["id"] for page in handed_on for each in page.items}
    assert ids == {str(pairwise_statement_id(UUID(sent["id"]), "https://juku.example"))}


def test_a_pds_hands_on_what_it_received(db: None, settings: Settings) -> None:
    received([item()], uuid4())
    settings.NODE_KIND = "pds"
    page = LearningRecords().page(CHILD, {}, None, 200, "https://juku.example")
    assert len(page.items) == 1 and CITY not in str(page.items)


def test_a_cram_school_does_not_hand_on_what_it_received(db: None, settings: Settings) -> None:
    received([item()], uuid4())
    settings.NODE_KIND = "juku"
    assert LearningRecords().count(CHILD, {}) == 0


def test_tools_do_not_read_what_came_from_other_nodes(lrs: Lrs) -> None:
    received([item()], uuid4())
    assert lrs.found() == []


def test_statistics_leave_out_what_came_from_other_nodes(db: None) -> None:
    received([item()], uuid4())
    assert list(api.pseudonymous_rows()) == []


def test_forgetting_deletes_what_came_under_the_consent_and_says_what(lrs: Lrs) -> None:
    lrs.post(statement(person=CHILD))
    items, consent = [item(), item()], uuid4()
    received(items, consent)
    forgotten = LearningRecords().forget(CHILD, consent)
    digests = sorted(hashlib.sha256(each["id"].encode()).digest() for each in items)
    assert (forgotten.count, forgotten.digest) == (2, hashlib.sha256(b"".join(digests)).hexdigest())
    assert [line.holder for line in api.statements_about(CHILD)] == [""]


def test_forgetting_twice_finds_nothing_the_second_time(db: None) -> None:
    consent = uuid4()
    received([item()], consent)
    assert [LearningRecords().forget(CHILD, consent).count for _ in range(2)] == [1, 0]


def test_what_another_consent_covers_stays(db: None) -> None:
    sent, one, other = item(), uuid4(), uuid4()
    assert (received([sent], one), received([sent], other)) == (1, 1)
    assert LearningRecords().forget(CHILD, one).count == 1
    assert len(api.statements_about(CHILD)) == 1
    LearningRecords().forget(CHILD, other)
    assert not Statement.objects.exists()


def test_the_consent_of_another_person_is_not_touched(db: None) -> None:
    consent = uuid4()
    received([item()], consent)
    assert LearningRecords().forget(PERSON, consent).count == 0
    assert Holding.objects.count() == 1


class AnyOrder(TestCase):
    @settings(max_examples=25)
    @given(st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 5)), st.booleans()), max_size=8), st.randoms())
    def test_what_is_held_is_always_what_living_consents_cover(
        self, steps: list[tuple[int, set[int], bool]], lot: random.Random
    ) -> None:
        Statement.objects.all().delete()
        items, consents = [item(id=str(UUID(int=n, version=4))) for n in range(6)], [uuid4() for _ in range(3)]
        held: dict[int, set[int]] = {0: set(), 1: set(), 2: set()}
        for number, chosen, is_forgotten in steps:
            if is_forgotten:
                assert LearningRecords().forget(CHILD, consents[number]).count == len(held[number])
                held[number] = set()
            else:
                sent = sorted(chosen, key=lambda _: lot.random())
                assert received([items[n] for n in sent], consents[number]) == len(chosen - held[number])
                held[number] |= chosen
            assert Statement.objects.count() == len(set().union(*held.values()))
