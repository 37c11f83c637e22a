from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from terakoya.access import api
from terakoya.access.api import Terms
from terakoya.access.errors import ConsentRefused
from terakoya.kit import clock

from .conftest import Family

pytestmark = pytest.mark.django_db


def token(terms: Terms, family: Family) -> str:
    return api.sealed(api.notice_of(terms), terms, family.guardian)


def test_what_is_recorded_is_exactly_what_was_shown(terms: Terms, family: Family) -> None:
    shown = api.notice_of(terms)
    assert api.unsealed(token(terms, family), terms, family.guardian) == shown


def test_fewer_subjects_than_shown_may_be_agreed_to(terms: Terms, family: Family) -> None:
    wish = replace(terms, scope={**terms.scope, "subjects": ["P010", "P030"]})
    assert api.unsealed(token(wish, family), terms, family.guardian).text == api.notice_of(wish).text


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": uuid4()},
        {"recipient": "http://other.example"},
        {"purpose": "own_use"},
        {"valid_until": clock.today() + timedelta(days=91)},
        {"scope": {"subjects": ["P030", "P010"]}},
        {"scope": {}},
    ],
)
def test_anything_else_than_what_was_shown_is_refused(terms: Terms, family: Family, changes: dict) -> None:
    shown = token(terms, family)
    with pytest.raises(ConsentRefused) as refused:
        api.unsealed(shown, replace(terms, **changes), family.guardian)
    assert refused.value.reason == "notice"


def test_a_forged_token_and_another_reader_s_are_refused(terms: Terms, family: Family) -> None:
    shown = token(terms, family)
    for forged, reader in (("", family.guardian), (shown[:-2] + "xx", family.guardian), (shown, family.stranger)):
        with pytest.raises(ConsentRefused):
            api.unsealed(forged, terms, reader)


def test_a_page_that_lay_open_for_more_than_an_hour_is_read_again(terms: Terms, family: Family) -> None:
    shown = token(terms, family)
    later = time_machine.travel(clock.now() + timedelta(minutes=61))
    with later, pytest.raises(ConsentRefused) as refused:
        api.unsealed(shown, terms, family.guardian)
    assert refused.value.reason == "notice"


@pytest.mark.parametrize("minutes", [9, 11])
def test_a_receipt_from_the_future_is_not_kept(terms: Terms, family: Family, minutes: int) -> None:
    consent = api.give_consent(terms, by=family.guardian, capacity="guardian")
    receipt = api.receipt(consent)
    record = receipt["dpv:hasRecordOfActivity"]
    record |= {"dct:identifier": str(uuid4()), "dct:created": (clock.now() + timedelta(minutes=minutes)).isoformat()}
    if minutes < 10:
        assert api.record_copy(receipt, subject=uuid4(), source_uri="http://city.example")
        return
    with pytest.raises(ValueError, match="future"):
        api.record_copy(receipt, subject=uuid4(), source_uri="http://city.example")


def test_a_receipt_beyond_the_ceilings_is_not_kept(terms: Terms, family: Family) -> None:
    receipt = api.receipt(api.give_consent(terms, by=family.guardian, capacity="guardian"))
    record = receipt["dpv:hasRecordOfActivity"]
    record["dct:identifier"] = str(uuid4())
    record["dpv:hasProcess"]["dpv:hasDuration"]["dct:valid"] = "2040-01-01"
    with pytest.raises(ValueError, match="ceilings"):
        api.record_copy(receipt, subject=uuid4(), source_uri="http://city.example")
