"""Pages that machines read: one leaf each, and each person finds those that were about them."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from terakoya.audit import api as audit
from terakoya.audit import intake, walks
from terakoya.audit.models import LogEntry, LogSubject, Walk, WalkPage
from terakoya.audit.retention import RETENTION
from terakoya.kit import clock

pytestmark = pytest.mark.django_db
PEOPLE = sorted(UUID(int=number << 100 | 7) for number in range(1, 40))


def read(people: list[UUID], walk: UUID | None = None, *, all_between: bool = False) -> None:
    page = audit.page_read("or-1", "users", walk or uuid4(), people, all_between=all_between)
    with transaction.atomic():
        audit.append_many([audit.Release({"what": "list", "count": len(people)}, [], read=page)])


def seen(person: UUID, **asked: int) -> int:
    return len(audit.reads_about(person, **asked))


def test_one_leaf_and_one_row_stand_for_all_of_a_page() -> None:
    read(PEOPLE[:20])
    assert (LogEntry.objects.count(), LogSubject.objects.count(), WalkPage.objects.count()) == (1, 0, 1)
    assert [seen(person) for person in PEOPLE[:21]] == [1] * 20 + [0]


def test_whoever_was_passed_over_was_not_on_the_page() -> None:
    read(PEOPLE[:20:2])
    assert [seen(person) for person in PEOPLE[:4]] == [1, 0, 1, 0]


def test_of_a_whole_stretch_no_keys_are_kept() -> None:
    read(PEOPLE[:20], all_between=True)
    assert bytes(WalkPage.objects.get().keys) == b""
    assert (seen(PEOPLE[5]), seen(PEOPLE[20])) == (1, 0)


def test_the_pages_of_a_walk_are_searched_by_one_look() -> None:
    walk = uuid4()
    for start in range(0, 39, 10):
        read(PEOPLE[start : start + 10], walk, all_between=True)
    assert [seen(person) for person in PEOPLE] == [1] * 39
    assert Walk.objects.count() == 1


def test_lines_come_newest_first_and_in_parts() -> None:
    for _ in range(4):
        read(PEOPLE[:5])
    assert [entry.index for entry in audit.reads_about(PEOPLE[0], limit=2)] == [3, 2]
    assert [entry.index for entry in audit.reads_about(PEOPLE[0], before=2)] == [1, 0]
    assert audit.reads_about(PEOPLE[0], clock.now() + timedelta(seconds=1)) == []


def test_facts_are_readable_and_the_log_is_whole() -> None:
    read(PEOPLE[:5])
    assert audit.reads_about(PEOPLE[0])[0].facts == {"what": "list", "count": 5}
    assert audit.verify().faults == []


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_forgotten_person_leaves_the_page_and_others_stay(place: int) -> None:
    read(PEOPLE[:5])
    audit.append_together([audit.Release({}, [PEOPLE[place]])])
    audit.forget_person(PEOPLE[place], {"what": "forgotten"})
    assert [seen(person) for person in PEOPLE[:5]] == [int(number != place) for number in range(5)]
    assert PEOPLE[place].bytes[:8] not in bytes(WalkPage.objects.get().keys)
    assert walks.place_of(PEOPLE[place]) not in WalkPage.objects.values_list("first", "last").get()


def test_pages_go_when_their_time_is_over() -> None:
    with time_machine.travel(clock.now() - RETENTION - timedelta(days=1)):
        read(PEOPLE[:5])
    read(PEOPLE[:5])
    audit.forget_expired()
    assert seen(PEOPLE[0]) == 1
    assert (WalkPage.objects.count(), Walk.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_waits_beside_the_database_is_found_once_it_is_in_the_log() -> None:
    page = audit.page_read("or-1", "users", uuid4(), PEOPLE[:5], all_between=False)
    intake.keep([audit.Release({"what": "list"}, [], read=page)])
    assert seen(PEOPLE[0]) == 0
    intake.bring_in()
    assert [seen(person) for person in PEOPLE[:6]] == [1] * 5 + [0]


class TestAnyPages(TestCase):
    """Whatever was read, each finds as many lines as there were pages with them."""

    @given(st.lists(st.sets(st.sampled_from(PEOPLE), min_size=1), max_size=6))
    def test_each_finds_the_pages_they_were_on(self, pages: list[set[UUID]]) -> None:
        for people in pages:
            read(list(people))
        for person in PEOPLE:
            assert seen(person) == sum(person in people for people in pages)
