"""A witness signs what continues what it signed before, and nothing else; what contradicts it is kept as evidence."""

import dataclasses
import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from terakoya.audit import checkpoints, cosigning, witness_faults
from terakoya.audit.checkpoints import Log
from terakoya.audit.cosigning import Request
from terakoya.audit.errors import NotANote, NotSigned
from terakoya.audit.models import LogFault, Witnessed
from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.standards import signed_notes as notes
from tests.standards.test_signed_notes import public_part

from .test_checkpoints import MONKEYS, MONKEYS_AT_5
from .witnessing import OtherLog, encoded, grow

ROOT = b"\x01" * 32


@pytest.fixture
def other(db: None) -> OtherLog:
    """Another node's log of four entries, of which this node has signed the first three."""
    log = OtherLog(leaves=[b"a", b"b", b"c"])
    assert log.ask(0).status == 200
    log.leaves.append(b"d")
    return log


def kinds() -> list[str]:
    return [fault.kind for fault in LogFault.objects.order_by("pk")]


# --- the request on the wire ---


def test_request_of_the_specification_is_read() -> None:
    lines = ["old 20852014", encoded(ROOT), encoded(b"\x02" * 32), "", "example.com/behind-the-sofa", "20852163"]
    request = cosigning.parse_request("\n".join(lines).encode())
    assert (request.old, request.proof) == (20852014, (ROOT, b"\x02" * 32))
    assert request.note == b"example.com/behind-the-sofa\n20852163"


@given(st.integers(0, 2**63 - 1), st.lists(st.binary(min_size=32, max_size=32), max_size=63), st.binary(max_size=60))
def test_request_reads_back(old: int, proof: list[bytes], note: bytes) -> None:
    request = Request(old, tuple(proof), note)
    assert cosigning.parse_request(bytes(request)) == request


@given(st.binary(max_size=200))
def test_bytes_are_a_request_or_are_refused(body: bytes) -> None:
    try:
        request = cosigning.parse_request(body)
    except NotANote:
        return
    assert bytes(request) == body


@pytest.mark.parametrize(
    "head",
    ["", "new 1", "old", "old 01", "old -1", "old １", "old 1\nAAAA", f"old 1\n{encoded(ROOT)} ", "old  1", "Old 1"],
)
def test_what_is_not_quite_a_request_is_refused(head: str) -> None:
    with pytest.raises(NotANote):
        cosigning.parse_request(f"{head}\n\n".encode() + b"note")


def test_more_than_63_lines_of_proof_are_refused() -> None:
    with pytest.raises(NotANote):
        cosigning.parse_request(bytes(Request(1, (ROOT,) * 64, b"note")))


# --- the cosignature ---


def test_cosignature_has_the_form_of_the_specification() -> None:
    """Key id over name and 0x04, eight bytes of time, a signature over the header, the time and the text."""
    line = cosigning.cosign("log\n1\nroot\n", datetime(2023, 3, 20, 12, 25, 47, tzinfo=UTC))
    key, name = identity.signing_key().public_key(), cosigning.witness_name(identity.node_uri())
    assert line.key_id == hashlib.sha256(name.encode() + b"\n\x04" + key.public_bytes_raw()).digest()[:4]
    assert int.from_bytes(line.value[:8], "big") == 1679315147
    key.verify(line.value[8:], b"cosignature/v1\ntime 1679315147\nlog\n1\nroot\n")


