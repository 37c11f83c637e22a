"""The parts of the measurement of the log, each on the node of the environment.

``python -m benchmarks._log_parts PART LABEL``
"""

import os
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import django

FACTS = {
    "actor": {
        "role": "teacher",
        "name": "田中 一",
        "organisation": "みなみ小学校",
        "node": "",
        "stakeholder": "school",
    },
    "relation": "homeroom_teacher",
    "detail": "5年1組",
    "category": "activity.learning_school",
    "purpose": "teaching",
    "basis": "primary_use",
    "rule": "primary-use",
    "clause": "roadmap-1",
    "consent": "",
    "what": "pupil_records",
    "count": 1,
    "reference": "",
    "request": "",
}
PERSONS = [UUID(int=number, version=4) for number in range(1, 1001)]
SECONDS = 4.0
LARGE = int(os.environ.get("BENCHMARK_LARGE_LOG", "10000000"))
WHOLE = int(os.environ.get("BENCHMARK_WHOLE_LOG", "1000000"))


def appending(label: str) -> None:
    """Releases a second, each about one of 1,000 persons, for some seconds; then about a class of 40."""
    for size in (1, 10, 100, 1000):
        _rate(label, lambda size=size: _write(size), size)
    _rate(label, lambda: _write(1), writers=8)
    for writers in (8, 32):
        _rate(f"{label}, group commit", _together, writers=writers)
    for size in (1, 25):
        _rate(f"{label}, each about 40 persons", lambda size=size: _write(size, persons=40), size)


def others(label: str) -> None:
    """The same number of bare leaves in another implementation: its tree in memory, and in SQLite."""
    from pymerkle import InmemoryTree, SqliteTree

    tree = InmemoryTree(algorithm="sha256")
    _rate(f"{label} in memory (bare leaves)", lambda: tree.append_entry(os.urandom(300)))
    path = Path(os.environ["TERAKOYA_DATA_DIR"]) / "pymerkle.sqlite3"
    stored = SqliteTree(str(path), algorithm="sha256")
    _rate(f"{label} in SQLite (bare leaves)", lambda: stored.append_entry(os.urandom(300)))


def proofs(label: str) -> None:
    """Proofs over a tree whose tiles were made without the entries below them, as proofs read only tiles."""
    from benchmarks._large_tree import build
    from terakoya.audit import api as audit

    build(LARGE)
    head = audit.log_head()
    spots = [LARGE * part // 200 for part in range(200)]
    leaves = _leaf_hashes(spots)

    def included(index: int) -> bool:
        return audit.verify_inclusion(leaves[index], index, LARGE, audit.inclusion_proof(index), head.root)

    took = [_milliseconds(lambda index=index: audit.inclusion_proof(index)) for index in spots]
    if not all(map(included, spots)):
        raise SystemExit("a proof does not hold")
    _told(f"{label}: proof of inclusion", LARGE, took)
    _told(
        f"{label}: proof of growth", LARGE, [_milliseconds(lambda s=s: audit.consistency_proof(s + 1)) for s in spots]
    )


def whole(label: str) -> None:
    """A log as it is, written in batches, and looked at whole by another process."""
    from terakoya.audit import api as audit
    from terakoya.standards.log_evidence import check_export

    lines: list[str] = []
    _timed(f"{label}: written in batches of 1,000", lambda: [_write(1000) for _ in range(WHOLE // 1000)])
    found = _timed(f"{label}: verified, with every key and detail", audit.verify)
    _timed(f"{label}: exported", lambda: audit.export_log(lines.append))
    checked = _timed("its export checked outside", lambda: check_export(lines))
    if found.faults or checked.faults or not found.size == checked.size == WHOLE:
        raise SystemExit("the log does not hold")
    took = [
        _milliseconds(lambda person=person: list(audit.entries_about(person, limit=50))) for person in PERSONS[:100]
    ]
    _told(f"{label}: newest 50 lines of a person", WHOLE, took)


def _timed(what: str, work: Callable[[], Any]) -> Any:
    begun, busy = time.perf_counter(), time.process_time()
    result = work()
    wall, busy = time.perf_counter() - begun, time.process_time() - busy
    print(f"| {what} | {WHOLE:,} | {wall:.1f} s, of it {busy:.1f} s CPU |", flush=True)
    return result


def _write(size: int, persons: int = 1) -> None:
    from django.db import OperationalError, transaction

    from terakoya.audit import api as audit

    first = int.from_bytes(os.urandom(4))
    whom = [[PERSONS[(first + n + m) % 1000] for m in range(persons)] for n in range(size)]
    try:
        with transaction.atomic():
            audit.append_many([audit.Release(FACTS, subjects) for subjects in whom])
    except OperationalError:  # a busy SQLite; the writer begins again
        _write(size, persons)


def _together() -> None:
    from terakoya.audit import api as audit

    person = PERSONS[int.from_bytes(os.urandom(2)) % 1000]
    audit.append_together([audit.Release(FACTS, [person])])


def _rate(label: str, work: Callable[[], object], size: int = 1, writers: int = 1) -> None:
    """Print how many releases a second ``work`` (``size`` of them) did by so many threads, and what one costs."""
    from django.db import connection

    work()
    done, until = [0] * writers, time.perf_counter() + SECONDS

    def go(place: int) -> None:
        while time.perf_counter() < until:
            work()
            done[place] += 1
        if writers > 1:
            connection.close()

    begun, busy = time.perf_counter(), time.process_time()
    if writers == 1:
        go(0)
    else:
        threads = [threading.Thread(target=go, args=(place,)) for place in range(writers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    releases = sum(done) * size
    rate, cost = releases / (time.perf_counter() - begun), (time.process_time() - busy) / releases * 1e6
    print(f"| {label} | {size} | {writers} | {rate:,.0f} | {cost:,.0f} |", flush=True)


def _leaf_hashes(spots: list[int]) -> dict[int, bytes]:
    from benchmarks._large_tree import leaf

    return {index: leaf(index) for index in spots}


def _milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """By the clock, and of the process's own CPU time."""
    begun, busy = time.perf_counter(), time.process_time()
    work()
    return (time.perf_counter() - begun) * 1000, (time.process_time() - busy) * 1000


def _told(what: str, leaves: int, took: list[tuple[float, float]]) -> None:
    (middle, most), (cpu, most_cpu) = (
        (statistics.median(times), statistics.quantiles(times, n=100)[98]) for times in zip(*took, strict=True)
    )
    said = f"{middle:.2f} ms in the middle, 99 of 100 within {most:.2f} ms (of CPU {cpu:.2f} and {most_cpu:.2f} ms)"
    print(f"| {what} | {leaves:,} | {said} |", flush=True)


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    {"appending": appending, "others": others, "proofs": proofs, "whole": whole}[sys.argv[1]](sys.argv[2])
