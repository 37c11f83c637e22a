"""How fast the OneRoster services answer at the size of a prefecture: one user, pages of users, all enrolments.

A city node with 600,000 users, 20,000 classes and 5,000,000 enrolments (BENCHMARK_SIZE: a part of that), written by
plain inserts, served as in operation: by one process on SQLite, by two on PostgreSQL (BENCHMARK_DATABASE=postgresql).
Everything is done that operation does: token, decision, the line of the log on the disk before the page leaves. The
client runs on the same machine.
"""

import http.client
import os
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from benchmarks.records import PORT, node

SIZE = float(os.environ.get("BENCHMARK_SIZE", "1"))
DATABASE = os.environ.get("BENCHMARK_DATABASE", "sqlite")
PROCESSES = 1 if DATABASE == "sqlite" else 2
SCHOOLS = max(2, int(1_000 * SIZE))
CLASSES, USERS, ENROLMENTS = SCHOOLS * 20, SCHOOLS * 600, SCHOOLS * 5_000
BEGINS, ENDS = date(2026, 4, 1), date(2027, 4, 1)
CLIENTS, RATE, SECONDS = 50, 100, 20  # so many clients ask together so often a second
NEXT = re.compile(r'<http://[^/]+([^>]+)>; rel="next"')
BASE = "/ims/oneroster/rostering/v1p2"


def run() -> None:
    """Measure and print."""
    with (
        _database(),
        tempfile.TemporaryDirectory(prefix="terakoya-benchmark-") as folder,
        node(Path(folder), processes=PROCESSES),
    ):
        before = time.perf_counter()
        people = _write()
        print(f"{USERS} users, {CLASSES} classes, {ENROLMENTS} enrolments; written in {_since(before):.0f} s\n")
        token = _token()
        print("| what | clients | a second | median, ms | 99th of 100, ms |\n|---|---|---|---|---|")
        _print("one user", CLIENTS, _paced(people, token))
        for limit, clients in ((100, 1), (100, 4)):
            _print(f"users?limit={limit}, by next links", clients, _walks(token, limit, clients))
        _whole_walk(token)


@contextmanager
def _database() -> Iterator[None]:
    if DATABASE == "sqlite":
        yield
        return
    sys.path.insert(0, str(Path(__file__).parent.parent / "tools"))
    from with_postgresql import cluster

    with cluster(durable=True) as os.environ["DATABASE_URL"]:
        yield


def _print(what: str, clients: int, measured: tuple[list[float], float]) -> None:
    taken, seconds = measured
    ordered = sorted(taken)
    last = ordered[int(len(ordered) * 0.99)]
    print(f"| {what} | {clients} | {len(taken) / seconds:.0f} | {statistics.median(taken):.1f} | {last:.1f} |")


class Caller:
    """A connection that is kept, as a client of the service has one."""

    def __init__(self, token: str) -> None:
        self.connection, self.headers = (
            http.client.HTTPConnection("127.0.0.1", PORT),
            {"Authorization": f"Bearer {token}"},
        )

    def get(self, address: str) -> tuple[float, str]:
        """Milliseconds until the whole answer is here, and the address of the page after it."""
        before = time.perf_counter()
        self.connection.request("GET", address, headers=self.headers)
        answer = self.connection.getresponse()
        answer.read()
        taken = _since(before) * 1000
        if answer.status != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        following = NEXT.search(answer.headers.get("Link", ""))
        return taken, following[1] if following else ""


def _paced(people: list[str], token: str) -> tuple[list[float], float]:
    """Each client asks for another person, waits, and asks again."""
    taken: list[float] = []

    def ask(number: int) -> None:
        caller, chance = Caller(token), random.Random(number)  # noqa: S311
        time.sleep(chance.random() * CLIENTS / RATE)
        end = time.perf_counter() + SECONDS
        while (begun := time.perf_counter()) < end:
            taken.append(caller.get(f"{BASE}/users/{chance.choice(people)}")[0])
            time.sleep(max(0.0, CLIENTS / RATE - _since(begun)))

    return taken, _together(ask, CLIENTS)


def _walks(token: str, limit: int, clients: int, pages: int = 300) -> tuple[list[float], float]:
    """Each client walks through its part of the list."""
    taken: list[float] = []

    def walk(number: int) -> None:
        caller = Caller(token)
        address = f"{BASE}/users?limit={limit}&offset={number * pages * limit % max(1, USERS - pages * limit // 2)}"
        caller.get(address)
        for _ in range(pages):
            if not address:
                return
            spent, address = caller.get(address)
            taken.append(spent)

    return taken, _together(walk, clients)


