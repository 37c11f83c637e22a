"""What is written without the models reads the same through them."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terakoya.audit import rows
from terakoya.audit.appending import ENTRY, SUBJECT
from terakoya.audit.models import LogEntry, LogSubject, LogTile, SubjectKey

pytestmark = pytest.mark.django_db
WHOLE = st.integers(0, 2**62)
PLAIN = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
house = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@house
@given(values=st.lists(st.tuples(st.binary(), PLAIN, WHOLE, st.binary()), max_size=3 * rows.FEW))
def test_rows_arrive_as_they_were_however_many(values: list[tuple[bytes, str, int, bytes]]) -> None:
    entries = [(index, *columns, None) for index, columns in enumerate(values)]
    with transaction.atomic():
        rows.add(LogEntry, ENTRY, entries)
        found = [tuple(map(plain, row)) for row in LogEntry.objects.order_by("index").values_list(*ENTRY)]
        transaction.set_rollback(True)
    assert found == entries


def plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize("count", [1, rows.FEW + 1])
def test_persons_are_found_by_the_models(count: int) -> None:
    person = uuid4()
    SubjectKey.objects.create(person=person, sealed=b"x")
    rows.add(LogEntry, ENTRY, [(index, b"", "", 0, b"", None) for index in range(count)])
    rows.add(LogSubject, SUBJECT, [(index, 0, rows.stored(person), b"w") for index in range(count)])
    assert LogSubject.objects.filter(person=person).count() == count


@pytest.mark.parametrize("count", [2, rows.FEW + 2])
def test_of_rows_of_which_one_cannot_be_written_none_is(count: int) -> None:
    entries = [(index % (count - 1), b"", "", 0, b"", None) for index in range(count)]
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.add(LogEntry, ENTRY, entries)
    assert not LogEntry.objects.exists()


def test_a_row_that_is_there_is_changed_and_another_put_in() -> None:
    for tiles in ([(0, 7, b"a")], [(0, 7, b"b"), (1, 7, b"c")]):
        rows.put(LogTile, ("level", "index", "hashes"), ("level", "index"), tiles)
    kept = LogTile.objects.order_by("level").values_list("level", "index", "hashes")
    assert [(level, index, bytes(hashes)) for level, index, hashes in kept] == [(0, 7, b"b"), (1, 7, b"c")]
