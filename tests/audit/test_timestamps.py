"""Time stamps of a real authority (OpenSSL): kept when they are of this checkpoint, by this authority, now."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from pytest_django import Settings

from terakoya.audit import checkpoints, timestamps
from terakoya.audit.errors import NotStamped
from terakoya.audit.models import TimeStamp
from terakoya.audit.witness_jobs import stamp
from terakoya.kit import clock

from .time_authority import TimeAuthority
from .witnessing import grow


@pytest.fixture
def authority(db: None, tmp_path: Path, settings: Settings) -> Iterator[TimeAuthority]:
    """An authority that this node is configured with, and a log with a checkpoint."""
    made = TimeAuthority(tmp_path / "authority")
    settings.TSA_URL, settings.TSA_ROOT = made.url, str(made.root)
    grow(2)
    checkpoints.make_checkpoint()
    yield made
    made.close()


def test_checkpoint_is_stamped_by_the_authority(authority: TimeAuthority) -> None:
    made = timestamps.stamp_newest()
    assert made is not None and abs(made.at - clock.now()) < timedelta(minutes=1)
    assert timestamps.is_good(made)


def test_stamp_is_kept_once_for_a_checkpoint(authority: TimeAuthority) -> None:
    timestamps.stamp_newest()
    assert timestamps.stamp_newest() is None and authority.asked == 1


def test_stamp_is_of_the_text_of_the_checkpoint(authority: TimeAuthority) -> None:
    made = timestamps.stamp_newest()
    assert made is not None
    with pytest.raises(NotStamped):
        timestamps.verify(bytes(made.response), b"another text", timestamps._roots())


def test_answer_to_an_earlier_question_is_refused(authority: TimeAuthority) -> None:
    made = timestamps.stamp_newest()
    assert made is not None
    authority.answers = [bytes(made.response)]
    grow(1)
    checkpoints.make_checkpoint()
    with pytest.raises(NotStamped):
        timestamps.stamp_newest()
    assert TimeStamp.objects.count() == 1


def test_stamp_of_another_authority_is_refused(authority: TimeAuthority, tmp_path: Path, settings: Settings) -> None:
    forger = TimeAuthority(tmp_path / "forger")
    settings.TSA_URL = forger.url
    with pytest.raises(NotStamped):
        timestamps.stamp_newest()
    forger.close()
    assert not TimeStamp.objects.exists()


@pytest.mark.parametrize("place", [0.3, 0.5, 0.7, 0.99])
def test_stamp_with_a_changed_bit_is_refused(authority: TimeAuthority, place: float) -> None:
    made = timestamps.stamp_newest()
    assert made is not None
    text = checkpoints.notes.parse(made.checkpoint.note.encode()).text.encode()
    bent = bytearray(made.response)
    bent[int(len(bent) * place)] ^= 1
    with pytest.raises(NotStamped):
        timestamps.verify(bytes(bent), text, timestamps._roots())


@pytest.mark.parametrize("answer", [b"", b"nothing", b"\x30\x03\x02\x01\x02"])
def test_answer_that_is_no_stamp_is_refused(authority: TimeAuthority, answer: bytes) -> None:
    authority.answers = [answer]
    with pytest.raises(NotStamped):
        timestamps.stamp_newest()


def test_authority_with_another_clock_is_refused(authority: TimeAuthority) -> None:
    with time_machine.travel(clock.now() + timedelta(hours=1)), pytest.raises(NotStamped, match="clocks"):
        timestamps.stamp_newest()


def test_authority_that_is_away_is_said(authority: TimeAuthority) -> None:
    authority.close()
    with pytest.raises(NotStamped, match="does not answer"):
        timestamps.stamp_newest()


def test_missing_root_certificate_is_said(authority: TimeAuthority, settings: Settings) -> None:
    settings.TSA_ROOT = "/nowhere.pem"
    with pytest.raises(NotStamped, match="TERAKOYA_TSA_ROOT"):
        timestamps.stamp_newest()


def test_node_without_an_authority_asks_nobody(db: None, settings: Settings) -> None:
    settings.TSA_URL = ""
    grow(1)
    checkpoints.make_checkpoint()
    stamp()
    assert not TimeStamp.objects.exists()
