import json
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from terakoya.access import api
from terakoya.access.errors import NotPermitted
from terakoya.audit import api as audit
from terakoya.audit.errors import NoTransaction
from terakoya.audit.models import LogEntry

from .conftest import Family

CATEGORY = "activity.learning_school"


def look(family: Family, times: int = 1, **more: object) -> audit.Leaf:
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    with transaction.atomic():
        for _time in range(times):
            entry = api.record_access(
                family.guardian, decision, [family.child], CATEGORY, "own_use", "child_page", **more
            )
    return entry


@pytest.mark.django_db(transaction=True)
def test_an_access_outside_a_transaction_is_refused(family: Family) -> None:
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    with pytest.raises(NoTransaction):
        api.record_access(family.guardian, decision, [family.child], CATEGORY, "own_use", "child_page")


@pytest.mark.django_db
def test_a_refused_use_cannot_be_recorded_as_an_access(family: Family) -> None:
    refusal = api.may(family.stranger, CATEGORY, "own_use", family.child)
    with pytest.raises(NotPermitted):
        api.record_access(family.stranger, refusal, [family.child], CATEGORY, "own_use", "child_page")


@pytest.mark.django_db
def test_a_person_sees_their_own_part_only(family: Family) -> None:
    look(family, 2, count=7, reference="t-1")
    lines = api.accesses_of(family.child)
    assert [(line.what, line.role, line.count, line.reference) for line in lines] == [
        ("child_page", "guardian", 7, "t-1")
    ] * 2
    assert api.accesses_of(uuid4()) == []


@pytest.mark.django_db
def test_a_long_log_is_read_in_pages(family: Family) -> None:
    look(family, 5)
    first = api.accesses_of(family.child, limit=2)
    second = api.accesses_of(family.child, before=first[-1].id, limit=2)
    assert [line.id for line in first + second] == [4, 3, 2, 1]


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
def test_an_access_in_somebody_s_case_is_shown_to_that_person_only(family: Family) -> None:
    sibling = uuid4()
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    api.record_access(
        family.guardian,
        decision,
        [family.child, sibling],
        CATEGORY,
        "own_use",
        "child_page",
        in_case_of=family.child,
    )
    assert len(api.accesses_of(family.child)) == 1
    assert api.accesses_of(sibling) == []


@pytest.mark.django_db
def test_a_sealed_access_is_shown_once_its_case_is_opened(family: Family) -> None:
    case = uuid4()
    look(family)
    look(family, sealed=case)
    assert [line.id for line in api.accesses_of(family.child)] == [0]
    api.open_case(case, family.stranger, "decision-7")
    lines = api.accesses_of(family.child)
    assert [(line.id, line.what, line.reference) for line in lines] == [
        (2, "case_opened", "decision-7"),
        (1, "child_page", ""),
        (0, "child_page", ""),
    ]


@pytest.mark.django_db
def test_an_event_of_an_account_stands_in_the_person_s_own_log(family: Family) -> None:
    api.record_event(family.themselves, "signed_in", [family.child], "session-1")
    [line] = api.accesses_of(family.child)
    assert (line.what, line.role, line.category, line.purpose) == (
        "signed_in",
        "self",
        "operation.account",
        "operation",
    )
    assert (line.clause, line.reference) == ("appi-66", "session-1")


@pytest.mark.django_db
def test_whoever_is_forgotten_has_no_lines_and_leaves_those_of_others(family: Family) -> None:
    other = uuid4()
    decision = api.may(family.guardian, CATEGORY, "own_use", family.child)
    api.record_access(family.guardian, decision, [family.child, other], CATEGORY, "own_use", "class_overview")
    api.forget_in_log(family.child, family.stranger, "request-3")
    assert api.accesses_of(family.child) == []
    assert len(api.accesses_of(other)) == 1
    assert audit.entry_at(1).facts["what"] == "forgotten"
    assert audit.verify_log() == []
