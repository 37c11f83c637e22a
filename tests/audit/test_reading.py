from datetime import timedelta

import pytest
import time_machine

from terakoya.audit import api as audit
from terakoya.audit.errors import UnknownEntry
from terakoya.audit.models import LogEntry, LogSubject
from terakoya.kit import clock

from .log_of import ANNA, BEN, seen, write

pytestmark = pytest.mark.django_db


def test_a_person_reads_their_own_part_newest_first() -> None:
    write(2, [ANNA])
    write(1, [BEN])
    write(1, [ANNA, BEN])
    assert (seen(ANNA), seen(BEN)) == ([3, 1, 0], [3, 2])


def test_pages_follow_each_other_without_gap() -> None:
    write(7, [ANNA])
    assert seen(ANNA, limit=3) == [6, 5, 4]
    assert seen(ANNA, before=4, limit=3) == [3, 2, 1]


def test_only_what_happened_since() -> None:
    with time_machine.travel(clock.now() - timedelta(days=2)):
        write(1, [ANNA])
    write(1, [ANNA])
    assert seen(ANNA, since=clock.now() - timedelta(days=1)) == [1]


def test_a_page_of_a_long_log_costs_two_queries(django_assert_num_queries) -> None:
    write(300, [ANNA])
    with django_assert_num_queries(2):
        seen(ANNA, limit=20)


def test_facts_come_back_as_they_were_given() -> None:
    facts = {"what": "字を読む", "count": 3, "actor": {"name": "田中"}}
    audit.append(facts, [ANNA])
    [entry] = audit.entries_about(ANNA)
    assert entry.facts == audit.entry_at(0).facts == facts


def test_whoever_checks_the_node_reads_an_entry_about_nobody() -> None:
    audit.append({"what": "statistic"}, [])
    assert audit.entry_at(0).facts == {"what": "statistic"}


def test_an_entry_that_is_not_there_is_unknown() -> None:
    with pytest.raises(UnknownEntry):
        audit.entry_at(0)


def test_the_key_of_one_entry_opens_no_other() -> None:
    """A row of whom an entry is about, put to another entry, shows that person nothing."""
    write(1, [ANNA])
    write(1, [BEN])
    LogSubject.objects.filter(entry=1).update(person=ANNA)
    with pytest.raises(ValueError):
        seen(ANNA)


def test_what_an_entry_says_stands_nowhere_in_clear() -> None:
    audit.append({"name": "Hanako"}, [ANNA])
    entry = LogEntry.objects.get()
    assert b"Hanako" not in bytes(entry.detail) + entry.body.encode()
