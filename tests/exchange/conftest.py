"""Two nodes: the one under test, and another with a key and an HTTP server of its own."""

from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from terakoya.access import api as access
from terakoya.exchange import grants, negotiations, policy
from terakoya.exchange.models import Agreement, Grant, Negotiation
from terakoya.identity import api as identity
from terakoya.kit import clock, jobs
from terakoya.records.actions import store
from terakoya.records.adapters.xapi.incoming import incoming_statement
from tests.records.conftest import statement

from .other_node import OtherNode

DATASET = "learning-records"


@pytest.fixture
def other(db: None) -> Iterator[Callable[..., OtherNode]]:
    """Makes another node of a kind, enrolled at the node under test."""
    made: list[OtherNode] = []

    def make(kind: str) -> OtherNode:
        node = OtherNode(kind, f"The {kind}")
        made.append(node)
        node.enrolled()
        return node

    yield make
    for node in made:
        node.close()


@pytest.fixture
def pds(other: Callable[..., OtherNode]) -> OtherNode:
    """A PDS that asks the node under test (a city)."""
    return other("pds")


@pytest.fixture
def city(other: Callable[..., OtherNode], node_kind: Callable[[str], Any]) -> OtherNode:
    """A city that the node under test (a PDS) asks."""
    node_kind("pds")
    return other("city")


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policy, "PAGE_SIZE", 3)


def work() -> None:
    """Run jobs until nothing that is due is left."""
    for _ in range(50):
        if not jobs.run_waiting():
            return
    raise AssertionError("the jobs do not come to an end")


@pytest.fixture(autouse=True)
def grown_up() -> Iterator[None]:
    """The learners of these tests are of age, and decide alone, but for the children of a roster."""
    from terakoya.access import ages
    from terakoya.roster import api as roster

    before = list(ages._finders)

    def of_age(people: Collection[UUID]) -> dict[UUID, access.Birth]:
        return dict.fromkeys(set(people) - set(roster.people(people)), access.Birth(date(1990, 1, 1)))

    access.register_births(of_age)
    yield
    ages._finders[:] = before


def learner_with(count: int) -> UUID:
    """A person of this node with so many learning records."""
    person = uuid4()
    learned(person, count)
    return person


def learned(person: UUID, count: int) -> None:
    """So many learning records of a person of this node."""
    items = [statement(person) for _ in range(count)]
    store([incoming_statement(item, msgspec.json.encode(item), "2.0.0", "drill") for item in items])


def terms(subject: UUID, recipient: OtherNode, purpose: str = "own_use", **more: Any) -> access.Terms:
    return access.Terms(
        subject=subject,
        recipient=recipient.uri,
        recipient_name=recipient.name,
        holder=identity.node_uri(),
        holder_name="here",
        categories=("activity.learning_school",),
        purpose=purpose,
        valid_until=clock.today() + timedelta(days=30),
        dataset=DATASET,
        **more,
    )


def oneself(subject: UUID) -> access.Actor:
    return access.Actor("student", "student", "", "", person=subject)


def granted(subject: UUID, recipient: OtherNode, purpose: str = "own_use") -> Grant:
    """A grant of this node to another, with its consent."""
    consent = access.give_consent(terms(subject, recipient, purpose), by=oneself(subject), capacity="self")
    return Grant.objects.create(
        side="holder",
        partner=recipient.enrolled(),
        consent=consent.uuid,
        subject=subject,
        pairwise=identity.pairwise_id(subject, recipient.uri),
        dataset_id=DATASET,
        category="activity.learning_school",
        purpose=purpose,
        valid_until=consent.valid_until,
    )


def agreed(partner: OtherNode, side: str, purpose: str = "own_use") -> Agreement:
    """An agreement in force between the node under test and another."""
    negotiation = Negotiation.objects.create(
        pid=negotiations.new_pid(),
        other_pid=negotiations.new_pid(),
        side=side,
        partner=partner.enrolled(),
        dataset_id=DATASET,
        purpose=purpose,
        state="FINALIZED",
    )
    return Agreement.objects.create(
        agreement_id=negotiations.new_pid(),
        negotiation=negotiation,
        side=side,
        partner=partner.enrolled(),
        dataset_id=DATASET,
        purpose=purpose,
        policy=policy.permission(purpose),
        agreed_at=clock.now(),
        in_force=True,
    )


def receipt_from(holder: OtherNode, pairwise: UUID, purpose: str = "own_use", **changes: Any) -> dict[str, Any]:
    """The receipt of a consent that another node recorded, for this node."""
    consent = access.Consent(
        uuid=uuid4(),
        subject=pairwise,
        recipient=identity.node_uri(),
        recipient_name="here",
        holder=holder.uri,
        holder_name=holder.name,
        categories=["activity.learning_school"],
        purpose=purpose,
        scope={},
        dataset=DATASET,
        valid_until=clock.today() + timedelta(days=30),
        capacity="guardian",
        notice_version="1",
        notice_language="ja",
        notice_digest="0" * 64,
        created_at=clock.now(),
        **changes,
    )
    consent.save()
    receipt = access.receipt(consent, subject=pairwise)
    access.Consent.objects.filter(pk=consent.pk).delete()  # it is the other node's, not this one's
    return receipt


def received_grant(holder: OtherNode, subject: UUID, purpose: str = "own_use") -> Grant:
    """A grant that this node was given by another; its transfer is under way."""
    return grants.keep_copy(
        holder.enrolled(), receipt_from(holder, uuid4(), purpose), subject=subject, pairwise=uuid4()
    )
