"""What a store hears from the city once a court has ordered that a guardian may not learn where the child is."""

from uuid import UUID

import pytest

from terakoya.access import api as access
from terakoya.exchange import accesses
from terakoya.exchange.errors import Problem
from terakoya.exchange.models import Grant
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.roster.models import AddressProtection, Guardianship, Person

from .conftest import DATASET, terms
from .other_node import OtherNode

TODAY = clock.today()


def person(name: str) -> Person:
    return Person.objects.create(sourced_id=name, display_given=name)


@pytest.fixture
def child(db: None) -> Person:
    made = person("Child")
    for name in ("First", "Second"):
        Guardianship.objects.create(guardian=person(name), child=made, begins=TODAY)
    return made


def agreed(child: Person, name: str, store: OtherNode) -> Grant:
    """What a guardian agreed to at the city for a store."""
    by = access.Actor("student", "guardian", name, "", person=Person.objects.get(sourced_id=name).uuid)
    consent = access.give_consent(terms(child.uuid, store), by=by, capacity="guardian")
    return Grant.objects.create(
        side="holder",
        partner=store.enrolled(),
        consent=consent.uuid,
        subject=child.uuid,
        pairwise=identity.pairwise_id(child.uuid, store.uri),
        dataset_id=DATASET,
        category="activity.learning_school",
        purpose="own_use",
        valid_until=consent.valid_until,
    )


def ordered(child: Person, name: str) -> AddressProtection:
    under = Person.objects.get(sourced_id=name)
    return AddressProtection.objects.create(person=child, hidden_from=under, begins=TODAY)


def told(store: OtherNode, pairwise: UUID) -> bool:
    """Whether the store gets the lines of the log."""
    try:
        accesses.lines_for(store.enrolled(), pairwise)
    except Problem as fault:
        assert fault.status == 404
        return False
    return True


def test_an_order_closes_the_log_to_the_store_of_the_guardian_under_it(child: Person, pds: OtherNode) -> None:
    grant = agreed(child, "Second", pds)
    assert told(pds, grant.pairwise)
    order = ordered(child, "Second")
    assert not told(pds, grant.pairwise)
    order.delete()
    assert told(pds, grant.pairwise)


def test_it_stays_open_to_a_store_that_the_other_guardian_alone_agreed_to(child: Person, pds: OtherNode) -> None:
    grant = agreed(child, "First", pds)
    ordered(child, "Second")
    assert told(pds, grant.pairwise)


def test_a_no_of_the_guardian_under_the_order_closes_nothing_to_the_other_s_store(
    child: Person, pds: OtherNode
) -> None:
    grant = agreed(child, "First", pds)
    ordered(child, "Second")
    by = access.Actor("student", "guardian", "", "", person=Person.objects.get(sourced_id="Second").uuid)
    access.refuse_consent(terms(child.uuid, pds), by=by, capacity="guardian")
    assert told(pds, grant.pairwise)