@given(st.integers(0, 8 * 72 - 1))
def test_any_bit_changed_in_a_cosignature_is_found(bit: int) -> None:
    key, name = identity.signing_key().public_key(), cosigning.witness_name(identity.node_uri())
    line = cosigning.cosign("text\n", clock.now())
    assert cosigning.cosigned_at(line, "text\n", name, key) is not None
    value = bytearray(line.value)
    value[bit // 8] ^= 1 << bit % 8
    assert cosigning.cosigned_at(dataclasses.replace(line, value=bytes(value)), "text\n", name, key) is None


def test_cosignature_from_the_future_is_refused() -> None:
    key, name = identity.signing_key().public_key(), cosigning.witness_name(identity.node_uri())
    line = cosigning.cosign("text\n", clock.now() + timedelta(hours=1))
    assert cosigning.cosigned_at(line, "text\n", name, key) is None


# --- what a witness signs ---


def test_first_checkpoint_of_a_known_node_is_signed(db: None) -> None:
    log = OtherLog(leaves=[b"a"])
    verdict = log.ask(0)
    key, name = identity.signing_key().public_key(), cosigning.witness_name(identity.node_uri())
    (line,) = notes.signature_lines(verdict.body)
    text = notes.parse(log.note()).text
    assert verdict.status == 200 and cosigning.cosigned_at(line, text, name, key) is not None


def test_empty_log_is_signed_and_may_grow(db: None) -> None:
    log = OtherLog()
    assert log.ask(0).status == 200
    log.add(5)
    assert log.ask(0).status == 200 and Witnessed.objects.get().size == 5


def test_log_of_another_implementation_is_signed(db: None) -> None:
    _, _, key = public_part(MONKEYS)
    request = bytes(Request(0, (), MONKEYS_AT_5.replace("monkeys", "monkeys", 1).encode()))
    verdict = cosigning.witness(Log("https://monkeys", "Monkeys", key), request, clock.now())
    assert verdict.status == 404  # its name is not the address of a node: a node's log is known by that alone


def test_grown_log_is_signed_with_its_proof(other: OtherLog) -> None:
    assert other.ask(3).status == 200
    assert (Witnessed.objects.get().size, kinds()) == (4, [])


def test_same_checkpoint_is_signed_again_with_a_new_time(other: OtherLog) -> None:
    other.ask(3)
    assert other.ask(4).status == 200 and kinds() == []


@given(st.lists(st.integers(1, 40), min_size=1, max_size=6))
@pytest.mark.django_db
def test_log_that_only_grows_is_always_signed(steps: list[int]) -> None:
    log = OtherLog(uri=f"https://{uuid4()}.example")
    size = 0
    for step in steps:
        log.add(step)
        assert log.ask(size).status == 200
        size += step


# --- what it refuses (statuses of tlog-witness) ---


def test_unknown_log_is_404(db: None) -> None:
    assert OtherLog(origin="stranger.example/log", leaves=[b"a"]).ask(0).status == 404


def test_wrong_signature_is_403(other: OtherLog) -> None:
    stolen = dataclasses.replace(other, key=Ed25519PrivateKey.generate())
    verdict = cosigning.witness(other.known_as, stolen.request(3), clock.now())
    assert (verdict.status, kinds()) == (403, [])


def test_old_size_above_the_new_is_400(other: OtherLog) -> None:
    body = bytes(Request(5, (), other.note()))
    assert cosigning.witness(other.known_as, body, clock.now()).status == 400


def test_other_old_size_is_409_and_tells_the_known_one(other: OtherLog) -> None:
    verdict = other.ask(2)
    assert (verdict.status, verdict.body, kinds()) == (409, "3\n", [])


def test_old_size_of_an_unknown_log_is_409_and_0(db: None) -> None:
    assert OtherLog(leaves=[b"a"]).ask(1).body == "0\n"


def test_proof_from_nothing_is_422(db: None) -> None:
    log = OtherLog(leaves=[b"a"])
    assert cosigning.witness(log.known_as, bytes(Request(0, (ROOT,), log.note())), clock.now()).status == 422


def test_garbage_is_400(db: None) -> None:
    assert cosigning.witness(OtherLog().known_as, b"garbage", clock.now()).status == 400


@pytest.mark.parametrize("size", range(1, 9))
def test_fork_of_any_entry_is_found(db: None, size: int) -> None:
    """A tree rewritten with all its hashes: two roots of one size, both signed by the log."""
    log = OtherLog()
    log.add(size)
    log.ask(0)
    for place in range(size):
        bent = dataclasses.replace(log, leaves=[*log.leaves])
        bent.leaves[place] = b"another"
        assert bent.ask(size).status == 409
    assert kinds() == ["fork"] * size and Witnessed.objects.get().note == log.note().decode()


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=20), st.integers(0, 5), st.data())
@pytest.mark.django_db
def test_any_single_bit_changed_is_found_though_all_hashes_are_made_anew(
    leaves: list[bytes], more: int, data: st.DataObject
) -> None:
    log = OtherLog(uri=f"https://{uuid4()}.example", leaves=leaves)
    log.ask(0)
    place = data.draw(st.integers(0, len(leaves) - 1))
    bit = data.draw(st.integers(0, len(leaves[place]) * 8 - 1))
    bent = bytearray(leaves[place])
    bent[bit // 8] ^= 1 << bit % 8
    log.leaves = [*leaves[:place], bytes(bent), *leaves[place + 1 :]]
    log.add(more)
    assert log.ask(len(leaves)).fault is not None


@pytest.mark.parametrize("size", range(2, 9))
def test_growth_on_a_bent_log_is_found(db: None, size: int) -> None:
    log = OtherLog()
    log.add(size)
    log.ask(0)
    bent = dataclasses.replace(log, leaves=[b"another", *log.leaves[1:], b"more"])
    assert (bent.ask(size).status, kinds()) == (422, ["unproved"])


@given(st.data())
@pytest.mark.django_db
def test_any_entry_removed_is_found(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 30))
    log = OtherLog(uri=f"https://{uuid4()}.example")
    log.add(size)
    log.ask(0)
    del log.leaves[data.draw(st.integers(0, size - 1))]
    log.leaves += [b"new"] * data.draw(st.integers(1, 10))
    assert log.ask(size).fault is not None


