"""Makes the next part of something while the one before is used: for parts that are made outside of Python's lock."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Part = TypeVar("Part")


def ahead(parts: Iterator[Part]) -> Iterator[Part]:
    """The parts, each made in a thread while the one before is used; at most one lies ready.

    What making one raises is raised here in its place. A thread has its own connection to the database: parts are not
    made from it.
    """
    end = object()
    with ThreadPoolExecutor(1, "ahead") as thread:
        coming = thread.submit(next, parts, end)
        while (part := coming.result()) is not end:
            coming = thread.submit(next, parts, end)
            yield part  # type: ignore[misc]
