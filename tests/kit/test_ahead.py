"""Parts that are made while others are used come as they are, in their order."""

import threading
from collections.abc import Iterator

import pytest

from terakoya.kit.ahead import ahead


def _numbers(until: int, made: list[int]) -> Iterator[int]:
    for number in range(until):
        made.append(number)
        yield number


def test_all_parts_come_in_their_order() -> None:
    assert list(ahead(_numbers(20, []))) == list(range(20))


def test_nothing_has_no_parts() -> None:
    assert list(ahead(iter(()))) == []


def test_the_next_part_is_made_while_one_is_used() -> None:
    is_made = threading.Event()

    def parts() -> Iterator[str]:
        yield "first"
        is_made.set()
        yield "second"

    for part in ahead(parts()):
        assert is_made.wait(10), part


def test_no_more_than_one_part_lies_ready() -> None:
    made: list[int] = []
    for number in ahead(_numbers(10, made)):
        assert len(made) <= number + 2


def test_what_making_a_part_raises_comes_in_its_place() -> None:
    def parts() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    taken = []
    with pytest.raises(ValueError, match="broken"):
        for part in ahead(parts()):
            taken.append(part)
    assert taken == [1]


def test_who_stops_early_leaves_no_thread() -> None:
    parts = ahead(_numbers(10, []))
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    assert not [one for one in threading.enumerate() if one.name.startswith("ahead")]
