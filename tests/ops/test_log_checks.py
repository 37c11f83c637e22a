"""What `terakoya check`, the health answer and the nation's home say of logs."""

from collections.abc import Callable

import pytest
from django.test import Client

from terakoya.audit import standing, timestamps
from terakoya.audit.models import Checkpoint, LogFault, TimeStamp
from terakoya.kit import clock
from terakoya.ops.api import check_node
from tests.audit.conftest import checkpoint, watchers  # noqa: F401  (fixtures)
from tests.audit.test_timestamps import authority  # noqa: F401  (fixture)
from tests.audit.time_authority import TimeAuthority
from tests.audit.witnessing import held, signed


def found() -> dict[str, tuple[bool, str]]:
    return {one.subject: (one.right, one.seen) for one in check_node()}


@pytest.fixture
def fault(db: None) -> LogFault:
    return LogFault.objects.create(
        origin="o", uri="http://other.example", name="The other", kind="fork", known="", shown="", at=clock.now()
    )


def test_check_says_who_confirms_the_log(checkpoint: Checkpoint, watchers: Callable[..., None]) -> None:  # noqa: F811
    watchers("a", "b")
    signed(checkpoint, "a", "b")
    right, seen = found()["log witnesses"]
    assert right and seen.startswith("witnessed: 2 of 2, confirmed until")


def test_check_says_that_the_log_is_broken(checkpoint: Checkpoint) -> None:  # noqa: F811
    standing.check_against(held(9, b"\x01" * 32), "a")
    assert found()["log break"] == (False, "rolled_back at 3 entries; see `terakoya log acknowledge`")


@pytest.mark.parametrize("is_kept_whole", [True, False])
def test_check_looks_at_the_newest_time_stamp(authority: TimeAuthority, is_kept_whole: bool) -> None:  # noqa: F811
    made = timestamps.stamp_newest()
    assert made is not None
    if not is_kept_whole:
        TimeStamp.objects.update(response=made.response[:-1] + bytes([made.response[-1] ^ 1]))
    right, seen = found()["log time stamp"]
    assert right is is_kept_whole
    assert seen.startswith(f"{authority.url}, {made.at:%Y-%m-%d}")


def test_check_names_the_node_whose_log_was_changed(fault: LogFault) -> None:
    right, seen = found()["log of others"]
    assert not right and seen.startswith("The other: fork")


def test_health_says_how_the_log_stands_and_stays_well(client: Client, checkpoint: Checkpoint) -> None:  # noqa: F811
    standing.check_against(held(9, b"\x01" * 32), "a")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["log"]) == (200, "broken")


def test_nation_s_home_says_that_a_log_was_changed(
    client: Client, node_kind: Callable[[str], object], fault: LogFault
) -> None:
    node_kind("nation")
    text = client.get("/", HTTP_COOKIE="terakoya_city_language=en").content.decode()
    assert "1 sign was seen that a node changed its log" in text


def test_nation_s_home_says_nothing_while_all_is_well(
    client: Client, node_kind: Callable[[str], object], db: None
) -> None:
    node_kind("nation")
    assert "Logs that were changed" not in client.get("/", HTTP_COOKIE="terakoya_city_language=en").content.decode()
