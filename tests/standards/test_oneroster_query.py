import pytest
from hypothesis import given
from hypothesis import strategies as st

from terakoya.standards.oneroster_query import (
    LARGEST_LIMIT,
    OPERATORS,
    Clause,
    Filter,
    Query,
    QueryFault,
    filter_of,
    query_of,
    selected,
)

KNOWN = ("sourcedId", "status", "dateLastModified", "familyName", "user.sourcedId")
clauses = st.builds(Clause, st.sampled_from(KNOWN), st.sampled_from(OPERATORS), st.text())
filters = st.one_of(
    st.builds(lambda one: Filter((one,)), clauses),
    st.builds(lambda one, other, join: Filter((one, other), join), clauses, clauses, st.sampled_from(("AND", "OR"))),
)


def asked(**values: str | list[str]) -> Query:
    lists = {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    return query_of(lists, filters=KNOWN, fields=("sourcedId", "status", "givenName"))


@given(filters)
def test_a_filter_that_is_written_is_read_as_it_was(one: Filter) -> None:
    assert filter_of(str(one), KNOWN) == one


@given(st.text())
def test_any_text_is_a_filter_or_a_fault_with_a_sentence(text: str) -> None:
    try:
        read = filter_of(text, KNOWN)
    except QueryFault as fault:
        assert fault.code == "invalid_filter_field"
        assert "Expected: " in str(fault)
    else:
        assert filter_of(str(read), KNOWN) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "familyName",
        "familyName=Sato",
        "familyName='Sato",
        "familyName=='Sato'",
        "='Sato'",
        "familyName='Sato' status='active'",
        "familyName='Sato'AND status='active'",
        "familyName='Sato' and status='active'",
        "familyName='Sato' XOR status='active'",
        "familyName='Sato' AND",
        "familyName='a' OR familyName='b' OR familyName='c'",
        "birthDate='2015-04-02'",
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(QueryFault) as fault:
        filter_of(text, KNOWN)
    assert (fault.value.code, fault.value.parameter) == ("invalid_filter_field", "filter")


def test_spaces_around_an_operator_are_borne() -> None:
    assert filter_of("familyName = 'Sato'", KNOWN) == Filter((Clause("familyName", "=", "Sato"),))


def test_a_doubled_quote_is_one() -> None:
    assert filter_of("familyName='O''Neil'", KNOWN).clauses[0].value == "O'Neil"


def test_words_in_a_value_join_nothing() -> None:
    assert filter_of("familyName=' AND status='", KNOWN).clauses == (Clause("familyName", "=", " AND status="),)


def test_a_nested_field_is_a_path() -> None:
    assert filter_of("user.sourcedId='u1'", KNOWN).clauses[0].field == "user.sourcedId"


def test_nothing_asked_is_the_first_hundred() -> None:
    assert asked() == Query(limit=100, offset=0)


def test_a_larger_page_than_is_given_ends_at_the_largest() -> None:
    assert asked(limit="2147483647").limit == LARGEST_LIMIT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("limit", "0"),
        ("limit", "-1"),
        ("limit", "1.5"),
        ("limit", "ten"),
        ("limit", ""),
        ("limit", "２"),
        ("limit", "2147483648"),
        ("limit", "99999999999999999999"),
        ("limit", ["1", "2"]),
        ("offset", "-1"),
        ("offset", " 1"),
        ("orderBy", "up"),
        ("orderBy", "ASC"),
    ],
)
def test_a_value_that_is_none_is_refused(name: str, value: str | list[str]) -> None:
    with pytest.raises(QueryFault) as fault:
        asked(**{name: value})
    assert (fault.value.code, fault.value.parameter) == ("invaliddata", name)


def test_an_unknown_order_is_refused() -> None:
    with pytest.raises(QueryFault) as fault:
        asked(sort="shoeSize")
    assert fault.value.code == "invalid_sort_field"
    assert "'shoeSize'" in str(fault.value)


def test_descending_is_said_by_order_by() -> None:
    assert asked(sort="familyName", orderBy="desc") == Query(sort="familyName", descending=True)


@pytest.mark.parametrize("values", [["sourcedId,givenName"], ["sourcedId", "givenName", "sourcedId"]])
def test_fields_come_with_commas_or_as_several_parameters(values: list[str]) -> None:
    assert asked(fields=values).fields == ("sourcedId", "givenName")


@pytest.mark.parametrize("values", [[""], ["sourcedId,"], ["password"]])
def test_a_field_that_is_not_there_is_refused(values: list[str]) -> None:
    with pytest.raises(QueryFault) as fault:
        selected(values, ("sourcedId", "givenName"))
    assert (fault.value.code, fault.value.parameter) == ("invalid_selection_field", "fields")


def test_a_long_value_is_quoted_in_part() -> None:
    with pytest.raises(QueryFault) as fault:
        asked(sort="x" * 5000)
    assert len(str(fault.value)) < 400
