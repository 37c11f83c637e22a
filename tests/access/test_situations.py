"""The facts of a situation: what holds on its day, without a database."""

from dataclasses import replace
from datetime import date

import pytest

from terakoya.access.situations import Agreement, Situation, Span, facts_of, governing

DAY = date(2026, 11, 24)
NODE = "http://juku.example"
AGREED = Agreement(NODE, "tutoring", ("activity.learning_school",), "given", date(2027, 3, 31))
TUTOR = Situation(
    "cram_school",
    "activity.learning_school",
    "tutoring",
    DAY,
    relation="cram_school_teacher",
    recipient=NODE,
    consents=(AGREED,),
)
PARENT = Situation("school", "activity.learning_school", "own_use", DAY, relation="guardian", born=date(2015, 5, 5))


def test_a_tie_holds_from_its_first_day_to_the_day_before_its_end() -> None:
    tied = replace(TUTOR, tied=Span(DAY, date(2026, 11, 25)))
    parts = {day: facts_of(replace(tied, day=date(2026, 11, day))).part for day in (23, 24, 25)}
    assert parts == {23: "nobody", 24: "cram_school.cram_school_teacher", 25: "nobody"}


def test_a_parent_who_teaches_looks_at_the_own_child_as_a_guardian() -> None:
    assert facts_of(PARENT).part == "student.guardian"


def test_a_guardian_is_nobody_from_the_eighteenth_birthday() -> None:
    parts = [facts_of(replace(PARENT, day=day)).part for day in (date(2033, 5, 4), date(2033, 5, 5))]
    assert parts == ["student.guardian", "nobody"]


def test_a_relation_that_the_matrix_does_not_name_makes_nobody() -> None:
    assert facts_of(replace(TUTOR, relation="neighbour")).part == "nobody"


def test_another_node_acts_for_itself_without_a_tie() -> None:
    assert facts_of(replace(TUTOR, relation="", node=True)).part == "cram_school"


@pytest.mark.parametrize(
    "changed",
    [
        {"recipient": "http://other.example"},
        {"purpose": "own_use"},
        {"categories": ("activity.cbt",)},
        {"state": "awaiting_assent"},
        {"state": "expired"},
        {"valid_until": date(2026, 11, 23)},
    ],
)
def test_a_consent_counts_only_for_exactly_its_use_and_time(changed: dict) -> None:
    assert facts_of(TUTOR).consented
    assert not facts_of(replace(TUTOR, consents=(replace(AGREED, **changed),))).consented


def test_a_guardian_s_consent_does_not_outlive_the_childhood_but_the_learner_s_own_does() -> None:
    grown = replace(TUTOR, born=date(2008, 11, 24))
    assert not facts_of(grown).consented
    assert facts_of(replace(grown, consents=(replace(AGREED, capacity="self"),))).consented


def test_a_newer_living_consent_takes_the_place_of_a_withdrawn_one() -> None:
    ended = replace(AGREED, state="withdrawn")
    assert facts_of(replace(TUTOR, consents=(ended,))).revoked
    both = replace(TUTOR, consents=(AGREED, ended))
    assert not facts_of(both).revoked and governing(both) == AGREED


def test_an_order_protects_during_its_period() -> None:
    ordered = replace(PARENT, orders=(Span(DAY, date(2026, 12, 1)),))
    assert facts_of(ordered).protected
    assert not facts_of(replace(ordered, day=date(2026, 12, 1))).protected
