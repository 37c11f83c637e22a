"""Nodes cosign each other's logs, tell what they find, and give no records out while nobody watches."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from terakoya.audit import api as audit
from terakoya.audit import checkpoints, cosigning
from terakoya.audit.models import Contradiction, Cosignature, LogFault, LogHead, Witnessed
from terakoya.audit.witness_jobs import make_checkpoint
from terakoya.exchange import witnessing
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.kit.models import Job
from terakoya.standards import signed_notes as notes
from tests.audit.witnessing import OtherLog, grow

from .conftest import work
from .other_node import Heard, OtherNode
from .test_transfers import pulled, started

ADD = "/exchange/witness/add-checkpoint"
HELD = "/exchange/witness/checkpoint"


class Watching:
    """Another node as a witness of the node under test: it signs what it is shown, or says what it is told to say."""

    def __init__(self, node: OtherNode) -> None:
        self.node, self.asked, self.known = node, list[cosigning.Request](), 0
        self.held: bytes = b""
        node.answer(ADD, self.add)
        node.answer(HELD, lambda _: (200, self.held) if self.held else (404, {}))

    def add(self, heard: Heard) -> tuple[int, Any]:
        request = cosigning.parse_request(heard.body)
        self.asked.append(request)
        if request.old != self.known:
            return 409, f"{self.known}\n".encode()
        note = notes.parse(request.note)
        self.known, self.held = checkpoints.parse_head(note.text).size, request.note
        return 200, self.signed(note.text)

    def signed(self, text: str) -> bytes:
        seconds, name = int(clock.now().timestamp()), cosigning.witness_name(self.node.uri)
        message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
        value = seconds.to_bytes(8, "big") + self.node.key.sign(message)
        return str(
            notes.Signature(name, notes.key_id(name, notes.COSIGNATURE, self.node.key.public_key()), value)
        ).encode()


def round_of_asking() -> None:
    make_checkpoint()
    witnessing.ask_witnesses()
    work()


def held_of(size: int) -> bytes:
    """A checkpoint of a log that never was, with this node's signature."""
    origin = checkpoints.own_origin()
    text = str(checkpoints.TreeHead(origin, size, b"\x01" * 32))
    return str(notes.sign(text, origin, identity.signing_key())).encode()


# --- this node asks ---


def test_checkpoint_is_cosigned_by_all_witnesses(other: Callable[..., OtherNode]) -> None:
    watching = [Watching(other(kind)) for kind in ("nation", "pds", "juku")]
    grow(3)
    round_of_asking()
    assert sorted(Cosignature.objects.values_list("witness", flat=True)) == sorted(one.node.uri for one in watching)
    assert audit.standing().state == "witnessed"


