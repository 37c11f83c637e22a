import json
import threading

import pytest
import rfc8785
from django.db import OperationalError, connection, transaction

from terakoya.audit import api as audit
from terakoya.audit.errors import NoTransaction
from terakoya.audit.models import LogEntry, LogSubject

from .log_of import ANNA, BEN, one_of_each, write


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused() -> None:
    with pytest.raises(NoTransaction):
        audit.append({}, [ANNA])


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_trace() -> None:
    write(2)
    before = audit.log_head()
    with pytest.raises(RuntimeError), transaction.atomic():
        write()
        raise RuntimeError("the release failed")
    assert audit.log_head() == before
    assert audit.verify_log() == []


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [[1] * 9, [9], [4, 5], [255, 2], [256], [257], [600], [100, 500]])
def test_leaves_that_come_together_make_the_same_tree_as_one_by_one(sizes: list[int]) -> None:
    for size in sizes:
        write(size)
    assert audit.log_head().size == sum(sizes)
    assert audit.verify_log() == []


@pytest.mark.django_db
def test_nothing_to_log_writes_nothing() -> None:
    assert audit.append_many([]) == []
    assert audit.log_head().size == 0


@pytest.mark.django_db
def test_a_leaf_does_not_tell_whom_or_what_it_is_about() -> None:
    write(2, [ANNA])
    first, second = (json.loads(entry.body) for entry in LogEntry.objects.order_by("index"))
    assert set(first) == {"v", "at", "subjects", "touched", "case", "detail"}
    assert first["subjects"] != second["subjects"]  # the same child, and nobody can see that it is
    assert not any(b"look" in bytes(entry.detail) for entry in LogEntry.objects.all())


@pytest.mark.django_db
def test_every_body_is_canonical() -> None:
    """RFC 8785: whoever writes the same values writes the same bytes."""
    one_of_each()
    for entry in LogEntry.objects.all():
        assert rfc8785.dumps(json.loads(entry.body)) == entry.body.encode()


@pytest.mark.django_db
def test_whom_an_entry_is_about_is_named_once() -> None:
    write(1, [ANNA, BEN, ANNA])
    assert LogSubject.objects.count() == 2


@pytest.mark.django_db
def test_appending_costs_the_same_however_long_the_log_is(django_assert_max_num_queries) -> None:
    write(31)
    with django_assert_max_num_queries(8):
        write()


@pytest.mark.django_db
def test_a_batch_costs_few_queries(django_assert_max_num_queries) -> None:
    write()
    with django_assert_max_num_queries(10):
        write(100)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_one_straight_log() -> None:
    write()

    def writer() -> None:
        written = 0
        while written < 5:
            try:
                write(1, [ANNA, BEN])
            except OperationalError:  # SQLite in memory does not wait for its turn; PostgreSQL does
                continue
            finally:
                connection.close()
            written += 1

    threads = [threading.Thread(target=writer) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert audit.log_head().size == 21
    assert audit.verify_log() == []
