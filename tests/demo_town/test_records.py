from collections import defaultdict
from datetime import date, datetime
from itertools import islice
from typing import Any

import pytest
from django.conf import settings
from pytest_django.live_server_helper import LiveServer

from terakoya.demo_town.api import PostRefused, Town, make_town, post_statements, statements_of
from terakoya.demo_town.records import school_days
from terakoya.records.api import issue_credential, statements_about, unit_figures
from terakoya.records.models import Statement
from terakoya.standards.course_of_study import ITEMS
from terakoya.standards.xapi import check_statement
from terakoya.standards.xapi_japan import ties

CITY = "https://city.example"
DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def town() -> Town:
    return make_town(5, DAY, pupils=180)


@pytest.fixture(scope="module")
def learned(town: Town) -> list[dict[str, Any]]:
    return list(statements_of(town, CITY))


def test_every_statement_is_right_and_tied_to_units_of_the_pupil_s_subjects(learned: list[dict[str, Any]]) -> None:
    for statement in learned:
        check_statement(statement)
        tied = ties(statement)
        assert ITEMS[tied.codes[0]].subject == tied.subjects[0]


def test_the_same_town_has_learned_the_same(town: Town, learned: list[dict[str, Any]]) -> None:
    assert list(statements_of(make_town(5, DAY, pupils=180), CITY)) == learned
    assert list(statements_of(make_town(6, DAY, pupils=180), CITY)) != learned


def test_each_pupil_has_some_twenty_statements(town: Town, learned: list[dict[str, Any]]) -> None:
    counts = defaultdict(int)
    for statement in learned:
        counts[statement["actor"]["account"]["name"]] += 1
    assert counts.keys() == {str(pupil.uuid) for pupil in town.pupils}
    assert min(counts.values()) >= 15 and max(counts.values()) <= 30
    assert 20 <= len(learned) / len(town.pupils) <= 24


def test_nobody_learns_on_a_free_day(learned: list[dict[str, Any]]) -> None:
    days = {datetime.fromisoformat(statement["timestamp"]).date() for statement in learned}
    assert days <= set(school_days(DAY))
    assert not any(day.weekday() > 4 or day.month == 8 for day in days)
    assert max(days) < DAY


def test_one_grade_and_subject_has_so_few_pupils_that_it_must_be_suppressed(learned: list[dict[str, Any]]) -> None:
    pupils = defaultdict(set)
    for statement in learned:
        tied = ties(statement)
        pupils[tied.grades[0], tied.subjects[0]].add(statement["actor"]["account"]["name"])
    assert [cell for cell, known in pupils.items() if len(known) < 10] == [("P4", "P100")]


def test_scores_differ_by_pupil_and_by_unit(learned: list[dict[str, Any]]) -> None:
    by_pupil, by_unit = defaultdict(list), defaultdict(list)
    for statement in learned:
        scaled = statement["result"]["score"]["scaled"]
        by_pupil[statement["actor"]["account"]["name"]].append(scaled)
        by_unit[ties(statement).codes[0]].append(scaled)
    for group in (by_pupil, by_unit):
        means = [sum(scores) / len(scores) for scores in group.values()]
        assert max(means) - min(means) > 0.3


@pytest.mark.parametrize("day", [date(2026, 4, 10), date(2026, 5, 20), date(2027, 3, 1)])
def test_a_town_has_learned_whatever_the_season(day: date) -> None:
    small = make_town(5, day, pupils=60)
    count = sum(1 for _ in statements_of(small, CITY))
    assert 10 <= count / len(small.pupils) <= 32


@pytest.mark.django_db(transaction=True)
def test_statements_enter_by_the_record_store_s_own_door_once(town: Town, live_server: LiveServer) -> None:
    key, secret = issue_credential("drill", ["statements/write"])
    statements = list(islice(statements_of(town, settings.NODE_URL), 700))
    heard: list[int] = []
    for _ in range(2):
        assert post_statements(statements, f"{live_server}/xapi/statements", key, secret, heard.append) == 700
    assert heard == [500, 700] * 2
    assert Statement.objects.count() == 700
    pupil = next(each for each in town.pupils if statements_about(each.uuid))
    assert unit_figures([pupil.uuid], statements_about(pupil.uuid)[0].subject)[pupil.uuid]


@pytest.mark.django_db(transaction=True)
def test_a_refusal_of_the_store_is_heard(town: Town, live_server: LiveServer) -> None:
    with pytest.raises(PostRefused, match="401"):
        post_statements(islice(statements_of(town, CITY), 1), f"{live_server}/xapi/statements", "nobody", "nothing")
