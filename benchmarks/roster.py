"""How long a prefecture's roster takes to come in, to come again, and to come with one row of a hundred changed.

Each import is a process of its own; meanwhile readers ask as pages do. ``ROSTER_SIZE`` (1 is a whole one) makes it
smaller, ``ROSTER_DATABASES`` names the databases (``sqlite postgresql``). The peers write people, accounts, roles and
enrolments into the same tables of an empty node without any check; they get a share of the rows, and their time is
reckoned up, which flatters them: their indexes stay small.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from ._prefecture import Prefecture

SIZE = float(os.environ.get("ROSTER_SIZE", "1"))
DATABASES = os.environ.get("ROSTER_DATABASES", "sqlite postgresql").split()
ROOT = Path(__file__).parent.parent
ONE_IMPORT = Path(__file__).parent / "_one_import.py"
PEER_USERS, ROW_BY_ROW = 60_000, 600
READS_A_SECOND = 20


def run() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="terakoya-benchmark-") as name:
        folder = Path(name)
        whole = Prefecture(SIZE)
        first = whole.write(folder / "first.zip")
        changed = Prefecture(SIZE, changed=True).write(folder / "changed.zip")
        print(f"{whole.users:,} users, {whole.classes:,} classes, {whole.enrolments:,} enrolments\n")
        print("| database | what | seconds | CPU, s | peak, MB | a read, p50 ms | p95 ms | slowest ms |")
        print("|---|---|---|---|---|---|---|---|")
        for database in DATABASES:
            with _node(database, folder / database) as environment:
                for what, package in (("first load", first), ("the same again", first), ("1 % changed", changed)):
                    _import(database, what, package, environment)
            with _node(database, folder / f"{database}-peers") as environment:
                _peers(database, whole.users, environment)


@contextmanager
def _node(database: str, folder: Path) -> Iterator[dict[str, str]]:
    sys.path.insert(0, str(ROOT / "tools"))
    from with_postgresql import cluster

    folder.mkdir()
    with cluster(durable=True) if database == "postgresql" else nullcontext("") as address:
        environment = {
            **os.environ,
            "TERAKOYA_KIND": "city",
            "TERAKOYA_DATA_DIR": str(folder),
            "TERAKOYA_LOG_LEVEL": "WARNING",
            "TERAKOYA_BASE_URL": "http://127.0.0.1:8159",
            "TERAKOYA_LARGEST_IMPORT_BYTES": str(10**10),
            "DJANGO_SETTINGS_MODULE": "terakoya.node.settings",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        if address:
            environment["DATABASE_URL"] = str(address)
        subprocess.run([sys.executable, "-m", "django", "migrate", "-v", "0"], env=environment, check=True)
        yield environment


def _import(database: str, what: str, package: Path, environment: dict[str, str]) -> None:
    with _readers(environment) as times:
        done = subprocess.run(
            [sys.executable, str(ONE_IMPORT), str(package), "import"],
            env=environment,
            check=True,
            stdout=subprocess.PIPE,
        )
    told = json.loads(done.stdout)
    reads = _figures(times)
    print(
        f"| {database} | {what} | {told['seconds']:.0f} | {told['cpu']:.0f} | {told['megabytes']:,.0f} | {reads} |",
        flush=True,
    )


@contextmanager
def _readers(environment: dict[str, str]) -> Iterator[list[float]]:
    """Somebody who reads all the while: a class with its pupils, as a page does."""
    times: list[float] = []
    reader = subprocess.Popen(
        [sys.executable, str(ONE_IMPORT), str(READS_A_SECOND), "read"],
        env=environment,
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    listening = threading.Thread(target=lambda: times.extend(float(line) for line in reader.stdout or ()))
    listening.start()
    time.sleep(1)
    try:
        yield times
    finally:
        reader.terminate()
        reader.wait()
        listening.join()


def _figures(times: list[float]) -> str:
    if len(times) < 2:
        return "- | - | -"
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{statistics.median(ordered):.1f} | {p95:.1f} | {ordered[-1]:.0f}"


def _peers(database: str, users: int, environment: dict[str, str]) -> None:
    for what, count in (("bulk", min(PEER_USERS, users)), ("row", min(ROW_BY_ROW, users))):
        command = [sys.executable, str(ONE_IMPORT), str(count), what]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
        told: dict[str, Any] = json.loads(done.stdout)
        whole = told["seconds"] / count * users
        name = "bulk_create" if what == "bulk" else "update_or_create"
        print(
            f"| {database} | {name}, unchecked: {count:,} users with account, role and enrolments took "
            f"{told['seconds']:.1f} s; all of them would take | {whole:,.0f} | - | - | - | - | - |",
            flush=True,
        )
