"""Records of one learner on their way: released, pulled, counted, and cut off."""

import hashlib
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
import time_machine
from django.db import transaction

from terakoya.access import api as access
from terakoya.audit import api as audit
from terakoya.exchange import api, transfers, wire
from terakoya.exchange.models import Arrival, Grant, Release, Transfer
from terakoya.kit import clock, jobs
from terakoya.records import api as records
from tests.records.conftest import statement

from .conftest import agreed, granted, learner_with, received_grant, work
from .other_node import Heard, OtherNode, deliver


def transfer_request(node: OtherNode, grant: Grant, **changes: Any) -> dict[str, Any]:
    agreement = agreed(node, "holder", grant.purpose)
    return {
        "@context": wire.CONTEXT,
        "@type": "TransferRequestMessage",
        "agreementId": agreement.agreement_id,
        "format": "terakoya-pages",
        "callbackAddress": f"{node.uri}/dsp",
        "consumerPid": "urn:uuid:consumer",
        "terakoya:consent": str(grant.consent),
        **changes,
    }


def started(pds: OtherNode, count: int) -> tuple[Grant, str]:
    """A transfer of a learner's records that this node has started; its path for pages."""
    grant = granted(learner_with(count), pds)
    pds.post("/dsp/transfers/request", transfer_request(pds, grant))
    work()
    return grant, pds.last("/start").json["dataAddress"]["endpoint"].removeprefix("http://127.0.0.1:8100")


def pulled(pds: OtherNode, path: str) -> list[dict[str, Any]]:
    """All pages of a transfer."""
    pages: list[dict[str, Any]] = [pds.get(path).json()]
    while pages[-1]["next"]:
        pages.append(pds.get(f"{path}?cursor={pages[-1]['next']}").json())
    return pages


def completion(pid: str, digests: list[str], count: int) -> dict[str, Any]:
    digest = ""
    for each in digests:
        digest = hashlib.sha256(f"{digest}{each}".encode()).hexdigest()
    return {
        "@context": wire.CONTEXT,
        "@type": "TransferCompletionMessage",
        "providerPid": pid,
        "consumerPid": "urn:uuid:consumer",
        "terakoya:count": count,
        "terakoya:digest": digest,
    }


# --- the holder ---


def test_records_are_released_page_by_page_each_logged_with_its_consent(pds: OtherNode, small_pages: None) -> None:
    grant, path = started(pds, 7)
    assert pds.last("/start").json["terakoya:expected"] == 7
    assert [len(page["items"]) for page in pulled(pds, path)] == [3, 3, 1]
    lines = access.accesses_of(grant.subject)
    assert [(line.what, line.count, line.basis) for line in lines] == [
        ("transfer_page", count, "consent") for count in (1, 3, 3)
    ]


def test_the_log_says_by_its_signature_which_request_a_page_answered(pds: OtherNode) -> None:
    _, path = started(pds, 2)
    headers = pds.headers("GET", path, b"")
    deliver("GET", path, b"", headers)
    facts = audit.entry_at(Release.objects.get().log_index).facts
    assert facts["request"] == hashlib.sha256(headers["Signature"].encode()).hexdigest()


def test_nothing_in_a_page_names_the_person_by_a_key_of_this_node(pds: OtherNode) -> None:
    grant, path = started(pds, 2)
    text = pds.get(path).content.decode()
    assert str(grant.subject) not in text and str(grant.pairwise) in text


def test_a_page_that_is_pulled_again_is_logged_and_counted_once(pds: OtherNode, small_pages: None) -> None:
    grant, path = started(pds, 4)
    first, again = pds.get(path).content, pds.get(path).content
    assert first == again
    assert Release.objects.count() == len(access.accesses_of(grant.subject)) == 1


def test_a_completed_transfer_has_the_same_count_and_digest_at_both_ends(pds: OtherNode, small_pages: None) -> None:
    _, path = started(pds, 4)
    pulled(pds, path)
    transfer = Transfer.objects.get()
    digests = list(transfer.releases.order_by("number").values_list("digest", flat=True))
    end = f"/dsp/transfers/{transfer.pid}/completion"
    wrong = pds.post(end, completion(transfer.pid, digests, 3))
    assert (wrong.status_code, wrong.json()["type"]) == (409, "count-differs")
    right = completion(transfer.pid, digests, 4)
    assert [pds.post(end, right).status_code for _ in range(2)] == [200, 200]
    transfer.refresh_from_db()
    assert (transfer.state, transfer.received) == ("COMPLETED", 4)


