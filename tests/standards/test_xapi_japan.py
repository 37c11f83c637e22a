from typing import Any

import pytest

from terakoya.standards.xapi import StatementRefused
from terakoya.standards.xapi_japan import CODE, GRADE, SUBJECT, UNIT, Ties, ties

CODE_OF_FRACTIONS = "8230205320000000"
ALL = {CODE: [CODE_OF_FRACTIONS], SUBJECT: ["P030"], GRADE: ["P5"], UNIT: ["x"]}


def statement(context: dict[str, Any] | None = None, activity: dict[str, Any] | None = None) -> dict[str, Any]:
    definition = {"extensions": activity} if activity is not None else {}
    return {"context": {"extensions": context or {}}, "object": {"definition": definition}}


def test_ties_are_read_from_the_context() -> None:
    assert ties(statement(ALL)) == Ties((CODE_OF_FRACTIONS,), ("P030",), ("P5",), ("x",))


def test_ties_are_read_from_the_activity() -> None:
    assert ties(statement(activity=ALL)).codes == (CODE_OF_FRACTIONS,)


def test_the_context_goes_before_the_activity() -> None:
    assert ties(statement({SUBJECT: ["P030"]}, {SUBJECT: ["P010"]})).subjects == ("P030",)


def test_a_statement_may_be_tied_to_nothing() -> None:
    assert ties({"object": {}}) == Ties((), (), (), ())


@pytest.mark.parametrize("value", ["P030", None, [1], {"0": "P030"}, ["a\0b"]])
def test_ties_are_lists_of_strings(value: Any) -> None:
    with pytest.raises(StatementRefused) as refused:
        ties(statement({SUBJECT: value}))
    assert refused.value.path == f"context.extensions.{SUBJECT}"


@pytest.mark.parametrize("code", ["", "8230105", "8230105320000000X", "82301053200000 0"])
def test_codes_have_16_letters_and_digits(code: str) -> None:
    with pytest.raises(StatementRefused):
        ties(statement({CODE: [code]}))
