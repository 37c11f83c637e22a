"""The lines that reads leave in the log, and how a person finds those that were about them."""

from collections.abc import Callable
from typing import Any

import pytest

from terakoya.access.api import accesses_of
from terakoya.audit import api as audit
from terakoya.audit.models import LogEntry, LogSubject, WalkPage
from terakoya.roster.api import rows_of
from tests.access.school import School
from tests.oneroster.test_questions import walk

Make = Callable[..., Any]


def lines(sourced_id: str) -> list[str]:
    person = rows_of("Person").get(sourced_id=sourced_id).uuid
    return [line.what for line in accesses_of(person)]


def test_a_page_about_many_is_one_line_that_each_of_them_finds(caller: Make) -> None:
    one = caller()
    before = LogEntry.objects.count()
    one.get("users")
    assert LogEntry.objects.count() == before + 1
    assert not LogSubject.objects.filter(entry__gte=before).exists()
    assert lines("p0") == lines("t4") == ["list_users"]


def test_a_line_says_who_read_for_what(caller: Make, school: School) -> None:
    caller().get("users")
    (line,) = accesses_of(school.pupils[0])
    assert (line.organisation, line.name, line.role) == ("校務システム社", "名簿の取り込み", "entrusted")
    assert (line.category, line.purpose, line.count) == ("subject.identity", "entrusted_processing", 1)


def test_who_was_not_on_the_page_has_no_line(caller: Make) -> None:
    one = caller()
    served = one.ids("users", limit=5)
    for key in one.ids("orgs") and ["p0", "p1", "p2", "p3", "p4", "t1", "t2", "t3", "t4", "g1", "g2"]:
        assert lines(key) == (["list_users"] if key in served else [])


@pytest.mark.parametrize("query", [{}, {"sort": "familyName"}, {"filter": "grades='P5'"}])
def test_in_a_whole_walk_each_has_one_line(caller: Make, query: dict[str, str]) -> None:
    served = walk(caller(), "users", limit=4, **query)
    assert all(lines(key) == ["list_users"] for key in served)
    assert WalkPage.objects.exists()


def test_a_filter_leaves_out_those_whom_it_passed_over(caller: Make) -> None:
    caller().get("users", filter="grades='P5'")
    assert lines("p0") == ["list_users"]
    assert lines("t1") == []


def test_a_page_about_few_is_theirs_alone(caller: Make) -> None:
    caller().get("users", filter="familyName='姓p1'")
    assert lines("p1") == ["list_users"]
    assert not WalkPage.objects.exists()


def test_one_object_is_one_line_of_its_person(caller: Make) -> None:
    caller().get("users/p1")
    assert lines("p1") == ["one_users"]
    assert lines("p0") == []


def test_enrolments_are_found_by_those_enrolled(caller: Make) -> None:
    caller().get("enrollments")
    assert lines("p0") == ["list_enrollments"]
    assert lines("g1") == []


def test_schools_and_classes_leave_no_line(caller: Make) -> None:
    one = caller()
    before = LogEntry.objects.count()
    one.get("classes")
    one.get("orgs/一小")
    assert LogEntry.objects.count() == before


def test_how_people_are_reached_is_told_as_such(caller: Make, school: School) -> None:
    rows_of("Person").filter(sourced_id="p1").update(phone="03-0000-0000")
    caller().get("users/p1")
    (line,) = accesses_of(school.pupils[1])
    assert line.category == "subject.contact"


def test_a_refused_read_leaves_no_line(caller: Make) -> None:
    one = caller(stakeholder="outside_body")
    before = LogEntry.objects.count()
    one.get("users")
    assert LogEntry.objects.count() == before


def test_the_log_with_walks_is_whole(caller: Make) -> None:
    walk(caller(), "users", limit=4)
    assert not list(audit.verify_log())


def test_pages_of_lines_reach_the_reads_of_machines(caller: Make, school: School) -> None:
    one = caller()
    for _ in range(3):
        one.get("users")
    first = accesses_of(school.pupils[0], limit=2)
    rest = accesses_of(school.pupils[0], limit=2, before=first[-1].id)
    assert [line.id for line in first + rest] == sorted((line.id for line in first + rest), reverse=True)
    assert len({line.id for line in first + rest}) == 3


def test_who_came_later_was_on_no_earlier_page(caller: Make) -> None:
    caller().get("users")
    stranger = rows_of("Person").model(sourced_id="new").uuid
    assert accesses_of(stranger) == []


def test_what_is_forgotten_is_found_no_more(caller: Make, school: School) -> None:
    caller().get("users", filter="grades='P5'")
    audit.forget_person(school.pupils[0], {"what": "forgotten"})
    assert lines("p0") == []
    assert lines("p1") == ["list_users"]