def test_the_cursor_of_another_transfer_is_refused(pds: OtherNode, small_pages: None) -> None:
    _, path = started(pds, 4)
    answer = pds.get(f"{path}?cursor=1000000")
    assert (answer.status_code, answer.json()["type"]) == (400, "wrong-cursor")


def test_after_the_withdrawal_the_next_page_is_refused(pds: OtherNode, small_pages: None) -> None:
    grant, path = started(pds, 7)
    cursor = pds.get(path).json()["next"]
    access.withdraw(grant.consent, by=None)
    refused = pds.get(f"{path}?cursor={cursor}")
    assert (refused.status_code, refused.json()["type"]) == (404, "consent-not-living")
    assert Transfer.objects.get().state == "TERMINATED" and Release.objects.count() == 1


@pytest.mark.parametrize("change", ["agreementId", "terakoya:consent"])
def test_a_request_without_its_own_agreement_and_consent_finds_nothing(pds: OtherNode, change: str) -> None:
    grant = granted(learner_with(1), pds)
    wrong = transfer_request(pds, grant, **{change: str(uuid4())})
    assert pds.post("/dsp/transfers/request", wrong).status_code == 404


def test_an_agreement_for_another_purpose_gives_nothing(pds: OtherNode) -> None:
    grant = granted(learner_with(1), pds)
    other = agreed(pds, "holder", "tutoring")
    wrong = transfer_request(pds, grant, agreementId=other.agreement_id)
    assert pds.post("/dsp/transfers/request", wrong).status_code == 404


def test_a_repeated_request_is_the_same_transfer(pds: OtherNode) -> None:
    grant = granted(learner_with(1), pds)
    message = transfer_request(pds, grant)
    first, again = (pds.post("/dsp/transfers/request", message).json() for _ in range(2))
    assert first == again and Transfer.objects.count() == 1


# --- the recipient ---


class Holder:
    """A city that serves pages of statements of one learner."""

    def __init__(self, city: OtherNode, sizes: list[int]) -> None:
        self.city, self.completion, self.pid = city, (200, {}), "urn:uuid:provider"
        self.pages = [[self.item() for _ in range(size)] for size in sizes]
        agreed(city, "recipient")
        city.answer("/dsp/transfers/request", self.request)
        city.answer("/pages", self.page)
        city.answer("/completion", lambda _: self.completion)

    def item(self) -> dict[str, Any]:
        actor = {"objectType": "Agent", "account": {"homePage": self.city.uri, "name": str(uuid4())}}
        return statement(actor=actor)

    def request(self, heard: Heard) -> tuple[int, Any]:
        return 201, {"providerPid": self.pid}

    def page(self, heard: Heard) -> tuple[int, Any]:
        number = int(heard.path.partition("cursor=")[2] or 0)
        following = str(number + 1) if number + 1 < len(self.pages) else None
        return 200, {"items": self.pages[number], "number": number, "next": following}

    def start(self) -> Any:
        asked = self.city.messages_of("TransferRequestMessage")[-1].json
        message = {
            "@context": wire.CONTEXT,
            "@type": "TransferStartMessage",
            "providerPid": self.pid,
            "consumerPid": asked["consumerPid"],
            "dataAddress": {
                "@type": "DataAddress",
                "endpointType": "https://w3id.org/idsa/v4.1/HTTP",
                "endpoint": f"{self.city.uri}/exchange/transfers/{self.pid}/pages",
            },
            "terakoya:expected": sum(map(len, self.pages)),
        }
        return self.city.post(f"/dsp/transfers/{asked['consumerPid']}/start", message)


@pytest.fixture
def child() -> UUID:
    return uuid4()


def test_a_learner_s_records_arrive_and_are_acknowledged(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3, 3, 1])
    grant = received_grant(city, child)
    work()
    assert holder.start().status_code == 200
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.received, transfer.expected) == ("COMPLETED", 7, 7)
    assert records.count_about(child) == 7 and transfer.consent == grant.consent
    digests = list(Arrival.objects.order_by("number").values_list("digest", flat=True))
    assert digests[0] == hashlib.sha256(msgspec.json.encode(holder.pages[0])).hexdigest()
    assert {line.what for line in access.accesses_of(child)} == {"received_page"}


