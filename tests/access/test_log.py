import json
import threading
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError, connection, transaction

from terakoya.access import api
from terakoya.access.errors import NotPermitted
from terakoya.audit import api as audit
from terakoya.audit.errors import NoTransaction
from terakoya.audit.models import LogEntry, LogHead, LogNode, LogSubject

from .conftest import Family

CATEGORY = "activity.learning_school"


def look(family: Family, times: int = 1, **more: object) -> audit.LogEntry:
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    with transaction.atomic():
        for _time in range(times):
            entry = api.record_access(
                family.guardian, decision, [family.child], CATEGORY, "own_use", "child_page", **more
            )
    return entry


def remove_last(index: int) -> None:
    LogSubject.objects.filter(entry=index)._raw_delete("default")
    LogEntry.objects.filter(index=index)._raw_delete("default")


@pytest.mark.django_db(transaction=True)
def test_an_access_outside_a_transaction_is_refused(family: Family) -> None:
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    with pytest.raises(NoTransaction):
        api.record_access(family.guardian, decision, [family.child], CATEGORY, "own_use", "child_page")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_trace(family: Family) -> None:
    look(family, 2)
    before = audit.log_head()
    with pytest.raises(RuntimeError), transaction.atomic():
        look(family)
        raise RuntimeError("the release failed")
    assert audit.log_head() == before
    assert audit.verify_log() == []


@pytest.mark.django_db
def test_a_refused_use_cannot_be_recorded_as_an_access(family: Family) -> None:
    refusal = api.may(family.stranger, CATEGORY, "own_use", family.child)
    with pytest.raises(NotPermitted):
        api.record_access(family.stranger, refusal, [family.child], CATEGORY, "own_use", "child_page")


@pytest.mark.django_db
def test_every_entry_can_be_proved_to_be_in_the_log(family: Family) -> None:
    look(family, 11)
    head = audit.log_head()
    assert head.size == 11
    for entry in LogEntry.objects.all():
        proof = audit.inclusion_proof(entry.index)
        assert audit.verify_inclusion(bytes(entry.leaf), entry.index, head.size, proof, head.root)


@pytest.mark.django_db
def test_the_log_only_grows(family: Family) -> None:
    look(family, 5)
    old = audit.log_head()
    look(family, 4)
    new = audit.log_head()
    assert audit.root_at(old.size) == old.root
    assert audit.verify_consistency(old.size, new.size, old.root, new.root, audit.consistency_proof(old.size))


@pytest.mark.django_db
def test_a_proof_beyond_the_log_is_an_error(family: Family) -> None:
    look(family)
    for ask in (lambda: audit.inclusion_proof(1), lambda: audit.inclusion_proof(0, 9), lambda: audit.root_at(9)):
        with pytest.raises(IndexError):
            ask()


@pytest.mark.django_db
def test_an_untouched_log_has_no_faults(family: Family) -> None:
    assert audit.verify_log() == []
    look(family, 9)
    assert audit.verify_log() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("harm", "fault"),
    [
        (lambda: LogEntry.objects.filter(index=3).update(body="{}"), "entry 3 was changed"),
        (lambda: LogEntry.objects.filter(index=3).update(leaf=b"\0" * 32), "entry 3 was changed"),
        (lambda: LogSubject.objects.filter(entry=3).update(person=uuid4()), "entry 3 is about others"),
        (lambda: LogSubject.objects.filter(entry=3)._raw_delete("default"), "entry 3 is about others"),
        (lambda: remove_last(8), "the head is not"),
        (lambda: LogNode.objects.filter(level=1, index=0).update(digest=b"\0" * 32), "subtree (1, 0) differs"),
        (lambda: LogHead.objects.update(size=4), "the head is not"),
    ],
)
def test_every_change_behind_the_program_s_back_is_found(family: Family, harm, fault: str) -> None:
    look(family, 8)
    look(family)
    harm()
    assert any(fault in found for found in audit.verify_log())


@pytest.mark.django_db
def test_a_body_past_its_retention_leaves_the_tree_whole(family: Family) -> None:
    look(family, 4)
    LogEntry.objects.filter(index=1).update(body="")
    assert audit.verify_log() == []


@pytest.mark.django_db
def test_a_leaf_does_not_tell_whom_it_is_about(family: Family) -> None:
    look(family, 2)
    bodies = [json.loads(entry.body) for entry in LogEntry.objects.all()]
    assert not any(str(family.child) in entry.body for entry in LogEntry.objects.all())
    assert bodies[0]["subjects"] != bodies[1]["subjects"]  # the same child, and nobody can see that it is


@pytest.mark.django_db
def test_a_person_sees_their_own_part_only(family: Family) -> None:
    look(family, 2, count=7, reference="t-1")
    lines = api.accesses_of(family.child)
    assert [(line.what, line.role, line.count, line.reference) for line in lines] == [
        ("child_page", "guardian", 7, "t-1")
    ] * 2
    assert api.accesses_of(uuid4()) == []


@pytest.mark.django_db
def test_what_one_guardian_does_is_not_told_by_name(family: Family) -> None:
    look(family)
    assert api.accesses_of(family.child)[0].name == ""


@pytest.mark.django_db
def test_a_line_travels_as_plain_values(family: Family) -> None:
    look(family)
    line = api.accesses_of(family.child)[0]
    assert api.AccessLine.from_dict(json.loads(json.dumps(line.as_dict()))) == line


@pytest.mark.django_db
def test_one_entry_about_a_whole_class(family: Family, relations: dict[tuple[UUID | None, UUID], str]) -> None:
    children = [uuid4() for _number in range(40)]
    for child in children:
        relations[(family.guardian.person, child)] = "guardian"
    decision = api.may(family.guardian, CATEGORY, "own_use", children[0])
    with transaction.atomic():
        api.record_access(family.guardian, decision, children, CATEGORY, "own_use", "class_overview")
    assert LogEntry.objects.count() == 1
    assert all(len(api.accesses_of(child)) == 1 for child in children)


@pytest.mark.django_db
def test_appending_costs_the_same_however_long_the_log_is(family: Family, django_assert_max_num_queries) -> None:
    look(family, 31)
    with django_assert_max_num_queries(10):
        look(family)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_leave_one_straight_log(family: Family) -> None:
    look(family)
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)

    def append() -> None:
        try:
            with transaction.atomic():
                api.record_access(family.guardian, decision, [family.child], CATEGORY, "own_use", "child_page")
        finally:
            connection.close()

    def writer() -> None:
        written = 0
        while written < 5:
            try:
                append()
            except OperationalError:  # SQLite in memory does not wait for its turn; PostgreSQL does
                continue
            written += 1

    threads = [threading.Thread(target=writer) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert audit.log_head().size == 21
    assert audit.verify_log() == []
