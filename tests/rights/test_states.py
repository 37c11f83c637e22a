"""The machine of a request: only what follows, each thing once, and the term counted from the day of receipt."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from terakoya.rights import states

KINDS = ("received", "checking", "extended", "overdue", "withdrawn", "done", *states.DECISIONS)
RECEIVED = datetime(2026, 4, 1, 1, 0, tzinfo=UTC)


def walked(tries: list[str]) -> list[str]:
    """The events that came of trying these in their order."""
    kinds: list[str] = []
    for kind in tries:
        if states.may_follow(kinds, kind):
            kinds.append(kind)
    return kinds


@given(st.lists(st.sampled_from(KINDS), max_size=25))
def test_no_walk_has_an_event_twice_or_two_decisions(tries: list[str]) -> None:
    kinds = walked(tries)
    assert len(set(kinds)) == len(kinds)
    assert sum(kind in states.DECISIONS for kind in kinds) <= 1


@given(st.lists(st.sampled_from(KINDS), max_size=25))
def test_what_was_taken_back_or_refused_ends_there(tries: list[str]) -> None:
    kinds = walked(tries)
    for end in ("withdrawn", "refused", "done"):
        assert end not in kinds or kinds[-1] == end


@given(st.lists(st.sampled_from(KINDS), max_size=25))
def test_nothing_is_decided_before_it_was_checked_and_nothing_done_before_a_yes(tries: list[str]) -> None:
    kinds = walked(tries)
    if any(kind in states.DECISIONS for kind in kinds):
        assert "checking" in kinds
    if "done" in kinds:
        assert {"granted", "partly"} & set(kinds)


@given(st.lists(st.sampled_from(KINDS), max_size=25))
def test_marks_leave_the_state_as_it_is(tries: list[str]) -> None:
    kinds = walked(tries)
    assert states.state_after(kinds) == states.state_after(k for k in kinds if k not in states.MARKS)


def test_the_day_of_receipt_does_not_count() -> None:
    assert states.term(RECEIVED, 30, False, date(2026, 4, 1)) == states.Term(date(2026, 5, 1), 30)


def test_a_receipt_late_in_the_evening_counts_as_of_the_day_in_japan() -> None:
    evening = datetime(2026, 4, 1, 15, 30, tzinfo=UTC)  # the second of April in Japan
    assert states.term(evening, 30, False, date(2026, 4, 2)).due == date(2026, 5, 2)


def test_an_extension_adds_the_same_number_of_days_once() -> None:
    assert states.term(RECEIVED, 30, True, date(2026, 5, 2)) == states.Term(date(2026, 5, 31), 29)


def test_the_day_after_the_last_is_late() -> None:
    assert states.term(RECEIVED, 30, False, date(2026, 5, 2)).left == -1
