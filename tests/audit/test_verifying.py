"""Whatever is changed in a stored log by another hand than the program's is found and named."""

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from terakoya.audit import api as audit
from terakoya.audit.models import LogCase, LogEntry, LogHead, LogSubject, LogTile, SubjectKey

from .log_of import ANNA, BEN, CASE, one_of_each, write

pytestmark = pytest.mark.django_db
TABLES = [LogCase, LogEntry, LogHead, LogSubject, LogTile, SubjectKey]
FIRST_ROWS = 300  # one full tile, and a part
PLACE = "rowid" if connection.vendor == "sqlite" else "ctid"
house = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


@pytest.fixture
def log() -> None:
    one_of_each()
    write(FIRST_ROWS - audit.log_head().size, [BEN])
    assert audit.verify_log() == []


def test_all_tables_of_the_log_are_tried() -> None:
    own = {model for model in apps.get_app_config("audit").get_models() if model.__module__ == LogEntry.__module__}
    assert own == set(TABLES)


@house
@given(data=st.data())
def test_a_single_bit_changed_anywhere_is_found(log: None, data: st.DataObject) -> None:
    table, column = data.draw(st.sampled_from([(table, field) for table in TABLES for field in columns(table)]))
    row, value = data.draw(st.sampled_from(values(table, column)))
    changed = flipped(value, data.draw(st.integers(0, 2**20)))
    faults = faults_after(f'UPDATE {named(table)} SET "{column}" = {cast(value)} WHERE {PLACE} = %s', [changed, row])  # noqa: S608
    assert faults
    if table is LogEntry and column in ("leaf", "body", "detail", "microseconds"):
        assert any(f"entry {row - 1 if PLACE == 'rowid' else ''}" in fault for fault in faults) or "read" in faults[0]


@house
@given(data=st.data())
def test_a_row_removed_anywhere_is_found(log: None, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    row, _ = data.draw(st.sampled_from(values(table, columns(table)[0])))
    assert faults_after(f"DELETE FROM {named(table)} WHERE {PLACE} = %s", [row])  # noqa: S608


@house
@given(data=st.data())
def test_values_swapped_between_two_rows_are_found(log: None, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([LogCase, LogEntry, LogSubject, LogTile, SubjectKey]))
    free = [column for column in columns(table) if column not in keys_of(table)]
    swap = data.draw(st.sampled_from([*[[column] for column in free], free]))
    rows = values(table, keys_of(table)[0])
    assume(len(rows) > 1)
    (one, _), (other, _) = data.draw(st.lists(st.sampled_from(rows), min_size=2, max_size=2, unique=True))
    before, after = read(table, swap, one), read(table, swap, other)
    assume(before != after)
    sets = ", ".join(f'"{column}" = %s' for column in swap)
    order = f"UPDATE {named(table)} SET {sets} WHERE {PLACE} = %s"  # noqa: S608
    assert faults_after(order, [*after, one], [*before, other])


@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (lambda: LogEntry.objects.filter(index=3).update(body="{}"), "entry 3 was changed"),
        (lambda: LogEntry.objects.filter(index=3).update(leaf=b"\0" * 32), "entry 3 was changed"),
        (lambda: LogEntry.objects.filter(index=3).update(microseconds=5), "entry 3 has another time"),
        (lambda: LogEntry.objects.filter(index=3).update(detail=b"x" * 60), "the detail of entry 3 was changed"),
        (lambda: LogEntry.objects.filter(index=4).update(case=None), "entry 4 belongs to another case"),
        (lambda: LogEntry.objects.filter(index=3).update(case=CASE), "entry 3 belongs to another case"),
        (lambda: LogCase.objects.filter(uuid=CASE).update(opened=None), "do not agree"),
        (lambda: LogCase.objects.exclude(uuid=CASE).update(opened=9), "do not agree"),
        (lambda: LogCase.objects.exclude(uuid=CASE).update(opened=5000), "opened by entry 5000"),
        (lambda: LogSubject.objects.filter(entry=0).update(person=BEN), "entry 0 is about others"),
        (lambda: LogSubject.objects.filter(entry=0).delete(), "entry 0 is about others"),
        (lambda: LogSubject.objects.filter(entry=0).update(wrapped=b""), "entry 0 is about others"),
        (lambda: LogSubject.objects.filter(entry=0).update(person=None, wrapped=b""), "name nobody any more"),
        (lambda: SubjectKey.objects.filter(person=ANNA).update(sealed=b"x" * 60), "a key was changed"),
        (lambda: SubjectKey.objects.create(person=UUID(int=5), sealed=b"x" * 60), "a key was changed"),
        (lambda: LogTile.objects.filter(level=1).update(hashes=b"\0" * 32), "tile 1/0 differs"),
        (lambda: LogTile.objects.create(level=0, index=1, hashes=b""), "tile 0/1 belongs to nothing"),
        (lambda: LogHead.objects.update(size=4), "the head is not"),
        (lambda: LogHead.objects.all().delete(), "the head is not"),
        (lambda: LogEntry.objects.filter(index=290)._raw_delete("default"), "entry 290 is missing"),
    ],
)
def test_a_fault_is_named(log: None, harm: Any, fault: str) -> None:
    with transaction.atomic():
        harm()
        faults = audit.verify_log()
        transaction.set_rollback(True)
    assert any(fault in found for found in faults), faults


