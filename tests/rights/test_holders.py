"""Who holds what: for the family alone, organisation by organisation."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.urls import reverse

from terakoya.access import api as access
from terakoya.exchange.models import Deletion, Grant, Partner, Transfer
from terakoya.identity.api import Account
from terakoya.kit import clock
from terakoya.rights import entrustments
from terakoya.rights.holders import Holder, Kept, holders
from tests.access.conftest import terms_for
from tests.access.school import School
from tests.exchange.other_node import OtherNode

from .conftest import browser


@pytest.fixture
def consent(school: School, guardian: access.Actor, child: UUID, pds: OtherNode) -> access.Consent:
    terms = terms_for(child, recipient=pds.uri, recipient_name="The store")
    return access.give_consent(terms, by=guardian, capacity="guardian")


def passed_on(consent: access.Consent, received: int) -> Grant:
    partner = Partner.objects.get(uri=consent.recipient)
    kinds = {"category": consent.categories[0], "purpose": consent.purpose, "dataset_id": consent.dataset}
    whom = {"partner": partner, "subject": consent.subject, "pairwise": consent.subject, "consent": consent.uuid}
    grant = Grant.objects.create(side="provider", valid_until=consent.valid_until, **whom, **kinds)
    whole = {"state": "COMPLETED", "received": received, "expected": received}
    Transfer.objects.create(pid="urn:1", other_pid="urn:2", side="provider", partner=partner, grant=grant, **whole)
    return grant


def at(name: str, found: list[Holder]) -> list[Kept]:
    return [kept for holder in found if holder.name == name for kept in holder.kept]


def test_this_node_stands_first_with_what_its_rooms_hold(guardian: access.Actor, child: UUID) -> None:
    found = holders(guardian, child)
    assert (found[0].own, found[0].name) == (True, settings.NODE_NAME)
    assert all(kept.kept and kept.ground for kept in found[0].kept)


def test_what_is_on_its_way_is_told_as_that(guardian: access.Actor, consent: access.Consent) -> None:
    [kept] = at("The store", holders(guardian, consent.subject))
    assert (kept.state, kept.until, kept.consent) == ("on_its_way", consent.valid_until, consent.uuid)


def test_what_has_arrived_is_held_until_the_last_day(guardian: access.Actor, consent: access.Consent) -> None:
    passed_on(consent, 3)
    [kept] = at("The store", holders(guardian, consent.subject))
    assert (kept.state, kept.until) == ("held", consent.valid_until)


@pytest.mark.parametrize(("state", "shown"), [("waiting", ["deleting"]), ("kept", ["kept"]), ("confirmed", [])])
def test_after_a_stop_it_stands_until_the_receipt(
    guardian: access.Actor, consent: access.Consent, state: str, shown: list[str]
) -> None:
    grant = passed_on(consent, 3)
    access.withdraw(consent.uuid, by=guardian)
    Deletion.objects.filter(consent=consent.uuid).delete()
    Deletion.objects.create(
        consent=consent.uuid, side="provider", partner=grant.partner, state=state, asked_at=clock.now()
    )
    assert [kept.state for kept in at("The store", holders(guardian, consent.subject))] == shown


def test_what_never_left_is_nobody_s_after_a_stop(guardian: access.Actor, consent: access.Consent) -> None:
    access.withdraw(consent.uuid, by=guardian)
    assert at("The store", holders(guardian, consent.subject)) == []


def test_who_works_for_the_organisation_is_named_while_the_contract_lasts(
    guardian: access.Actor, clerk: access.Actor, child: UUID
) -> None:
    today = clock.today()
    contract = entrustments.enter("Print Inc.", "report cards", ["subject.identity"], "No. 1", today, by=clerk)
    [kept] = at("Print Inc.", holders(guardian, child))
    assert "report cards" in kept.ground
    assert kept.until is None and kept.kept
    entrustments.end(contract.uuid, today + timedelta(days=1))
    assert at("Print Inc.", holders(guardian, child))[0].until == today + timedelta(days=1)
    entrustments.enter("Later Inc.", "report cards", ["subject.identity"], "2", today + timedelta(days=9), by=clerk)
    assert at("Later Inc.", holders(guardian, child)) == []


def test_who_works_on_other_kinds_of_data_is_not_named(
    guardian: access.Actor, clerk: access.Actor, child: UUID
) -> None:
    entrustments.enter("Meals Inc.", "meals", ["activity.health"], "No. 3", clock.today(), by=clerk)
    assert at("Meals Inc.", holders(guardian, child)) == []


@pytest.mark.parametrize("who", ["guardian", "pupil"])
def test_the_family_opens_the_page(school: School, child: UUID, who: str) -> None:
    page = browser(getattr(school, who)).get(reverse("rights.holders", args=[child]))
    assert page.status_code == 200
    assert settings.NODE_NAME in page.content.decode()


@pytest.mark.parametrize("who", ["teacher", "head", "clerk", "other_teacher"])
def test_for_everybody_else_there_is_no_such_page(school: School, child: UUID, who: str) -> None:
    account: Account = getattr(school, who)
    assert browser(account).get(reverse("rights.holders", args=[child])).status_code == 404


def test_opening_it_leaves_no_line_in_the_log(school: School, child: UUID) -> None:
    before = len(access.accesses_of(child))
    browser(school.guardian).get(reverse("rights.holders", args=[child]))
    assert len(access.accesses_of(child)) == before


def test_from_whom_an_address_is_hidden_it_is_hidden_where_something_went(
    school: School, consent: access.Consent, child: UUID
) -> None:
    passed_on(consent, 3)
    page = browser(school.second_guardian).get(reverse("rights.holders", args=[child]))
    assert "The store" not in page.content.decode()
    assert at("The store", holders(access.actor_of_account(school.second_guardian), child)) == []
