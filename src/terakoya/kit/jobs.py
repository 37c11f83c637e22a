"""Durable jobs: the outbox of a node and its background work in one table.

A job is written in the transaction of whatever it follows from, so neither exists without the other. It is run at
least once, by a thread of the node or by processes of their own, and again after a growing pause until its handler
returns. Handlers therefore bear being run twice.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, close_old_connections, connection, transaction

from . import clock, long_writes
from .models import Job, Turn

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
LEASE = timedelta(seconds=60)
FIRST_PAUSE_SECONDS = 1.0
SOON = timedelta(seconds=3)  # a duty that failed is tried again before its next regular turn


class TryLater(Exception):
    """Raised by a handler whose work cannot be done yet (a partner is away): no fault, the job stays waiting."""


@dataclass(frozen=True)
class Duty:
    """Something a node does again and again."""

    name: str
    every: timedelta
    do: Callable[[], None]


_handlers: dict[str, Handler] = {}
_duties: dict[str, Duty] = {}
_wake = threading.Event()


def handles(topic: str) -> Callable[[Handler], Handler]:
    """Register the function that does the jobs of a topic."""

    def register(handler: Handler) -> Handler:
        _handlers[topic] = handler
        return handler

    return register


def regularly(name: str, *, seconds: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a duty of the node, done every so many seconds while the node runs."""

    def register(do: Callable[[], None]) -> Callable[[], None]:
        _duties[name] = Duty(name, timedelta(seconds=seconds), do)
        return do

    return register


def enqueue(topic: str, body: dict[str, Any], *, key: str | None = None, delay_seconds: float = 0) -> Job:
    """Add a job in the caller's transaction. With a ``key`` that is known already, the earlier job is returned."""
    if key is not None and (known := Job.objects.filter(key=key).first()):
        return known
    moment = clock.now()
    job = Job(
        topic=topic,
        key=key,
        body=body,
        created_at=moment,
        due_at=moment + timedelta(seconds=delay_seconds),
    )
    try:
        with transaction.atomic():
            job.save()
    except IntegrityError:
        return Job.objects.get(key=key)
    transaction.on_commit(_wake.set)
    return job


def wake(topics: str, **where: str) -> int:
    """Make jobs that wait due now, because what they waited for is there again; the number of them.

    topics: what their topics begin with; where: values in their bodies (``partner="https://city.example"``)
    """
    waiting = Job.objects.filter(done_at=None, topic__startswith=topics)
    waiting = waiting.filter(**{f"body__{name}": value for name, value in where.items()})
    woken = waiting.update(due_at=clock.now())
    transaction.on_commit(_wake.set)
    return woken


def run_waiting(*, until: datetime | None = None, topic: str = "") -> int:
    """Run all jobs that are due (or due by ``until``) once, in order; the number of those that were done.

    topic: only those of it
    """
    done = 0
    for pk in _due(until or clock.now(), topic):
        job = _claim(pk)
        if job is not None and _run(job):
            done += 1
    return done


def take_turns() -> None:
    """Do each duty whose pause is over."""
    for duty in _duties.values():
        if not _take_turn(duty):
            continue
        try:
            duty.do()
        except Exception:
            log.exception("duty %s failed; it is tried again in %s", duty.name, min(duty.every, SOON))
            Turn.objects.filter(name=duty.name).update(taken_at=clock.now() - duty.every + min(duty.every, SOON))


def forget_claims() -> None:
    """Free the jobs that a dead process had taken. Only right where this process is the node's only worker."""
    Job.objects.filter(done_at=None).update(claimed_until=None)


def work(stop: threading.Event, *, pause_seconds: float = 0.5) -> None:
    """Work until ``stop`` is set: jobs as they fall due, duties in their turn."""
    while not stop.is_set():
        try:
            close_old_connections()
            if not long_writes.under_way():
                take_turns()
                run_waiting()
        except Exception:
            log.exception("the worker met a fault and goes on")
        _wake.wait(pause_seconds)
        _wake.clear()
    connection.close()


def start_thread() -> threading.Event:
    """Start the node's own worker thread; set the returned event to stop it."""
    forget_claims()
    stop = threading.Event()
    threading.Thread(target=work, args=(stop,), name="jobs", daemon=True).start()
    return stop


def _due(moment: datetime, topic: str) -> list[int]:
    waiting = Job.objects.filter(done_at=None, due_at__lte=moment)
    waiting = waiting.filter(topic=topic) if topic else waiting
    return list(waiting.order_by("due_at", "id").values_list("pk", flat=True)[:100])


def _claim(pk: int) -> Job | None:
    moment = clock.now()
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=pk, done_at=None).first()
        if job is None or (job.claimed_until and job.claimed_until > moment):
            return None
        job.claimed_until = moment + LEASE
        job.attempts += 1
        job.save(update_fields=["claimed_until", "attempts"])
    return job


def _run(job: Job) -> bool:
    try:
        _handlers[job.topic](job.body)
    except TryLater as reason:
        _put_back(job, str(reason))
        return False
    except Exception as fault:
        log.exception("job %s failed at attempt %s", job, job.attempts)
        _put_back(job, f"{type(fault).__name__}: {fault}")
        return False
    Job.objects.filter(pk=job.pk).update(done_at=clock.now(), claimed_until=None, last_error="")
    return True


def _put_back(job: Job, reason: str) -> None:
    pause = min(FIRST_PAUSE_SECONDS * 2 ** min(job.attempts - 1, 20), settings.JOB_LONGEST_PAUSE_SECONDS)
    Job.objects.filter(pk=job.pk).update(
        due_at=clock.now() + timedelta(seconds=pause), claimed_until=None, last_error=reason[:1000]
    )


def _take_turn(duty: Duty) -> bool:
    moment = clock.now()
    with transaction.atomic():
        turn = Turn.objects.select_for_update().filter(name=duty.name).first()
        if turn is not None and turn.taken_at + duty.every > moment:
            return False
        Turn.objects.update_or_create(name=duty.name, defaults={"taken_at": moment})
    return True