def test_a_log_that_was_cut_short_is_found(log: None) -> None:
    LogSubject.objects.filter(entry__gte=290).delete()
    LogEntry.objects.filter(index__gte=290)._raw_delete("default")
    assert audit.verify_log() == ["the head is not that of the entries"]
    assert audit.quick_check() == ["a tile or entry is missing below the head"]


def test_the_quick_form_sees_the_newest_entries_and_the_head(log: None) -> None:
    assert audit.quick_check() == []
    LogEntry.objects.filter(index=299).update(leaf=b"\0" * 32)
    assert "entry 299 was changed" in audit.quick_check()


def test_an_empty_log_is_whole() -> None:
    found = audit.verify()
    assert (found.size, found.faults, audit.quick_check()) == (0, [], [])


def test_a_log_under_another_key_file_says_so(log: None, settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    assert any("log.secret is not the key file of this log" in fault for fault in audit.verify_log())


def test_a_ruined_log_is_not_told_without_end(log: None) -> None:
    LogEntry.objects.update(leaf=b"\0" * 32)
    assert len(audit.verify_log()) <= 101


def named(table: Any) -> str:
    return f'"{table._meta.db_table}"'


def columns(table: Any) -> list[str]:
    return [field.column for field in table._meta.local_fields if field.column]


def keys_of(table: Any) -> list[str]:
    fields = getattr(table._meta.pk, "fields", None) or [table._meta.pk]
    return [field.column for field in fields]


def values(table: Any, column: str) -> list[tuple[Any, Any]]:
    """Every row's place and its value in a column, where there is one."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {PLACE}, "{column}" FROM {named(table)} WHERE "{column}" IS NOT NULL')  # noqa: S608
        found = [(row, bytes(value) if isinstance(value, memoryview) else value) for row, value in cursor.fetchall()]
    return [(row, value) for row, value in found if value != b""]


def read(table: Any, wanted: list[str], row: Any) -> list[Any]:
    picked = ", ".join(f'"{column}"' for column in wanted)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {picked} FROM {named(table)} WHERE {PLACE} = %s", [row])  # noqa: S608
        return [bytes(value) if isinstance(value, memoryview) else value for value in cursor.fetchone()]


def flipped(value: Any, bit: int) -> Any:
    """The value with one bit changed."""
    if isinstance(value, int):
        return value ^ (1 << bit % 40)
    if isinstance(value, UUID):
        return UUID(int=value.int ^ (1 << bit % 128))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    bit %= len(raw) * 8
    raw[bit // 8] ^= 1 << bit % 8
    return bytes(raw) if isinstance(value, bytes) or PLACE == "rowid" else raw.decode(errors="replace")


def cast(value: Any) -> str:
    return "CAST(%s AS TEXT)" if isinstance(value, str) and PLACE == "rowid" else "%s"


def faults_after(order: str, *changes: list[Any]) -> list[str]:
    """What ``verify`` finds after the orders, which are taken back. What the database itself refuses is no change."""
    with transaction.atomic():
        try:
            with connection.cursor() as cursor, transaction.atomic():
                for change in changes:
                    cursor.execute(order, change)
        except (DatabaseError, ValueError):
            transaction.set_rollback(True)
            assume(False)
        faults = audit.verify_log()
        transaction.set_rollback(True)
    return faults
