from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from terakoya.records import api
from terakoya.records.models import Statement
from terakoya.standards.xapi_japan import EXTENSIONS

from .conftest import FRACTIONS, PERSON, Lrs, statement

OTHER = UUID("3b1f8a5e-0f7b-4c55-8f0e-0c9b6b1a7d42")
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def in_subject(subject: str, **changes: Any) -> dict[str, Any]:
    sent = statement(**changes)
    sent["context"]["extensions"][f"{EXTENSIONS}subject"] = [subject]
    return sent


def test_a_record_is_shown_with_what_was_learned(lrs: Lrs) -> None:
    lrs.post(statement(scaled=0.8))
    [line] = api.statements_about(PERSON)
    assert (line.title, line.subject, line.unit, line.percent, line.success) == (
        "分数の問題",
        "P030",
        FRACTIONS,
        80,
        True,
    )
    assert (line.source, line.holder) == ("drill", "")


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "算数"), ("en", "mathematics"), ("ja-easy", "｜算数《さんすう》")]
)
def test_a_record_names_its_subject_in_the_language_of_the_reader(lrs: Lrs, language: str, name: str) -> None:
    lrs.post(statement())
    with translation.override(language):
        assert api.statements_about(PERSON)[0].subject_name == name


def test_nobody_sees_the_records_of_another(lrs: Lrs) -> None:
    lrs.post([statement(), statement(person=OTHER)])
    assert len(api.statements_about(PERSON)) == 1
    assert api.statements_about(uuid4()) == []


def test_the_latest_records_come_first(lrs: Lrs) -> None:
    days = ["2026-05-03", "2026-05-09", "2026-05-06"]
    lrs.post([statement(timestamp=f"{day}T10:00:00+09:00") for day in days])
    assert [line.at.day for line in api.statements_about(PERSON, limit=2)] == [9, 6]


def test_days_are_days_in_japan_and_both_are_within(lrs: Lrs) -> None:
    times = ["2026-04-30T14:59:59Z", "2026-04-30T15:00:00Z", "2026-05-31T14:59:59Z", "2026-05-31T15:00:00Z"]
    lrs.post([statement(timestamp=time) for time in times])
    found = api.statements_about(PERSON, since=date(2026, 5, 1), until=date(2026, 5, 31))
    assert [line.at.isoformat()[:19] + "Z" for line in found] == [times[2], times[1]]
    assert api.count_about(PERSON, since=date(2026, 5, 1), until=date(2026, 5, 31)) == 2


def test_records_can_be_limited_to_subjects(lrs: Lrs) -> None:
    lrs.post([in_subject("P030"), in_subject("P010")])
    assert [line.subject for line in api.statements_about(PERSON, subjects=["P010"])] == ["P010"]
    assert api.statements_about(PERSON, subjects=[]) == []
    assert api.subjects_of(PERSON) == ["P010", "P030"]


def test_a_record_without_a_code_is_in_no_subject(lrs: Lrs) -> None:
    lrs.post(statement(context={}))
    assert api.subjects_of(PERSON) == []
    assert len(api.statements_about(PERSON)) == 1


def test_a_voided_record_is_in_no_answer(lrs: Lrs) -> None:
    sent = statement()
    reference = {"objectType": "StatementRef", "id": sent["id"]}
    lrs.post([sent, statement(verb=VOIDED, object=reference, context={}, person=OTHER)])
    assert api.statements_about(PERSON) == []
    assert api.summary_of(PERSON).count == 0
    assert api.unit_figures([PERSON], "P030") == {}
    assert list(api.pseudonymous_rows()) == []


def test_figures_are_means_in_percent_per_pupil_and_unit(lrs: Lrs) -> None:
    lrs.post([statement(scaled=0.5), statement(scaled=1.0), statement(person=OTHER, scaled=0.1)])
    figures = api.unit_figures([PERSON, OTHER], "P030")
    assert figures == {PERSON: {FRACTIONS: api.Figure(75, 2)}, OTHER: {FRACTIONS: api.Figure(10, 1)}}


def test_figures_of_others_are_not_given(lrs: Lrs) -> None:
    lrs.post([statement(), statement(person=OTHER)])
    assert set(api.unit_figures([PERSON], "P030")) == {PERSON}


def test_figures_of_a_class_are_one_query_after_one_for_other_entries_of_its_pupils(
    lrs: Lrs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    people = [uuid4() for _ in range(40)]
    lrs.post([statement(person=person) for person in people])
    with django_assert_num_queries(2):
        assert len(api.unit_figures(people, "P030")) == 40


def test_figures_are_read_from_an_index_alone(lrs: Lrs) -> None:
    lrs.post([statement(person=uuid4()) for _ in range(50)])
    found = Statement.objects.filter(voided=False, subject="P030", person__in=[PERSON], scaled__isnull=False)
    plan = found.exclude(unit="").values("person", "unit", "scaled").order_by().explain()
    # with so few rows PostgreSQL rightly reads the whole table; what it may use is the same index
    assert "USING COVERING INDEX statement_figures" in plan or connection.vendor == "postgresql"


def test_a_summary_counts_by_subject_and_holder(lrs: Lrs) -> None:
    lrs.post([in_subject("P030", scaled=0.4), in_subject("P030", scaled=0.6), in_subject("P010", result={})])
    summary = api.summary_of(PERSON)
    assert (summary.count, summary.holders) == (3, {"": 3})
    assert summary.subjects == [api.SubjectSummary("P010", 1, None), api.SubjectSummary("P030", 2, 50)]
    assert summary.first_at == summary.last_at is not None


def test_rows_for_statistics_have_no_person_and_new_names_each_time(lrs: Lrs) -> None:
    lrs.post([statement(scaled=0.5), statement(scaled=0.7), statement(person=OTHER)])
    first, second = list(api.pseudonymous_rows()), list(api.pseudonymous_rows())
    assert sorted((row.grade, row.subject, row.count) for row in first) == [("P5", "P030", 1), ("P5", "P030", 2)]
    assert not {row.pupil for row in first} & {row.pupil for row in second}
    assert str(PERSON)[:8] not in str(first)


def test_negative_scores_are_shown_as_nothing_reached(lrs: Lrs) -> None:
    lrs.post(statement(result={"score": {"scaled": -0.5}}))
    assert api.statements_about(PERSON)[0].percent == 0


@pytest.mark.parametrize(
    ("language", "name"), [("ja", "答えました"), ("ja-easy", "｜答《こた》えました"), ("en", "answered")]
)
def test_what_was_done_is_said_in_the_language_of_the_reader(lrs: Lrs, language: str, name: str) -> None:
    lrs.post(statement())
    with translation.override(language):
        assert api.statements_about(PERSON)[0].verb_name == name


def test_an_unknown_verb_stands_for_itself(lrs: Lrs) -> None:
    lrs.post(statement(verb={"id": "https://w3id.org/xapi/dod-isd/verbs/reflected"}))
    assert api.statements_about(PERSON)[0].verb_name == "reflected"
