import threading

import pytest
from django.db import connection, transaction

from terakoya.audit import api as audit
from terakoya.kit.snapshot import snapshot

from .log_of import write


@pytest.mark.django_db(transaction=True)
def test_a_log_can_be_checked_by_a_process_that_has_read_nothing_yet() -> None:
    write(3)
    found: list[audit.Verification] = []

    def check() -> None:
        try:
            found.append(audit.verify())
        finally:
            connection.close()

    thread = threading.Thread(target=check)
    thread.start()
    thread.join(30)
    assert [(one.size, one.faults) for one in found] == [(3, [])]


@pytest.mark.django_db(transaction=True)
def test_after_a_snapshot_the_connection_writes_as_before() -> None:
    with snapshot():
        assert connection.in_atomic_block
        assert audit.log_head().size == 0
    write(1)
    assert audit.log_head().size == 1


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_within_a_transaction_sees_what_that_has_written() -> None:
    with transaction.atomic():
        write(1)
        with snapshot():
            assert audit.log_head().size == 1
