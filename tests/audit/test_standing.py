"""How the log stands before others, and that records leave only while it stands well."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from terakoya.audit import checkpoints, standing
from terakoya.audit.errors import NothingToAcknowledge, NotSigned
from terakoya.audit.log import log_head
from terakoya.audit.models import Checkpoint, Contradiction, LogEntry, LogHead, LogTile
from terakoya.audit.witness_jobs import check_whole_log, make_checkpoint
from terakoya.identity import api as identity

from .witnessing import OtherLog, grow, held, signed

HOUR = timedelta(hours=1)


# --- who confirms ---


def test_node_without_others_is_alone_and_works(checkpoint: Checkpoint) -> None:
    assert (standing.standing().state, standing.may_release()) == ("alone", True)


def test_node_that_was_just_enrolled_is_new_and_works(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:
    watchers("a", "b")
    assert (standing.standing().state, standing.may_release()) == ("new", True)


def test_two_signatures_confirm_the_log(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:
    watchers("a", "b", "c")
    signed(checkpoint, "a", "b")
    found = standing.standing()
    assert (found.state, set(found.confirmed_by), found.witnesses) == ("witnessed", {"a", "b"}, 3)


def test_one_signature_is_not_enough_where_there_are_two_witnesses(
    checkpoint: Checkpoint, watchers: Callable[..., None]
) -> None:
    watchers("a", "b")
    signed(checkpoint, "a")
    assert standing.standing().state == "new"


def test_the_only_other_node_is_enough(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:
    watchers("a")
    signed(checkpoint, "a")
    assert standing.standing().state == "witnessed"


def test_signatures_of_nodes_that_left_do_not_count(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:
    watchers("b")
    signed(checkpoint, "a")
    assert standing.standing().state == "new"


# --- warn, stop, go on ---


@pytest.mark.parametrize(
    ("silence", "state", "releases"),
    [(1, "witnessed", True), (4, "witnessed", True), (5, "late", True), (72, "late", True), (73, "stopped", False)],
)
def test_silence_is_said_after_hours_and_stops_releases_after_days(
    checkpoint: Checkpoint,
    watchers: Callable[..., None],
    travel: Callable[[timedelta], None],
    silence: int,
    state: str,
    releases: bool,
) -> None:
    watchers("a", "b")
    signed(checkpoint, "a", "b")
    travel(silence * HOUR)
    assert (standing.standing().state, standing.may_release()) == (state, releases)


def test_never_signed_counts_from_the_first_checkpoint(
    checkpoint: Checkpoint, watchers: Callable[..., None], travel: Callable[[timedelta], None]
) -> None:
    watchers("a", "b")
    travel(73 * HOUR)
    assert standing.standing().state == "stopped"


def test_node_goes_on_by_itself_when_others_sign_again(
    checkpoint: Checkpoint, watchers: Callable[..., None], travel: Callable[[timedelta], None]
) -> None:
    watchers("a", "b")
    travel(73 * HOUR)
    signed(checkpoint, "a", "b")
    assert standing.may_release()


def test_limits_are_settings(
    checkpoint: Checkpoint,
    watchers: Callable[..., None],
    travel: Callable[[timedelta], None],
    settings: Settings,
) -> None:
    settings.WITNESS_WARN_SECONDS, settings.WITNESS_STOP_SECONDS = 10, 20
    watchers("a")
    signed(checkpoint, "a")
    travel(timedelta(seconds=15))
    assert standing.standing().state == "late"
    travel(timedelta(seconds=15))
    assert standing.standing().state == "stopped"


# --- the node's own log is not what it was ---


def test_witness_that_holds_what_the_log_says_is_no_break(checkpoint: Checkpoint) -> None:
    assert standing.check_against(checkpoint.note.encode(), "a") is None


def test_older_backup_is_seen_by_the_larger_log_that_a_witness_holds(checkpoint: Checkpoint) -> None:
    found = standing.check_against(held(5, b"\x01" * 32), "a")
    assert found is not None and (found.kind, standing.may_release()) == ("rolled_back", False)


def test_rewritten_log_is_seen_by_the_root_that_a_witness_holds(checkpoint: Checkpoint) -> None:
    found = standing.check_against(held(2, b"\x01" * 32), "a")
    assert found is not None and (found.kind, standing.may_release()) == ("rewritten", False)


def test_witness_without_this_nodes_signature_stops_nothing(checkpoint: Checkpoint) -> None:
    forged = OtherLog(uri=identity.node_uri(), leaves=[b"x"] * 9)
    with pytest.raises(NotSigned):
        standing.check_against(forged.note(), "a")
    assert standing.may_release()


def test_shortened_log_is_seen_by_the_nodes_own_checkpoint(checkpoint: Checkpoint) -> None:
    LogHead.objects.update(size=2)
    make_checkpoint()
    assert [one.kind for one in standing.standing().breaks] == ["rolled_back"]


def test_tree_that_cannot_be_read_is_a_break(checkpoint: Checkpoint) -> None:
    grow(300)
    made = checkpoints.make_checkpoint()
    assert made is not None
    LogTile.objects.all().delete()
    found = standing.check_against(made.note.encode(), "a")
    assert found is not None and found.kind == "rewritten"


def test_changed_entry_is_found_by_the_daily_check(checkpoint: Checkpoint) -> None:
    LogEntry.objects.filter(index=1).update(body='{"v":2}')
    check_whole_log()
    [found] = standing.standing().breaks
    assert found.kind == "damaged" and "entry 1" in found.seen and not standing.may_release()


def test_whole_log_passes_the_daily_check(checkpoint: Checkpoint) -> None:
    check_whole_log()
    assert not Contradiction.objects.exists()


# --- an operator acknowledges ---


@pytest.fixture
def broken(checkpoint: Checkpoint) -> Contradiction:
    found = standing.check_against(held(5, b"\x01" * 32), "a")
    assert found is not None
    return found


def test_broken_log_is_not_signed_any_more(broken: Contradiction) -> None:
    grow(1)
    make_checkpoint()
    assert Checkpoint.objects.count() == 1


def test_acknowledgement_lets_records_leave_again(broken: Contradiction) -> None:
    standing.acknowledge("restored the backup of Monday", "operator")
    assert standing.may_release()


def test_acknowledgement_is_written_in_the_log(broken: Contradiction) -> None:
    standing.acknowledge("restored the backup of Monday", "operator")
    assert log_head().size == 4


def test_log_is_called_anew_after_the_acknowledgement(broken: Contradiction) -> None:
    before = checkpoints.own_origin()
    standing.acknowledge("restored the backup of Monday", "operator")
    after = checkpoints.own_origin()
    assert after != before and checkpoints.is_log_of(after, identity.node_uri())
    made = checkpoints.make_checkpoint()
    assert made is not None and (made.origin, made.size) == (after, 4)


def test_evidence_against_the_log_before_breaks_nothing_any_more(broken: Contradiction) -> None:
    standing.acknowledge("restored the backup of Monday", "operator")
    assert standing.check_against(broken.note.encode(), "a") is None


def test_known_damage_is_acknowledged_once(checkpoint: Checkpoint) -> None:
    LogEntry.objects.filter(index=1).update(body='{"v":2}')
    check_whole_log()
    standing.acknowledge("a disk fault; see the incident report", "operator")
    check_whole_log()
    assert standing.may_release()


def test_whole_log_has_nothing_to_acknowledge(checkpoint: Checkpoint) -> None:
    with pytest.raises(NothingToAcknowledge):
        standing.acknowledge("why not", "operator")
