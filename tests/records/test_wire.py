import msgspec
from hypothesis import given
from hypothesis import strategies as st

from terakoya.records.adapters.xapi.asking import asked
from terakoya.records.adapters.xapi.incoming import incoming_of_body
from terakoya.records.errors import RecordsError
from terakoya.standards.xapi import StatementRefused

from .conftest import statement

NAMES = [
    "statementId",
    "voidedStatementId",
    "agent",
    "verb",
    "activity",
    "since",
    "until",
    "limit",
    "ascending",
    "more",
]


@given(st.binary(max_size=200))
def test_any_bytes_as_a_body_are_taken_or_refused_but_never_a_fault(body: bytes) -> None:
    try:
        incoming_of_body(body, "2.0.0", "drill")
    except (RecordsError, StatementRefused) as refused:
        assert str(refused)


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=3))
def test_a_damaged_body_is_taken_or_refused_but_never_a_fault(place: int, damage: bytes) -> None:
    body = msgspec.json.encode([statement()])
    damaged = body[: place % len(body)] + damage + body[place % len(body) + len(damage) :]
    try:
        incoming_of_body(damaged, "2.0.0", "drill")
    except (RecordsError, StatementRefused) as refused:
        assert str(refused)


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=8), st.text(max_size=40), max_size=4))
def test_any_question_is_understood_or_refused_but_never_a_fault(parameters: dict[str, str]) -> None:
    try:
        asked(parameters, "drill")
    except StatementRefused as refused:
        assert refused.expected
