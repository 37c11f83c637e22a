"""How fast the record store takes statements over HTTP, and how fast a class page gets its figures.

A node of its own on a loopback port, with a database in a temporary folder, is asked by a client on the same machine.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec

PORT = int(os.environ.get("BENCHMARK_PORT", "8159"))
URL = f"http://127.0.0.1:{PORT}"
CLASS_SIZE = 40


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="terakoya-benchmark-") as folder, node(Path(folder)) as server:
        credential = _credential()
        print("| statements per request | clients | statements/s | server CPU, us a statement |")
        print("|---|---|---|---|")
        for size, requests, clients in ((1, 400, 4), (50, 120, 4), (500, 24, 2)):
            _post(server, credential, size, requests, clients)
        _figures()


@contextmanager
def node(folder: Path, processes: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    """A city node that is served as in operation: granian, WSGI."""
    os.environ.update(
        TERAKOYA_KIND="city",
        TERAKOYA_DATA_DIR=str(folder),
        TERAKOYA_BASE_URL=URL,
        TERAKOYA_LOG_LEVEL="WARNING",
        TERAKOYA_WORKER="none",
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "terakoya.node.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    command = ["granian", "--interface", "wsgi", "--port", str(PORT), "--log-level", "error", "--blocking-threads", "4"]
    command += ["--workers", str(processes)]
    server = subprocess.Popen(
        [str(Path(sys.executable).with_name(command[0])), *command[1:], "terakoya.node.wsgi:application"]
    )
    try:
        _wait()
        yield server
    finally:
        server.terminate()
        server.wait()


def _wait() -> None:
    for _ in range(200):
        try:
            httpx.get(f"{URL}/xapi/about")
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the node did not start")


def _credential() -> tuple[str, str]:
    from terakoya.records.api import issue_credential

    return issue_credential("benchmark", ["statements/write"])


def _post(server: subprocess.Popen[bytes], credential: tuple[str, str], size: int, requests: int, clients: int) -> None:
    lot = random.Random(size)  # noqa: S311
    bodies = [msgspec.json.encode([_statement(lot) for _ in range(size)]) for _ in range(requests)]
    headers = {"X-Experience-API-Version": "2.0.0", "Content-Type": "application/json"}
    with httpx.Client(auth=credential, headers=headers, timeout=60) as client:

        def send(body: bytes) -> None:
            client.post(f"{URL}/xapi/statements", content=body).raise_for_status()

        send(b"[]")
        busy, begun = _cpu_seconds(server.pid), time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(send, bodies))
        wall, busy = time.perf_counter() - begun, _cpu_seconds(server.pid) - busy
    count = size * requests
    print(f"| {size} | {clients} | {count / wall:,.0f} | {busy / count * 1e6:,.0f} |")


def _statement(lot: random.Random) -> dict[str, Any]:
    """About 1.1 KB, of 1,000 pupils, 130 units and a handful of verbs."""
    from terakoya.standards.course_of_study import ITEMS
    from terakoya.standards.xapi_japan import CODE, GRADE, SUBJECT, UNIT

    item = lot.choice(list(ITEMS.values()))
    pupil, raw = UUID(int=lot.randrange(1000), version=4), lot.randrange(11)
    return {
        "id": str(UUID(int=lot.getrandbits(128), version=4)),
        "actor": {"objectType": "Agent", "account": {"homePage": URL, "name": str(pupil)}},
        "verb": {
            "id": f"http://adlnet.gov/expapi/verbs/{lot.choice(['answered', 'completed', 'attempted'])}",
            "display": {"en": "did", "ja-JP": "した"},
        },
        "object": {
            "objectType": "Activity",
            "id": f"https://materials.example.jp/units/{item.code}/{lot.randrange(20)}",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "interactionType": "choice",
                "name": {"ja-JP": item.ja, "en": item.en},
                "choices": [{"id": str(each), "description": {"ja-JP": f"{item.ja}{each}"}} for each in range(4)],
            },
        },
        "result": {
            "score": {"scaled": raw / 10, "raw": raw, "min": 0, "max": 10},
            "success": raw > 5,
            "duration": "PT42S",
        },
        "context": {
            "language": "ja-JP",
            "extensions": {CODE: [item.code], SUBJECT: [item.subject], GRADE: [item.grade], UNIT: [item.ja]},
        },
        "timestamp": f"2026-{lot.randrange(4, 11):02}-{lot.randrange(1, 29):02}T{lot.randrange(9, 15):02}:30:00+09:00",
    }


def _figures() -> None:
    """The figures of a class of 40 in one subject, from all that was stored before."""
    from terakoya.records.api import unit_figures
    from terakoya.records.models import Statement

    people = [UUID(int=number, version=4) for number in range(CLASS_SIZE)]
    unit_figures(people, "P030")
    begun = time.perf_counter()
    for _ in range(20):
        unit_figures(people, "P030")
    took = (time.perf_counter() - begun) / 20 * 1000
    print(f"\nclass of {CLASS_SIZE}, one subject, {Statement.objects.count():,} statements stored: {took:.1f} ms")


def _cpu_seconds(pid: int) -> float:
    """Seconds of user and system time of a process and its children (Linux)."""
    total, ticks = 0, os.sysconf("SC_CLK_TCK")
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(status.parent.name) == pid or int(fields[1]) == pid:
            total += int(fields[11]) + int(fields[12])
    return total / ticks
