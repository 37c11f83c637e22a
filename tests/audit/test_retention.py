import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection

from terakoya.audit import api as audit
from terakoya.audit.errors import UnknownEntry
from terakoya.audit.models import LogCase, LogEntry, LogSubject, SubjectKey
from terakoya.audit.retention import RETENTION
from terakoya.kit import clock, jobs
from terakoya.kit.jobs import _duties
from tests.access.test_races import real_database  # noqa: F401  (a fixture)

from .log_of import ANNA, BEN, CASE, seen, write

pytestmark = pytest.mark.django_db


def write_long_ago(*about: object, **more: object) -> None:
    with time_machine.travel(clock.now() - RETENTION - timedelta(days=1)):
        write(1, about, **more)


def test_a_forgotten_person_s_part_is_unreadable_and_that_of_others_whole() -> None:
    write(2, [ANNA])
    write(1, [ANNA, BEN])
    root = audit.root_at(3)
    audit.forget_person(ANNA, {"what": "forgotten"})
    assert (seen(ANNA), seen(BEN)) == ([], [2])
    assert audit.root_at(3) == root
    with pytest.raises(UnknownEntry):
        audit.entry_at(0)
    found = audit.verify()
    assert (found.faults, found.forgotten) == ([], 3)


def test_no_row_betrays_a_forgotten_person() -> None:
    write(2, [ANNA, BEN])
    audit.forget_person(ANNA, {})
    rows = LogSubject.objects.filter(person=None)
    assert {bytes(row.wrapped) for row in rows} == {b""}
    assert set(SubjectKey.objects.values_list("person", flat=True)) == {BEN}


def test_a_destroyed_key_is_overwritten_in_the_file() -> None:
    """As SQLite leaves deleted bytes in place otherwise; PostgreSQL overwrites them when it vacuums."""
    write(2, [ANNA])
    key = bytes(SubjectKey.objects.get(person=ANNA).sealed)
    audit.forget_person(ANNA, {})
    assert not SubjectKey.objects.exists()
    if connection.vendor == "sqlite":
        assert key not in connection.connection.serialize()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("real_database")
def test_a_forgotten_key_is_not_left_in_the_write_ahead_log_of_a_running_node(tmp_path: Path) -> None:
    """Something else of the node keeps the database open, so that SQLite does not clear its files by itself."""
    with closing(sqlite3.connect(tmp_path / "races.sqlite3")) as open_too:
        open_too.execute("SELECT count(*) FROM sqlite_master").fetchone()
        write(1, [ANNA])
        key = bytes(SubjectKey.objects.get(person=ANNA).sealed)
        audit.forget_person(ANNA, {})
        assert not SubjectKey.objects.exists()
        assert not any(key in file.read_bytes() for file in tmp_path.iterdir())


def test_whom_the_log_does_not_know_needs_no_forgetting() -> None:
    assert audit.forget_person(ANNA, {}) is None
    assert audit.log_head().size == 0


def test_somebody_who_comes_back_after_being_forgotten_begins_anew() -> None:
    write(1, [ANNA])
    audit.forget_person(ANNA, {})
    write(1, [ANNA])
    assert seen(ANNA) == [2]
    assert audit.verify_log() == []


def test_a_row_unlinked_by_another_hand_is_found() -> None:
    write(2, [ANNA])
    audit.forget_person(ANNA, {})
    write(1, [BEN])
    LogSubject.objects.filter(entry=3).update(person=None, wrapped=b"")
    assert "3 rows name nobody any more, the log says 2" in audit.verify_log()


def test_details_past_their_retention_are_deleted_and_the_tree_stays_whole() -> None:
    write_long_ago(ANNA, BEN)
    write_long_ago(ANNA, sealed=CASE)
    write(1, [BEN])
    head = audit.log_head()
    assert audit.forget_expired() == 2
    assert [bytes(entry.detail) for entry in LogEntry.objects.filter(index__lt=2)] == [b"", b""]
    assert audit.root_at(3) == head.root
    assert seen(BEN) == [2]
    found = audit.verify()
    assert (found.faults, found.past_retention) == ([], 2)


def test_what_nobody_needs_any_more_goes_with_the_details() -> None:
    write_long_ago(ANNA, sealed=CASE)
    audit.forget_expired()
    assert not (LogCase.objects.exists() or SubjectKey.objects.exists() or LogSubject.objects.exists())


def test_forgotten_rows_that_pass_their_retention_do_not_look_like_harm() -> None:
    write_long_ago(ANNA, BEN)
    audit.forget_person(ANNA, {})
    audit.forget_expired()
    assert audit.verify_log() == []


def test_with_nothing_expired_nothing_is_written() -> None:
    write(1, [ANNA])
    assert audit.forget_expired() == 0
    assert audit.log_head().size == 1


def test_a_detail_taken_away_before_its_time_is_found() -> None:
    write(2, [ANNA])
    LogSubject.objects.filter(entry=1).delete()
    LogEntry.objects.filter(index=1).update(detail=b"")
    assert audit.verify_log() == ["the detail of entry 1 was taken away before its time"]


def test_the_node_looks_for_expired_details_each_day() -> None:
    write_long_ago(ANNA)
    assert _duties["audit.retention"].every == timedelta(days=1)
    jobs.take_turns()
    assert seen(ANNA) == []
    assert bytes(LogEntry.objects.get(index=0).detail) == b""
