"""Real nodes watch over each other's logs: who bends one, or restores an older one, is found out by the others."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from terakoya.node.federation import Federation, Node

from .conftest import free_ports
from .operating import run_on, said

KINDS = ("nation", "city", "pds")
PATIENCE_SECONDS = 120

APPEND = """
from django.db import transaction
from terakoya.audit import api as audit
with transaction.atomic():
    for number in range({count}):
        audit.append({{"what": {what!r}, "number": number}}, [])
"""
# an insider with the database makes all entries anew, with all hashes, and takes the old checkpoints away
REWRITE = """
from django.apps import apps
from django.db import connection, transaction
from terakoya.audit import api as audit
size = audit.log_head().size
with connection.constraint_checks_disabled(), transaction.atomic():
    for model in apps.get_app_config("audit").get_models():
        model.objects.all()._raw_delete("default")
    for number in range(size):
        audit.append({"what": "rewritten", "number": number}, [])
assert audit.verify_log() == []
"""


def health(node: Node) -> dict[str, Any]:
    found: dict[str, Any] = httpx.get(f"{node.url}/healthz", timeout=5).json()
    return found


def until(seen: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not seen():
        assert time.monotonic() < end, what
        time.sleep(0.2)


def witnessed_at(node: Node, size: int) -> bool:
    """Whether the published checkpoint covers so many entries and both other nodes have cosigned it."""
    answer = httpx.get(f"{node.url}/log/checkpoint", timeout=5)
    lines = answer.text.split("\n")
    return answer.status_code == 200 and int(lines[1]) >= size and answer.text.count("/witness ") == 2


@pytest.fixture
def federation(tmp_path: Path) -> Iterator[Federation]:
    """Three nodes that ask each other every second; the city's log has ten entries, which the others have signed."""
    first = free_ports(len(KINDS))
    often = {"TERAKOYA_WITNESS_SECONDS": "1", "TERAKOYA_JOB_LONGEST_PAUSE_SECONDS": "1"}
    nodes = [Node(kind, kind, first + place, tmp_path / kind, {**often}) for place, kind in enumerate(KINDS)]
    made = Federation(nodes)
    made.start()
    try:
        made.enrol()
        run_on(made["city"], APPEND.format(count=10, what="first"))
        until(lambda: witnessed_at(made["city"], 10), "the city's log was not cosigned by the others")
        yield made
    finally:
        made.stop()
        if folder := os.environ.get("TERAKOYA_E2E_LOGS"):
            for node in made.nodes.values():
                shutil.copy(node.log, Path(folder) / f"witness-{node.kind}.log")


def stop(node: Node) -> None:
    node.terminate()
    node.wait_until_gone()


def go_on(node: Node) -> None:
    node.start(prepare=False)
    node.wait()


def test_nodes_cosign_each_others_logs(federation: Federation) -> None:
    assert health(federation["city"])["log"] == "witnessed"
    assert "WRONG log" not in said(federation["city"], "check")


def test_restored_backup_is_found_stops_releases_and_is_acknowledged(federation: Federation) -> None:
    city, nation = federation["city"], federation["nation"]
    stop(city)
    backup = city.folder.parent / "backup"
    backup.mkdir()
    for file in city.folder.glob("node.sqlite3*"):
        shutil.copy(file, backup)
    go_on(city)
    run_on(city, APPEND.format(count=5, what="lost"))
    until(lambda: witnessed_at(city, 15), "the grown log was not cosigned")

    stop(city)
    for file in city.folder.glob("node.sqlite3*"):
        file.unlink()
    for file in backup.iterdir():
        shutil.copy(file, city.folder)
    go_on(city)
    until(lambda: health(city)["log"] == "broken", "the restored node did not find out")
    assert "rolled_back at 10 entries" in said(city, "check")
    until(lambda: "rollback" in said(nation, "check"), "the witness did not keep what it saw")

    city.command("log", "acknowledge", "--by", "operator", "restored the backup of yesterday")
    until(lambda: health(city)["log"] == "witnessed", "the acknowledged log was not cosigned again")
    until(lambda: "restarted" in said(nation, "check"), "the new beginning is not on record")


def test_rewritten_log_finds_no_witness_and_is_reported(federation: Federation) -> None:
    city = federation["city"]
    stop(city)
    run_on(city, REWRITE)
    go_on(city)
    until(lambda: health(city)["log"] == "broken", "the node did not find out")
    for kind in ("nation", "pds"):
        until(lambda kind=kind: "city: fork" in said(federation[kind], "check"), f"the {kind} did not keep the fork")  # type: ignore[misc]
