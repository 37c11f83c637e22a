"""Staff are told on their pages while the log does not stand well."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from terakoya.audit import standing, telling
from terakoya.audit.models import Checkpoint
from terakoya.audit.telling import staff_notice
from terakoya.kit import clock

from .witnessing import held, signed


@pytest.fixture(autouse=True)
def not_looked_at_yet() -> None:
    telling._well.clear()


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


def test_a_log_that_stands_well_is_not_looked_at_for_every_page(
    checkpoint: Checkpoint,
    travel: Callable[[timedelta], None],
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assert staff_notice() is None
    with django_assert_num_queries(0):
        assert staff_notice() is None
    standing.check_against(held(9, b"\x01" * 32), "a")
    travel(telling.GLANCE)
    assert staff_notice() is not None


def test_a_log_that_stands_badly_is_looked_at_again_for_every_page(checkpoint: Checkpoint) -> None:
    standing.check_against(held(9, b"\x01" * 32), "a")
    assert staff_notice() is not None
    standing.acknowledge("looked into it", "an operator")
    assert staff_notice() is None