def test_a_second_transfer_brings_nothing_twice(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3])
    grant = received_grant(city, child)
    assert api.request_transfer(grant) == api.request_transfer(grant)  # under way: the same
    work()
    holder.start()
    work()
    again = api.request_transfer(grant)
    city.answer("/dsp/transfers/request", (201, {"providerPid": "urn:uuid:provider-2"}))
    work()
    assert again.pid != api.transfers_of(child)[1].pid
    assert records.count_about(child) == 3


def test_new_records_come_by_themselves_once_a_day_while_the_grant_lives(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3])
    grant = received_grant(city, child)
    work()
    holder.start()
    work()
    for hours, count in ((1, 1), (25, 2)):
        with time_machine.travel(clock.now() + timedelta(hours=hours)):
            transfers.renew_transfers()
        assert len(api.transfers_of(child)) == count
    access.withdraw(grant.consent, by=None)
    with time_machine.travel(clock.now() + timedelta(hours=50)):
        transfers.renew_transfers()
    assert len(api.transfers_of(child)) == 2


def test_a_refusal_that_comes_after_the_end_leaves_the_transfer_as_it_ended(city: OtherNode, child: UUID) -> None:
    grant = received_grant(city, child)
    access.withdraw(grant.consent, by=None)
    [transfer] = api.transfers_of(child)
    with transaction.atomic():
        transfers.end(transfers.lock(transfer.pid), "a late refusal")
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.error) == ("TERMINATED", "consent-not-living")


def test_a_page_job_that_runs_again_stores_nothing_twice(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3, 2])
    received_grant(city, child)
    work()
    holder.start()
    jobs.run_waiting()
    done = jobs.Job.objects.filter(topic="exchange.transfer.pull", done_at__isnull=False)
    assert done.update(done_at=None) == 1  # as after a kill between storing the page and noting the job as done
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.received, Arrival.objects.count()) == ("COMPLETED", 5, 2)


def test_no_page_is_stored_after_the_notice_of_withdrawal(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3, 3])
    grant = received_grant(city, child)
    work()
    holder.start()
    jobs.run_waiting()
    city.post(f"/exchange/consents/{grant.consent}/withdrawal", {"reason": "withdrawn"})
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.received) == ("TERMINATED", 3)


def test_a_refusal_at_the_source_ends_the_consent_here_too(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [3, 3])
    grant = received_grant(city, child)
    work()
    holder.start()
    city.answer("/pages", (404, {"type": "consent-not-living", "detail": "There is no living consent."}))
    work()
    [transfer] = api.transfers_of(child)
    assert transfer.state == "TERMINATED"
    assert access.state_of(access.consent(grant.consent)) == "withdrawn"


def test_different_counts_end_in_a_failed_transfer(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [2])
    holder.completion = (409, {"type": "count-differs", "detail": "What arrived is not what was released."})
    received_grant(city, child)
    work()
    holder.start()
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, transfer.error) == ("TERMINATED", "count-differs")


def test_records_that_cannot_be_taken_end_the_transfer_and_leave_nothing(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [2])
    holder.pages[0][1] = {"verb": "nonsense"}
    received_grant(city, child)
    work()
    holder.start()
    work()
    [transfer] = api.transfers_of(child)
    assert (transfer.state, records.count_about(child)) == ("TERMINATED", 0)


def test_pages_are_pulled_from_the_registered_address_only(city: OtherNode, child: UUID) -> None:
    holder = Holder(city, [2])
    received_grant(city, child)
    work()
    asked = city.messages_of("TransferRequestMessage")[-1].json
    elsewhere = {
        "@context": wire.CONTEXT,
        "@type": "TransferStartMessage",
        "providerPid": "urn:uuid:provider",
        "consumerPid": asked["consumerPid"],
        "dataAddress": {"@type": "DataAddress", "endpointType": "x", "endpoint": "http://169.254.169.254/latest"},
        "terakoya:expected": 1,
    }
    answer = city.post(f"/dsp/transfers/{asked['consumerPid']}/start", elsewhere)
    assert (answer.status_code, answer.json()["type"]) == (400, "wrong-endpoint")
    assert holder.start().status_code == 200
