"""Consents that wait for somebody's word: nothing goes before it, and it goes by itself after it."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction

from terakoya.access import api as access
from terakoya.exchange import accesses, api, releases, withdrawals
from terakoya.exchange.models import Deletion, Grant, Transfer
from terakoya.kit import clock
from terakoya.standards import ages

from .conftest import granted, learner_with, receipt_from, received_grant, work
from .other_node import OtherNode
from .test_transfers import Holder, started, transfer_request
from .test_withdrawals import PUPIL, family_store, juku  # noqa: F401  (fixtures)

CHILD = access.Actor("student", "student", "", "")


def waiting(grant: Grant) -> None:
    """Let the consent of a grant be one that waits for the child."""
    access.register_births(lambda people: {grant.subject: access.Birth(ages.birthday(clock.today(), -13))})
    access.Consent.objects.filter(uuid=grant.consent).update(capacity="guardian", band="guardian_assent")


def happens(grant: Grant, kind: str) -> None:
    from terakoya.access.events import happen

    with transaction.atomic():
        happen(access.consent(grant.consent), kind, None)


def test_a_transfer_begins_by_itself_when_the_child_says_yes(pds: OtherNode) -> None:
    grant = granted(learner_with(3), pds)
    waiting(grant)
    assert pds.post("/dsp/transfers/request", transfer_request(pds, grant)).status_code == 201
    work()
    assert Transfer.objects.get().state == "REQUESTED" and not pds.messages_of("TransferStartMessage")
    happens(grant, "assented")
    work()
    assert Transfer.objects.get().state == "STARTED" and pds.messages_of("TransferStartMessage")


def test_the_child_s_no_ends_the_grant_and_tells_the_recipient(pds: OtherNode) -> None:
    grant = granted(learner_with(3), pds)
    waiting(grant)
    happens(grant, "declined")
    work()
    grant.refresh_from_db()
    assert (grant.end_reason, grant.lives) == ("declined", False)
    assert pds.last(f"/exchange/consents/{grant.consent}/withdrawal").json == {"reason": "declined"}


def test_while_guardians_disagree_no_page_is_given_and_the_recipient_keeps_what_it_has(pds: OtherNode) -> None:
    grant, pages = started(pds, 3)
    happens(grant, "disputed")
    refused = pds.get(pages)
    assert (refused.status_code, refused.json()["type"]) == (404, "consent-paused")
    happens(grant, "settled")
    assert pds.get(pages).status_code == 200


def test_a_transfer_that_rests_goes_on_by_itself_within_a_minute_of_the_end_of_the_disagreement(
    city: OtherNode, other: Any
) -> None:
    """This node is the holder towards a cram school, and the recipient of a city that answers as this holder does."""
    cram_school, child = other("juku"), uuid4()
    source, holder = granted(learner_with(1), cram_school, "tutoring"), Holder(city, [2, 1])
    cram_school.post("/dsp/transfers/request", transfer_request(cram_school, source))
    received_grant(city, child)
    work()
    pages = cram_school.last("/start").json["dataAddress"]["endpoint"].removeprefix("http://127.0.0.1:8100")
    happens(source, "disputed")
    rests = cram_school.get(pages)
    city.answer("/pages", (rests.status_code, rests.json()))
    holder.start()
    work()
    assert [one.state for one in api.transfers_of(child)] == ["STARTED"]
    happens(source, "settled")
    assert cram_school.get(pages).status_code == 200
    city.routes.pop(0)
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        work()
    assert [(one.state, one.received) for one in api.transfers_of(child)] == [("COMPLETED", 3)]


def test_a_transfer_that_rests_is_over_when_the_consent_ends(city: OtherNode) -> None:
    holder, grant = Holder(city, [2]), received_grant(city, uuid4())
    work()
    city.answer("/pages", (404, {"type": "consent-paused", "detail": "The consent is paused."}))
    holder.start()
    work()
    city.post(f"/exchange/consents/{grant.consent}/withdrawal", {"reason": "withdrawn"})
    work()
    assert [one.state for one in api.transfers_of(grant.subject)] == ["TERMINATED"]


def test_a_consent_that_takes_another_s_place_leaves_no_gap(pds: OtherNode) -> None:
    grant = granted(learner_with(3), pds)
    heir = access.consent(granted(grant.subject, pds).consent)
    Grant.objects.filter(consent=heir.uuid).delete()
    access.Consent.objects.filter(pk=heir.pk).update(supersedes=grant.consent)
    happens(grant, "superseded")
    work()
    new = Grant.objects.get(consent=heir.uuid)
    offer = pds.last("/exchange/grants").json
    assert new.lives and new.pairwise == grant.pairwise
    assert (offer["code"], UUID(offer["subject"])) == ("", grant.pairwise)
    assert not Deletion.objects.exists()


def test_the_recipient_takes_the_new_consent_and_deletes_nothing(city: OtherNode) -> None:
    earlier = received_grant(city, uuid4())
    receipt = receipt_from(city, earlier.pairwise, supersedes=earlier.consent)
    offer = {"code": "", "subject": str(earlier.pairwise), "receipt": receipt}
    assert city.post("/exchange/grants", offer).status_code == 201
    earlier.refresh_from_db()
    assert (earlier.end_reason, access.state_of(access.consent(earlier.consent))) == ("superseded", "superseded")
    new = Grant.objects.get(consent=receipt["dpv:hasRecordOfActivity"]["dct:identifier"])
    assert (new.subject, new.lives, Deletion.objects.count()) == (earlier.subject, True, 0)


def test_a_consent_cannot_take_the_place_of_somebody_else_s(city: OtherNode, other: Any) -> None:
    earlier = received_grant(city, uuid4())
    stranger = other("city")
    stranger.enrolled()
    receipt = receipt_from(stranger, earlier.pairwise, supersedes=earlier.consent)
    offer = {"code": "", "subject": str(earlier.pairwise), "receipt": receipt}
    assert stranger.post("/exchange/grants", offer).status_code == 404
    earlier.refresh_from_db()
    assert earlier.lives


def test_one_store_is_not_told_by_the_cram_school_what_came_from_the_other(
    family_store: OtherNode,  # noqa: F811
) -> None:
    one, other = (received_grant(family_store, PUPIL, "tutoring") for _store in range(2))
    for grant in (one, other):
        partner = family_store.enrolled()
        actor = access.partner_actor("http://juku.example", "juku", "juku")
        decision = access.may(access.node_actor(), "rights.consent", "rights", PUPIL)
        with transaction.atomic():
            access.record_access(
                actor, decision, [PUPIL], "rights.consent", "rights", "received_page", reference=str(grant.consent)
            )
    for grant, hidden in ((one, other), (other, one)):
        told = {line["reference"] for line in accesses.lines_for(partner, grant.pairwise)}
        assert str(grant.consent) in told and str(hidden.consent) not in told


@pytest.mark.parametrize("minutes", [9, 11])
def test_a_deletion_receipt_of_the_future_is_refused(pds: OtherNode, minutes: int) -> None:
    assert timedelta(minutes=10) == withdrawals.SKEW
    grant = granted(learner_with(1), pds)
    body = {
        "outcome": "deleted",
        "count": 1,
        "digest": "",
        "at": (clock.now() + timedelta(minutes=minutes)).isoformat(),
        "index": 0,
        "size": 1,
        "leaf": "00" * 32,
        "root": "11" * 32,
        "proof": [],
    }
    answer = pds.post(f"/exchange/consents/{grant.consent}/deletion", body)
    assert (answer.status_code, answer.json()["type"]) == (400, "wrong-time" if minutes > 10 else "wrong-proof")
    assert releases.waits(grant) is False
