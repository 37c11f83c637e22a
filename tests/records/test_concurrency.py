import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from terakoya.records.models import Statement

from .conftest import Lrs, statement


@pytest.fixture
def database_of_threads(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database in which threads wait for each other, as a node's do: SQLite in memory is copied into a file."""
    if connection.vendor != "sqlite":
        yield
        return
    in_memory, name = connections[DEFAULT_DB_ALIAS], connection.settings_dict["NAME"]
    with closing(sqlite3.connect(tmp_path / "node.sqlite3")) as file:
        in_memory.connection.backup(file)
    in_memory.settings_dict["NAME"] = str(tmp_path / "node.sqlite3")
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    yield
    connections[DEFAULT_DB_ALIAS].close()
    in_memory.settings_dict["NAME"] = name
    connections[DEFAULT_DB_ALIAS] = in_memory


def sent(lrs: Lrs, batch: list[dict[str, Any]]) -> int:
    try:
        return lrs.post(batch).status_code
    finally:
        connections.close_all()


def test_overlapping_batches_at_once_are_stored_once_and_in_order(database_of_threads: None) -> None:
    lrs = Lrs("drill", ["statements/write"])
    statements = [statement() for _ in range(40)]
    batches = [statements[begin : begin + 20] for begin in range(0, 40, 5)] * 2
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda batch: sent(lrs, batch), batches)) == {200}
    stored = list(Statement.objects.order_by("seq").values_list("stored", flat=True))
    assert len(stored) == 40
    assert all(earlier < later for earlier, later in pairwise(stored))
