"""The intake: releases beside a database that is held, and their way into the log."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from pytest_django import Settings

from terakoya.audit import api as audit
from terakoya.audit import intake
from terakoya.audit.errors import Unreadable
from terakoya.audit.jobs import take_in
from terakoya.kit import clock, long_writes

from .log_of import ANNA, BEN, seen

pytestmark = pytest.mark.django_db


def release(what: str, *subjects: object) -> audit.Release:
    return audit.Release({"what": what}, subjects or (ANNA,))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "log-intake"


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another thread is at a long write, as long as the fixture lasts."""
    held, free = threading.Event(), threading.Event()

    def write() -> None:
        with long_writes.announced():
            held.set()
            free.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    held.wait(30)
    yield
    free.set()
    writer.join(30)


def test_a_long_write_is_known_while_it_lasts_where_others_must_wait_for_it(held: None) -> None:
    assert long_writes.under_way() is (connection.vendor == "sqlite")


def test_without_a_long_write_none_is_under_way() -> None:
    with long_writes.announced():
        pass
    assert not long_writes.under_way()


@pytest.mark.django_db(transaction=True)
def test_a_release_waits_beside_a_held_database(held: None) -> None:
    waits = connection.vendor == "sqlite"
    assert bool(audit.append_together([release("a")])) is not waits
    assert audit.log_head().size == (0 if waits else 1)
    assert intake.waiting() is waits


def test_what_waits_tells_nothing_to_whoever_reads_the_file(folder: Path) -> None:
    intake.keep([release("a very plain word")])
    [file] = folder.iterdir()
    assert b"plain" not in file.read_bytes() and str(ANNA).encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_waited_comes_into_the_log_in_its_order_and_with_its_time() -> None:
    before = clock.now().replace(microsecond=0)
    with time_machine.travel(before - timedelta(minutes=1), tick=False):
        intake.keep([release("a"), release("b", BEN)])
    intake.keep([release("c")])
    take_in()
    assert (seen(ANNA), seen(BEN)) == ([2, 0], [1])
    assert audit.entry_at(1).at == before - timedelta(minutes=1)
    assert not intake.waiting()
    assert audit.verify_log() == []


@pytest.mark.django_db(transaction=True)
def test_what_waits_comes_before_what_is_written_next() -> None:
    intake.keep([release("a")])
    [leaf] = audit.append_together([release("b")])
    assert leaf.index == 1
    assert audit.entry_at(0).facts["what"] == "a"


def test_a_file_that_was_taken_in_before_a_crash_is_not_taken_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    intake.keep([release("a")])
    with monkeypatch.context() as crash:
        crash.setattr(intake, "_forget", lambda names: (_ for _ in ()).throw(OSError("the power is off")))
        with pytest.raises(OSError, match="power"):
            intake.bring_in()
    assert intake.waiting()
    assert intake.bring_in() == 0
    assert audit.log_head().size == 1
    assert not intake.waiting()


def test_a_file_that_was_bent_is_refused_and_nothing_of_it_is_written(folder: Path) -> None:
    intake.keep([release("a")])
    [file] = folder.iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    with pytest.raises(Unreadable):
        intake.bring_in()
    assert audit.log_head().size == 0
