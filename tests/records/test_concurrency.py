from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection, connections

from terakoya.records.models import Statement

from .conftest import Lrs, statement


def sent(lrs: Lrs, batch: list[dict[str, Any]]) -> int:
    try:
        return lrs.post(batch).status_code
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share the one connection of a database in memory")
def test_overlapping_batches_at_once_are_stored_once_and_in_order() -> None:
    lrs = Lrs("drill", ["statements/write"])
    statements = [statement() for _ in range(40)]
    batches = [statements[begin : begin + 20] for begin in range(0, 40, 5)] * 2
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda batch: sent(lrs, batch), batches)) == {200}
    stored = list(Statement.objects.order_by("seq").values_list("stored", flat=True))
    assert len(stored) == 40
    assert all(earlier < later for earlier, later in pairwise(stored))