def test_rollback_is_found_and_tells_the_known_size(other: OtherLog) -> None:
    other.ask(3)
    other.leaves = other.leaves[:2]
    verdict = other.ask(1, later=2)
    assert (verdict.status, verdict.body, kinds()) == (409, "4\n", ["rollback"])


def test_late_request_is_no_rollback(other: OtherLog) -> None:
    """A request signed before the last one that was answered only came late."""
    other.ask(3)
    other.leaves = other.leaves[:2]
    assert other.ask(1, later=-10).fault is None


def test_evidence_bears_the_signature_of_the_log(other: OtherLog) -> None:
    other.leaves = [b"x", b"b", b"c"]
    fault = other.ask(3).fault
    assert fault is not None
    for note in (fault.known, fault.shown):
        checkpoints.read_checkpoint(note.encode(), other.key.public_key())
    assert fault.known != fault.shown


def test_same_fault_is_kept_once(other: OtherLog) -> None:
    other.leaves = [b"x", b"b", b"c"]
    assert other.ask(3).fault is not None and other.ask(3).fault is None
    assert kinds() == ["fork"]


def test_log_begun_anew_is_signed_and_on_record(other: OtherLog) -> None:
    anew = dataclasses.replace(other, origin=f"{checkpoints.log_name(other.uri)}/20260401T090000Z", leaves=[b"n"])
    assert (anew.ask(0).status, kinds()) == (200, ["restarted"])


# --- what others report ---


def test_report_with_the_logs_own_signatures_is_kept(other: OtherLog) -> None:
    known = other.note()
    other.leaves[0] = b"bent"
    fault = witness_faults.keep_report(other.known_as, "fork", known, other.note(), "https://third.example")
    assert fault is not None and fault.reported_by == "https://third.example"


def test_report_of_a_fork_that_is_none_is_refused(other: OtherLog) -> None:
    known = other.note()
    other.add(1)
    with pytest.raises(NotSigned):
        witness_faults.keep_report(other.known_as, "fork", known, other.note(), "https://third.example")


def test_report_without_the_logs_signature_is_refused(other: OtherLog) -> None:
    forged = dataclasses.replace(other, key=Ed25519PrivateKey.generate())
    with pytest.raises(NotSigned):
        witness_faults.keep_report(other.known_as, "fork", other.note(), forged.note(), "https://third.example")
    assert kinds() == []


# --- keeping what witnesses answer ---


def test_cosignature_of_a_witness_is_kept_and_published(db: None) -> None:
    grow(2)
    checkpoint = checkpoints.make_checkpoint()
    assert checkpoint is not None
    here = Log(identity.node_uri(), "here", identity.signing_key().public_key())
    answer = str(cosigning.cosign(notes.parse(checkpoint.note.encode()).text, clock.now()))
    kept = cosigning.keep_cosignature(checkpoint, here, answer.encode())
    assert checkpoints.published(checkpoint) == checkpoint.note + kept.line
    assert cosigning.size_known_by(here.uri, checkpoint.origin) == 2


def test_answer_that_is_no_cosignature_of_the_witness_is_refused(db: None) -> None:
    grow(1)
    checkpoint = checkpoints.make_checkpoint()
    assert checkpoint is not None
    stranger = OtherLog().known_as
    answer = str(cosigning.cosign(notes.parse(checkpoint.note.encode()).text, clock.now()))
    with pytest.raises(NotSigned):
        cosigning.keep_cosignature(checkpoint, stranger, answer.encode())
    with pytest.raises(NotANote):
        cosigning.keep_cosignature(checkpoint, stranger, b"\xff\n")
