"""What waits at the desk: each part of the room says how much of its own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .desk import Desk


@dataclass(frozen=True)
class Waiting:
    """Something that waits: in words with its number, where it is done, and a picture of ``ui``."""

    words: str
    href: str
    icon: str = "task"


Finder = Callable[[Desk], Iterator[Waiting]]
_finders: list[Finder] = []


def register_waiting(find: Finder) -> Finder:
    """Register a function that says what waits for a desk."""
    if find not in _finders:
        _finders.append(find)
    return find


def waiting_at(desk: Desk) -> list[Waiting]:
    """All that waits for a desk."""
    return [one for find in _finders for one in find(desk)]
