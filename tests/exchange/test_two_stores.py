"""Two guardians of one child, each with a store of their own at the same PDS, who may not know of each other."""

from uuid import UUID, uuid4

import pytest

from terakoya.access import api as access
from terakoya.exchange import api, grants
from terakoya.exchange.models import Grant
from terakoya.records import api as records

from .conftest import receipt_from, work
from .other_node import OtherNode
from .test_transfers import Holder

ONE, OTHER = uuid4(), uuid4()
PUPIL = uuid4()  # the city knows one pupil, so towards the PDS there is one pairwise id


@pytest.fixture
def holder(city: OtherNode) -> Holder:
    return Holder(city, [3, 2])


def connected(holder: Holder, subject: UUID) -> Grant:
    """A store that was connected with the pupil, whose records have come."""
    receipt = receipt_from(holder.city, PUPIL)
    grant = grants.keep_copy(holder.city.enrolled(), receipt, subject=subject, pairwise=PUPIL)
    holder.pid = f"urn:uuid:{grant.uuid}"
    work()
    holder.start()
    work()
    return grant


def counts() -> list[int]:
    return [records.count_about(person) for person in (ONE, OTHER)]


def test_both_stores_get_all_records_and_agree_with_the_holder(holder: Holder) -> None:
    for subject in (ONE, OTHER):
        connected(holder, subject)
    transfers = [api.transfers_of(subject)[0] for subject in (ONE, OTHER)]
    assert [(each.state, each.received) for each in transfers] == [("COMPLETED", 5)] * 2
    assert transfers[0].digest == transfers[1].digest
    assert counts() == [5, 5]


def test_neither_store_is_told_of_the_other(holder: Holder) -> None:
    for subject in (ONE, OTHER):
        connected(holder, subject)
    assert len(access.accesses_of(ONE)) == len(access.accesses_of(OTHER)) == 2
    assert len(api.grants_of(ONE)) == len(access.consents_about(ONE)) == 1


def test_one_store_s_end_leaves_the_other_as_it_is(holder: Holder) -> None:
    first, second = (connected(holder, subject) for subject in (ONE, OTHER))
    access.withdraw(first.consent, by=None)
    work()
    second.refresh_from_db()
    assert second.lives and counts() == [5, 5]


def test_connecting_again_brings_no_doubles(holder: Holder) -> None:
    first = connected(holder, ONE)
    connected(holder, OTHER)
    access.withdraw(first.consent, by=None)
    connected(holder, ONE)
    assert api.transfers_of(ONE)[0].state == "COMPLETED"
    assert counts() == [5, 5]
