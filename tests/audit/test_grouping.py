import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections, transaction

from terakoya.audit import api as audit
from terakoya.audit import grouping

from .log_of import ANNA, BEN, seen


def release(what: object, *subjects: object) -> audit.Release:
    return audit.Release({"what": what}, subjects or (ANNA,))


@pytest.mark.django_db(transaction=True)
def test_a_release_is_in_the_log_when_it_returns() -> None:
    [first], [second, third] = (
        audit.append_together([release("a")]),
        audit.append_together([release("b"), release("c", BEN)]),
    )
    assert (first.index, second.index, third.index) == (0, 1, 2)
    assert (seen(ANNA), seen(BEN)) == ([1, 0], [2])
    assert not connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_the_leaf_is_written_with_that() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.append_together([release("a")])
        raise RuntimeError("the caller failed")
    assert audit.log_head().size == 0


@pytest.mark.django_db(transaction=True)
def test_those_who_wait_together_are_written_in_one_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    write: Callable[..., None] = grouping._write
    monkeypatch.setattr(grouping, "_write", lambda group: (sizes.append(len(group)), write(group)))
    given: dict[int, int] = {}

    def one(number: int) -> None:
        given[number] = audit.append_together([release(number)])[0].index
        connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    grouping._queue.led = True  # somebody is writing
    for thread in threads:
        thread.start()
    while len(grouping._queue.waiting) < len(threads):
        pass
    grouping._queue.pass_on()
    for thread in threads:
        thread.join(30)
    assert sizes == [6]
    assert {number: audit.entry_at(index).facts["what"] for number, index in given.items()} == {n: n for n in range(6)}
    assert audit.verify_log() == []


@pytest.mark.django_db(transaction=True)
def test_a_release_that_cannot_be_written_fails_alone() -> None:
    good, bad = grouping._Waiting([release("a")]), grouping._Waiting([release(object())])
    grouping._write([good, bad])
    assert good.leaves is not None
    assert isinstance(bad.fault, TypeError)
    with pytest.raises(TypeError):
        audit.append_together([release(object())])
    assert audit.log_head().size == 1
    assert audit.verify_log() == []


@pytest.mark.django_db(transaction=True)
def test_after_a_writer_was_cut_off_the_next_one_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut_off(_group: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as harm, pytest.raises(KeyboardInterrupt):
        harm.setattr(grouping, "_write", cut_off)
        audit.append_together([release("a")])
    assert [leaf.index for leaf in audit.append_together([release("b")])] == [0]


@pytest.mark.django_db(transaction=True)
def test_many_threads_that_write_all_the_time_are_all_answered() -> None:
    def some(number: int) -> None:
        for turn in range(10):
            audit.append_together([release([number, turn])])
        connections.close_all()

    threads = [threading.Thread(target=some, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    told = [audit.entry_at(index).facts["what"] for index in range(80)]
    assert sorted(told) == [[number, turn] for number in range(8) for turn in range(10)]
    assert not (grouping._queue.waiting or grouping._queue.led)
