"""Many keys, some at a time: a database takes no list of any length."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def portions(values: Iterable[T], size: int) -> Iterator[list[T]]:
    """The values in their order, at most so many at a time; nothing for none."""
    rest = iter(values)
    while some := list(islice(rest, size)):
        yield some