def test_next_checkpoint_comes_with_the_proof_from_the_last(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    round_of_asking()
    grow(4)
    round_of_asking()
    request = watching.asked[-1]
    first = audit.root_at(3)
    assert request.old == 3 and audit.verify_consistency(3, 7, first, audit.root_at(7), request.proof)


def test_witness_that_knows_another_size_gets_the_proof_from_there(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    make_checkpoint()
    watching.known = 2
    round_of_asking()
    assert [request.old for request in watching.asked] == [0, 2] and Cosignature.objects.count() == 1


def test_log_that_did_not_grow_is_signed_again(pds: OtherNode) -> None:
    Watching(pds)
    grow(1)
    round_of_asking()
    round_of_asking()
    assert Cosignature.objects.count() == 2


def test_witness_that_is_away_is_asked_again(pds: OtherNode) -> None:
    Watching(pds)
    pds.away = True
    grow(1)
    round_of_asking()
    round_of_asking()
    assert (Cosignature.objects.count(), Job.objects.filter(topic="exchange.witness", done_at=None).count()) == (0, 1)
    pds.away = False
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        work()
    assert Cosignature.objects.count() == 1


def test_signature_that_is_not_the_witnesses_own_is_not_kept(pds: OtherNode) -> None:
    watching = Watching(pds)
    pds.answer(ADD, lambda heard: (200, str(cosigning.cosign("other text\n", clock.now())).encode()))
    grow(1)
    round_of_asking()
    assert not Cosignature.objects.exists() and watching.asked == []


def test_nation_and_some_others_are_asked_not_everybody(other: Callable[..., OtherNode]) -> None:
    nodes = [other("city") for _ in range(10)]
    nation = other("nation")
    asked = [log.uri for log in witnessing.witness_logs()]
    assert len(asked) == witnessing.MOST_WITNESSES and asked[0] == nation.uri
    assert set(asked[1:]) < {node.uri for node in nodes}


# --- what it learns about itself ---


def test_older_backup_is_found_at_the_next_exchange(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    watching.known, watching.held = 9, held_of(9)
    round_of_asking()
    assert Contradiction.objects.get().kind == "rolled_back" and not audit.may_release()


def test_rewritten_log_is_found_at_the_next_exchange(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    watching.held = held_of(2)
    pds.answer(ADD, (422, b"The proof does not show it.\n"))
    round_of_asking()
    assert Contradiction.objects.get().kind == "rewritten" and not audit.may_release()


def test_witness_that_only_claims_a_larger_log_stops_nothing(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    watching.known, watching.held = 9, OtherLog(uri=identity.node_uri(), leaves=[b"x"] * 9).note()
    round_of_asking()
    assert audit.may_release()


def test_broken_log_is_shown_to_nobody_until_it_is_acknowledged(pds: OtherNode) -> None:
    watching = Watching(pds)
    grow(3)
    watching.known, watching.held = 9, held_of(9)
    round_of_asking()
    asked = len(watching.asked)
    round_of_asking()
    assert len(watching.asked) == asked
    audit.acknowledge("restored the backup of Monday", "operator")
    watching.known = 0
    round_of_asking()
    assert audit.standing().state == "witnessed"


# --- this node is the witness ---


@pytest.fixture
def log_of(db: None) -> Callable[[OtherNode], OtherLog]:
    def make(node: OtherNode) -> OtherLog:
        made = OtherLog(node.uri, node.key)
        made.add(3)
        return made

    return make


def brought(node: OtherNode, log: OtherLog, old: int) -> Any:
    return node.post(ADD, log.request(old), content_type="text/plain")


def test_partners_checkpoint_is_cosigned(pds: OtherNode, log_of: Callable[..., OtherLog]) -> None:
    log = log_of(pds)
    answer = brought(pds, log, 0)
    (line,) = notes.signature_lines(answer.content.decode())
    key, name = identity.signing_key().public_key(), cosigning.witness_name(identity.node_uri())
    assert answer.status_code == 200 and cosigning.cosigned_at(line, notes.parse(log.note()).text, name, key)


def test_partner_is_told_the_known_size_in_the_form_of_tlog_witness(
    pds: OtherNode, log_of: Callable[..., OtherLog]
) -> None:
    log = log_of(pds)
    brought(pds, log, 0)
    answer = brought(pds, log, 1)
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (409, b"3\n", "text/x.tlog.size")


def test_partner_cannot_bring_the_log_of_another(
    other: Callable[..., OtherNode], log_of: Callable[..., OtherLog]
) -> None:
    pds, juku = other("pds"), other("juku")
    assert brought(juku, log_of(pds), 0).status_code == 404


def test_unsigned_request_is_refused(pds: OtherNode, client: Any, log_of: Callable[..., OtherLog]) -> None:
    assert client.post(ADD, log_of(pds).request(0), content_type="text/plain").status_code == 401
    assert not Witnessed.objects.exists()


def test_partner_reads_what_was_cosigned_of_its_own_log_only(
    other: Callable[..., OtherNode], log_of: Callable[..., OtherLog]
) -> None:
    pds, juku = other("pds"), other("juku")
    log = log_of(pds)
    brought(pds, log, 0)
    where = f"{HELD}?origin={checkpoints.log_name(pds.uri)}"
    assert pds.get(where).content == log.note() and juku.get(where).status_code == 404


def test_fork_is_told_to_the_nation_and_to_the_node_itself(
    other: Callable[..., OtherNode], log_of: Callable[..., OtherLog]
) -> None:
    nation, pds = other("nation"), other("pds")
    log = log_of(pds)
    brought(pds, log, 0)
    log.leaves[1] = b"bent"
    assert brought(pds, log, 3).status_code == 409
    work()
    for node in (nation, pds):
        told = node.last("/messages/log-fault").json
        assert (told["log"], told["kind"]) == (pds.uri, "fork")


def test_fault_stays_when_the_same_is_brought_again(pds: OtherNode, log_of: Callable[..., OtherLog]) -> None:
    log = log_of(pds)
    brought(pds, log, 0)
    log.leaves[1] = b"bent"
    brought(pds, log, 3), brought(pds, log, 3)
    assert LogFault.objects.count() == 1


# --- reports ---


def report(node: OtherNode, of: OtherLog, **changes: Any) -> Any:
    known = of.note().decode()
    of.leaves[0] = b"bent"
    body = {"log": of.uri, "kind": "fork", "known": known, "shown": of.note().decode(), **changes}
    return node.post("/exchange/messages/log-fault", body)


def test_nation_keeps_what_a_witness_reports(other: Callable[..., OtherNode], log_of: Callable[..., OtherLog]) -> None:
    juku, pds = other("juku"), other("pds")
    assert report(juku, log_of(pds)).status_code == 200
    assert LogFault.objects.get().reported_by == juku.uri


@pytest.mark.parametrize(
    "changes",
    [
        {"known": "nothing"},
        {"log": "http://nobody.example"},
        {"log": "\0"},
        {"shown": ""},
        {"kind": "rumour"},
        {"kind": 7},
        {"more": 1},
    ],
)
def test_report_without_evidence_is_refused(
    other: Callable[..., OtherNode], log_of: Callable[..., OtherLog], changes: dict[str, Any]
) -> None:
    assert report(other("juku"), log_of(other("pds")), **changes).status_code == 422
    assert not LogFault.objects.exists()


def test_node_that_is_reported_looks_at_itself(pds: OtherNode) -> None:
    grow(3)
    body = {"log": identity.node_uri(), "kind": "fork", "known": held_of(2).decode(), "shown": ""}
    assert pds.post("/exchange/messages/log-fault", body).status_code == 200
    assert not audit.may_release()


def test_false_report_stops_nothing(pds: OtherNode) -> None:
    grow(3)
    forged = OtherLog(uri=identity.node_uri(), leaves=[b"x"]).note().decode()
    body = {"log": identity.node_uri(), "kind": "fork", "known": forged, "shown": ""}
    assert pds.post("/exchange/messages/log-fault", body).status_code == 422
    assert audit.may_release()


# --- nothing leaves while nobody watches ---


def test_page_is_not_released_while_the_log_is_not_witnessed(pds: OtherNode, settings: Settings) -> None:
    _, path = started(pds, 2)
    make_checkpoint()
    settings.WITNESS_STOP_SECONDS = 1
    with time_machine.travel(clock.now() + timedelta(seconds=10)):
        size = LogHead.objects.get().size if LogHead.objects.exists() else 0
        grow(1), make_checkpoint()
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        refused = pds.get(path)
        assert (refused.status_code, refused.json()["type"]) == (503, "log-not-witnessed")
        assert LogHead.objects.get().size == size + 1


def test_page_is_released_when_the_log_is_witnessed_again(pds: OtherNode, settings: Settings) -> None:
    _, path = started(pds, 2)
    Watching(pds)
    settings.WITNESS_STOP_SECONDS = 30
    grow(1), make_checkpoint()
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        assert pds.get(path).status_code == 503
        round_of_asking()
        assert len(pulled(pds, path)[0]["items"]) == 2


def test_withdrawal_goes_on_while_nothing_is_released(pds: OtherNode, settings: Settings) -> None:
    from terakoya.access import api as access

    grant, _ = started(pds, 2)
    grow(1), make_checkpoint()
    settings.WITNESS_STOP_SECONDS = 1
    with time_machine.travel(clock.now() + timedelta(seconds=60)):
        assert not audit.may_release()
        access.withdraw(grant.consent, by=None)
        work()
    assert any("withdrawal" in heard.path for heard in pds.heard)
