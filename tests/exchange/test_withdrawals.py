"""Invitations, and what happens when a consent ends: at the holder, at the recipient, in any order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import transaction

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.exchange import api, datasets, errors, withdrawals
from terakoya.exchange.models import Deletion, Grant
from terakoya.kit import clock, jobs
from terakoya.records import api as records

from .conftest import DATASET, agreed, granted, learner_with, oneself, receipt_from, received_grant, terms, work
from .other_node import OtherNode
from .test_transfers import Holder

PUPIL = UUID("3e0f4b46-6d53-4c8e-9f3e-8f0c8c6a51aa")


class Room:
    """The room of a cram school that gives out invitations: one code, used once."""

    @property
    def used_by(self) -> UUID | None:
        return Grant.objects.filter(side="recipient", subject=PUPIL).values_list("consent", flat=True).first()

    def look_up(self, code: str) -> api.Invitation:
        if code != "ABCD-EFGH":
            raise errors.InvitationUnknown(code)
        if self.used_by:
            raise errors.InvitationUsed(code)
        until = clock.today() + timedelta(days=60)
        return api.Invitation(
            code, "Cram", DATASET, "tutoring", {"subjects": ["P030"]}, until, clock.now() + timedelta(days=1)
        )

    def accept(self, code: str, consent: UUID, pairwise: UUID) -> UUID:
        if self.used_by != consent:
            self.look_up(code)
        return PUPIL


@pytest.fixture
def family_store(other: Callable[..., OtherNode], node_kind: Any, monkeypatch: pytest.MonkeyPatch) -> OtherNode:
    """A PDS that brings consents to the node under test (a cram school)."""
    node_kind("juku")
    monkeypatch.setattr(datasets, "_invitations", [Room()])
    return other("pds")


@pytest.fixture
def juku(other: Callable[..., OtherNode], node_kind: Any) -> OtherNode:
    """A cram school that the node under test (a PDS) brings consents to."""
    node_kind("pds")
    return other("juku")


def offered(node: OtherNode, code: str = "ABCD-EFGH", **changes: Any) -> dict[str, Any]:
    pairwise = uuid4()
    receipt = receipt_from(node, pairwise, "tutoring")
    return {"code": code, "subject": str(pairwise), "receipt": receipt, **changes}


def consent_of(offer: dict[str, Any]) -> str:
    return offer["receipt"]["dpv:hasRecordOfActivity"]["dct:identifier"]


def shared(juku: OtherNode, child: UUID) -> access.Consent:
    with transaction.atomic():
        consent = access.give_consent(terms(child, juku, "tutoring"), by=oneself(child), capacity="self")
        api.offer_grant(consent, code="ABCD-EFGH")
    return consent


def receipt(**changes: Any) -> dict[str, Any]:
    """A deletion receipt with the proof of the only entry of a log."""
    leaf = "ab" * 32
    proof = {"index": 0, "size": 1, "leaf": leaf, "root": leaf, "proof": []}
    return {"outcome": "deleted", "count": 4, "digest": "cd" * 32, "at": "2026-11-01T00:00:00Z", **proof, **changes}


# --- invitations ---


def test_a_family_reads_what_the_cram_school_wishes(family_store: OtherNode) -> None:
    found = family_store.get("/exchange/invitations/ABCD-EFGH").json()
    assert (found["organisation"], found["scope"]) == ("Cram", {"subjects": ["P030"]})


def test_asking_for_an_invitation_tells_unknown_used_and_expired_apart(juku: OtherNode) -> None:
    for status, type, fault in (
        (404, "invitation-unknown", errors.InvitationUnknown),
        (410, "invitation-used", errors.InvitationUsed),
        (410, "invitation-expired", errors.InvitationExpired),
    ):
        juku.answer("/invitations/", (status, {"type": type, "detail": ""}))
        with pytest.raises(fault):
            api.ask_invitation(juku.uri, "ABCD-EFGH")


def test_an_asked_invitation_arrives_typed(juku: OtherNode) -> None:
    until = clock.today() + timedelta(days=60)
    wish = api.Invitation("A", "Cram", DATASET, "tutoring", {"subjects": ["P030"]}, until, clock.now())
    juku.answer("/invitations/", (200, wish))
    assert api.ask_invitation(juku.uri, "A") == wish


def test_an_offer_uses_the_code_up_and_asks_for_the_records(family_store: OtherNode) -> None:
    offer = offered(family_store)
    assert [family_store.post("/exchange/grants", offer).status_code for _ in range(2)] == [201, 201]
    [grant] = api.grants_of(PUPIL)
    assert str(grant.consent) == consent_of(offer) and grant.transfers.count() == 1
    another = family_store.post("/exchange/grants", offered(family_store))
    assert (another.status_code, another.json()["type"]) == (410, "invitation-used")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"code": "WRONG"}, 404),
        ({"receipt": {}}, 400),
        ({"receipt": {"dpv:hasRecordOfActivity": {"dct:identifier": str(uuid4())}}}, 400),
        ({"subject": "nobody"}, 400),
    ],
)
def test_a_wrong_offer_leaves_nothing(family_store: OtherNode, changes: dict[str, Any], status: int) -> None:
    assert family_store.post("/exchange/grants", offered(family_store, **changes)).status_code == status
    assert not Grant.objects.exists()
    assert family_store.get("/exchange/invitations/ABCD-EFGH").status_code == 200  # the code is not used up


def test_an_offer_of_a_consent_that_is_over_already_is_refused(family_store: OtherNode) -> None:
    offer = offered(family_store)
    with time_machine.travel(clock.now() + timedelta(days=40)):
        assert family_store.post("/exchange/grants", offer).status_code == 400
    assert not Grant.objects.exists()


def test_a_consent_for_another_purpose_than_wished_is_refused(family_store: OtherNode) -> None:
    pairwise = uuid4()
    offer = offered(family_store, receipt=receipt_from(family_store, pairwise, "own_use"))
    assert family_store.post("/exchange/grants", offer).status_code == 400
    assert not Grant.objects.exists()


def test_an_offer_that_is_refused_withdraws_the_consent(juku: OtherNode) -> None:
    child = uuid4()
    juku.answer("/exchange/grants", (410, {"type": "invitation-used", "detail": ""}))
    consent = shared(juku, child)
    work()
    found = access.consent(consent.uuid)
    assert access.state_of(found) == "withdrawn"
    assert juku.last("/withdrawal").json == {"reason": "withdrawn"}


def test_an_offer_names_the_child_by_the_pairwise_id_alone(juku: OtherNode) -> None:
    child = uuid4()
    shared(juku, child)
    work()
    [grant] = api.grants_of(child)
    brought = juku.last("/exchange/grants")
    assert brought.json["subject"] == str(grant.pairwise) and str(child).encode() not in brought.body


# --- a consent ends at the holder ---


def test_the_recipient_is_told_until_it_answers_with_a_receipt(juku: OtherNode) -> None:
    child = uuid4()
    consent = shared(juku, child)
    work()
    juku.away = True
    access.withdraw(consent.uuid, by=oneself(child))
    work()
    waiting = api.deletion_of(consent)
    assert waiting is not None and waiting.state == "waiting" and waiting.last_tried is not None
    juku.away = False
    jobs.run_waiting(until=clock.now() + timedelta(hours=1))
    path = f"/exchange/consents/{consent.uuid}"
    assert juku.last("/withdrawal").path == f"{path}/withdrawal"
    assert [juku.post(f"{path}/deletion", receipt()).status_code for _ in range(2)] == [200, 200]
    confirmed = api.deletion_of(consent.uuid)
    assert confirmed is not None and (confirmed.state, confirmed.verified) == ("confirmed", True)
    assert confirmed.receipt["count"] == 4


@pytest.mark.parametrize("changes", [{"root": "00" * 32}, {"index": 7}, {"outcome": "sold"}, {"proof": ["ff" * 32]}])
def test_a_receipt_without_its_proof_is_refused(juku: OtherNode, changes: dict[str, Any]) -> None:
    child = uuid4()
    consent = shared(juku, child)
    access.withdraw(consent.uuid, by=oneself(child))
    assert juku.post(f"/exchange/consents/{consent.uuid}/deletion", receipt(**changes)).status_code == 400
    waiting = api.deletion_of(consent)
    assert waiting is not None and waiting.state == "waiting"


def test_a_receipt_of_another_partner_is_not_taken(juku: OtherNode, other: Any) -> None:
    consent = shared(juku, uuid4())
    assert other("juku").post(f"/exchange/consents/{consent.uuid}/deletion", receipt()).status_code == 404


def test_a_consent_that_ends_before_it_was_delivered_is_not_delivered(juku: OtherNode) -> None:
    consent = shared(juku, uuid4())
    access.withdraw(consent.uuid, by=None)
    work()
    assert [heard.path.rsplit("/", 1)[1] for heard in juku.heard] == ["withdrawal"]


def test_a_consent_ends_by_itself_after_its_last_day(juku: OtherNode) -> None:
    consent = shared(juku, uuid4())
    work()
    with time_machine.travel(clock.now() + timedelta(days=32)):
        withdrawals.end_expired()
        work()
    assert juku.last("/withdrawal").json == {"reason": "expired"}
    assert Grant.objects.get(consent=consent.uuid).end_reason == "expired"


# --- a consent ends at the recipient ---


def test_a_notice_deletes_the_copy_and_answers_with_a_proved_receipt(family_store: OtherNode) -> None:
    offer = offered(family_store)
    family_store.post("/exchange/grants", offer)
    grant = Grant.objects.get()
    holder = Holder(family_store, [4])
    agreed(family_store, "recipient", "tutoring")
    work()
    jobs.run_waiting(until=clock.now() + timedelta(hours=1))
    holder.start()
    work()
    assert records.count_about(PUPIL) == 4
    notice = f"/exchange/consents/{grant.consent}/withdrawal"
    assert [family_store.post(notice, {}).json() for _ in range(2)] == [{"state": "withdrawn"}] * 2
    assert records.count_about(PUPIL) == 0
    work()
    told = family_store.last("/deletion").json
    assert (told["outcome"], told["count"]) == ("deleted", 4)
    assert audit.verify_inclusion(
        bytes.fromhex(told["leaf"]),
        told["index"],
        told["size"],
        [bytes.fromhex(each) for each in told["proof"]],
        bytes.fromhex(told["root"]),
    )
    assert access.accesses_of(PUPIL)[0].what == "deletion"
    assert not [heard for heard in family_store.heard if heard.path == notice]  # who told it is not told back


def test_a_notice_that_overtakes_the_consent_keeps_it_out(family_store: OtherNode) -> None:
    offer = offered(family_store)
    notice = f"/exchange/consents/{consent_of(offer)}/withdrawal"
    assert family_store.post(notice, {}).status_code == 200
    late = family_store.post("/exchange/grants", offer)
    assert (late.status_code, late.json()["type"]) == (404, "consent-not-living")
    work()
    assert family_store.last("/deletion").json["outcome"] == "nothing_held"


def test_the_learner_s_own_store_keeps_what_it_has(city: OtherNode) -> None:
    child = uuid4()
    holder = Holder(city, [2])
    grant = received_grant(city, child)
    work()
    holder.start()
    work()
    city.post(f"/exchange/consents/{grant.consent}/withdrawal", {})
    work()
    assert city.last("/deletion").json["outcome"] == "kept" and records.count_about(child) == 2
    deletion = api.deletion_of(grant.consent)
    assert deletion is not None and deletion.state == "kept"


def test_a_withdrawal_at_the_recipient_is_told_to_the_holder(family_store: OtherNode) -> None:
    family_store.post("/exchange/grants", offered(family_store))
    grant = Grant.objects.get()
    access.withdraw(grant.consent, by=None, reason="the pupil has left")
    work()
    assert family_store.last("/withdrawal").path == f"/exchange/consents/{grant.consent}/withdrawal"
    assert family_store.last("/deletion").json["outcome"] == "deleted"


def test_a_recipient_s_word_ends_the_consent_at_the_holder(pds: OtherNode) -> None:
    person = learner_with(1)
    grant = granted(person, pds)
    pds.post(f"/exchange/consents/{grant.consent}/withdrawal", {"reason": "withdrawn"})
    assert access.state_of(access.consent(grant.consent)) == "withdrawn"
    assert Deletion.objects.get(side="holder").state == "waiting"


def test_another_partner_cannot_end_a_consent(pds: OtherNode, other: Any) -> None:
    grant = granted(learner_with(1), pds)
    other("pds").post(f"/exchange/consents/{grant.consent}/withdrawal", {})
    assert access.state_of(access.consent(grant.consent)) == "given"
