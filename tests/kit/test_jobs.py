from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction

from terakoya.kit import jobs
from terakoya.kit.models import Job

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    """What the handlers of the topics `write` and `stumble` were given, in order."""
    seen: list[dict[str, Any]] = []

    def stumble(body: dict[str, Any]) -> None:
        seen.append(body)
        raise jobs.TryLater("the partner is away")

    def fail(body: dict[str, Any]) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr(jobs, "_handlers", {"write": seen.append, "stumble": stumble, "fail": fail})
    with time_machine.travel(NOON, tick=False):
        yield seen


def test_a_job_is_done_once(done: list[dict[str, Any]]) -> None:
    jobs.enqueue("write", {"n": 1})
    assert (jobs.run_waiting(), jobs.run_waiting()) == (1, 0)
    assert done == [{"n": 1}]


def test_a_job_vanishes_with_the_transaction_it_follows_from(done: list[dict[str, Any]]) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        jobs.enqueue("write", {})
        raise RuntimeError
    assert not Job.objects.exists()


def test_a_key_is_taken_once(done: list[dict[str, Any]]) -> None:
    first = jobs.enqueue("write", {"n": 1}, key="k")
    assert jobs.enqueue("write", {"n": 2}, key="k").pk == first.pk
    jobs.run_waiting()
    assert done == [{"n": 1}]


def test_a_job_that_cannot_be_done_yet_waits_longer_each_time(done: list[dict[str, Any]], settings: Any) -> None:
    settings.JOB_LONGEST_PAUSE_SECONDS = 3
    job = jobs.enqueue("stumble", {})
    pauses = []
    for _ in range(4):
        jobs.run_waiting(until=NOON + timedelta(hours=1))
        job.refresh_from_db()
        pauses.append((job.due_at - NOON).total_seconds())
    assert pauses == [1, 2, 3, 3]
    assert job.last_error == "the partner is away"


def test_a_fault_of_one_job_does_not_stop_the_next(done: list[dict[str, Any]]) -> None:
    jobs.enqueue("fail", {})
    jobs.enqueue("write", {"n": 2})
    assert jobs.run_waiting() == 1
    assert done == [{"n": 2}]


def test_a_job_of_a_dead_process_is_free_after_its_lease(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("write", {})
    jobs._claim(job.pk)
    assert jobs.run_waiting() == 0
    with time_machine.travel(NOON + jobs.LEASE + timedelta(seconds=1), tick=False):
        assert jobs.run_waiting() == 1


def test_a_node_that_starts_again_takes_up_what_it_had_begun(done: list[dict[str, Any]]) -> None:
    job = jobs.enqueue("write", {})
    jobs._claim(job.pk)
    jobs.forget_claims()
    assert jobs.run_waiting() == 1


def test_a_delayed_job_is_not_done_early(done: list[dict[str, Any]]) -> None:
    jobs.enqueue("write", {}, delay_seconds=10)
    assert jobs.run_waiting() == 0
    assert jobs.run_waiting(until=NOON + timedelta(seconds=10)) == 1


def test_a_duty_is_done_in_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(jobs, "_duties", {})
    jobs.regularly("look", seconds=30)(lambda: seen.append(1))
    with time_machine.travel(NOON, tick=False) as traveller:
        jobs.take_turns()
        jobs.take_turns()
        traveller.shift(31)
        jobs.take_turns()
    assert len(seen) == 2


def test_a_duty_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def fail() -> None:
        raise ValueError

    monkeypatch.setattr(jobs, "_duties", {})
    jobs.regularly("a", seconds=1)(fail)
    jobs.regularly("b", seconds=1)(lambda: seen.append(1))
    jobs.take_turns()
    assert seen == [1]


def test_what_waits_for_a_partner_is_woken_when_it_is_there_again(done: list[dict[str, Any]]) -> None:
    for topic, partner in (("write", "one"), ("write", "another"), ("other", "one")):
        jobs.enqueue(topic, {"partner": partner}, delay_seconds=600)
    assert (jobs.run_waiting(), jobs.wake("write", partner="one"), jobs.run_waiting()) == (0, 1, 1)
    assert done == [{"partner": "one"}]


def test_what_is_done_is_not_woken(done: list[dict[str, Any]]) -> None:
    jobs.enqueue("write", {})
    jobs.run_waiting()
    assert jobs.wake("write") == 0


def test_a_duty_that_failed_is_tried_again_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def fail_once() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise ValueError

    monkeypatch.setattr(jobs, "_duties", {})
    jobs.regularly("a", seconds=600)(fail_once)
    with time_machine.travel(NOON, tick=False) as traveller:
        for _ in range(3):
            jobs.take_turns()
            traveller.shift(4)
    assert len(tries) == 2
