"""Staff are told on their pages while the log does not stand well."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from terakoya.audit import standing
from terakoya.audit.models import Checkpoint
from terakoya.audit.telling import staff_notice
from terakoya.kit import clock

from .witnessing import held, signed


@pytest.mark.parametrize(("hours", "tone"), [(1, None), (5, "warning"), (80, "error")])
def test_staff_are_told_of_silence(
    checkpoint: Checkpoint, watchers: Callable[..., None], hours: int, tone: str | None
) -> None:
    watchers("a")
    signed(checkpoint, "a")
    with time_machine.travel(clock.now() + timedelta(hours=hours)):
        told = staff_notice()
    assert (told.tone if told else None) == tone


def test_staff_are_told_of_a_broken_log(checkpoint: Checkpoint) -> None:
    standing.check_against(held(9, b"\x01" * 32), "a")
    told = staff_notice()
    assert told is not None and (told.tone, told.href) == ("error", "/log/")


def test_staff_of_a_node_that_is_alone_are_told_nothing(checkpoint: Checkpoint) -> None:
    assert staff_notice() is None