def _whole_walk(token: str) -> None:
    caller, taken = Caller(token), list[float]()
    address, before = f"{BASE}/enrollments?limit=1000", time.perf_counter()
    while address:
        spent, address = caller.get(address)
        taken.append(spent)
    first, last = (statistics.median(part) for part in (taken[1:21], taken[-21:-1]))
    print(f"\nall enrolments, 1000 a page: {len(taken)} pages in {_since(before):.0f} s;")
    print(f"the first page (it counts the list) {taken[0]:.0f} ms, the next 20 {first:.1f} ms each,")
    print(f"the last 20 {last:.1f} ms each, the longest {max(taken[1:]):.0f} ms")


def _together(work: Any, clients: int) -> float:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(clients)]
    before = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _since(before)


def _token() -> str:
    from terakoya.oneroster import systems, tokens
    from terakoya.oneroster.scopes import SCOPES

    facts = {"organisation": "x", "stakeholder": "school_affairs_provider", "ground": "x", "by": "benchmark"}
    system, _secret = systems.register("benchmark", **facts, scopes=list(SCOPES))  # type: ignore[arg-type]
    return tokens.issue(system, list(SCOPES))


def _write() -> list[str]:
    """The roster, as rows; the sourcedIds of its people."""
    from django.db import transaction

    from terakoya.roster.changing import changing
    from terakoya.roster.models import AcademicSession, ClassTerm, Course, Enrolment, Organisation, Person, Role
    from terakoya.roster.models import SchoolClass as Class

    chance = random.Random(5)  # noqa: S311
    schools, classes, people = ([_uuid(chance) for _ in range(count)] for count in (SCHOOLS, CLASSES, USERS))
    with transaction.atomic(), changing("import", by="benchmark") as writing:
        own = {"made_by_id": writing.change.pk, "change_id": writing.change.pk}
        _insert(
            Organisation,
            (
                {"uuid": key, "sourced_id": str(key), "name": f"s{n}", "kind": "school", **own}
                for n, key in enumerate(schools)
            ),
        )
        year = {"id": 1, "sourced_id": "year", "title": "2026", "kind": "schoolYear", "begins": BEGINS, "ends": ENDS}
        _insert(AcademicSession, [{**year, "school_year": 2026, **own}])
        course = {"title": "c", "session_id": 1, **own}
        _insert(
            Course,
            ({"id": n + 1, "sourced_id": f"c{n}", "organisation_id": key, **course} for n, key in enumerate(schools)),
        )
        held = {"begins": BEGINS, "ends": ENDS, **own}
        _insert(
            Class,
            (
                {
                    "uuid": key,
                    "sourced_id": str(key),
                    "title": f"k{n}",
                    "kind": "scheduled" if n % 8 else "homeroom",
                    "school_id": schools[n // 20],
                    "course_id": n // 20 + 1,
                    **held,
                }
                for n, key in enumerate(classes)
            ),
        )
        _insert(
            ClassTerm, ({"id": n + 1, "school_class_id": key, "session_id": 1, **own} for n, key in enumerate(classes))
        )
        _insert(
            Person,
            (
                {
                    "uuid": key,
                    "sourced_id": str(key),
                    "display_family": "佐藤",
                    "display_given": f"{n}",
                    "grade": "P5",
                    **own,
                }
                for n, key in enumerate(people)
            ),
        )
        role = {"name": "student", "begins": BEGINS, **own}
        _insert(
            Role,
            (
                {"id": n + 1, "sourced_id": f"r{n}", "person_id": key, "organisation_id": schools[n // 600], **role}
                for n, key in enumerate(people)
            ),
        )
        place = {"role": "student", "begins": BEGINS, **own}
        _insert(
            Enrolment,
            (
                {
                    "id": n + 1,
                    "sourced_id": f"e{n}",
                    "person_id": people[n % USERS],
                    "school_class_id": classes[(n * 7) % CLASSES],
                    **place,
                }
                for n in range(ENROLMENTS)
            ),
        )
    return [str(key) for key in people]


def _insert(model: Any, rows: Iterable[dict[str, Any]], at_once: int = 20_000) -> None:
    """Rows of a table; what they do not say has its default."""
    from django.db import connection

    fields = list(model._meta.concrete_fields)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    order = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({', '.join(['%s'] * len(fields))})"  # noqa: S608
    plain = {field.attname: None if field.null else field.get_default() for field in fields}

    def values() -> Iterator[tuple[Any, ...]]:
        for row in rows:
            full = {**plain, **row}
            yield tuple(value.hex if isinstance(value, UUID) else value for value in full.values())

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as copy:
            for one in values():
                copy.write_row(one)
        return
    with connection.cursor() as cursor:
        waiting: list[tuple[Any, ...]] = []
        for one in values():
            waiting.append(one)
            if len(waiting) == at_once:
                cursor.executemany(order, waiting)
                waiting.clear()
        if waiting:
            cursor.executemany(order, waiting)


def _uuid(chance: random.Random) -> UUID:
    return UUID(int=chance.getrandbits(128), version=4)


def _since(before: float) -> float:
    return time.perf_counter() - before
