"""Two streams in the same order, read side by side."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

Pair = tuple[Any, ...]


class Beside:
    """Rows that begin with the key of a row of another stream. Both streams rise by their keys; each is read once."""

    def __init__(self, rows: Iterable[Pair]) -> None:
        self._groups: Iterator[tuple[str, list[Pair]]] = (
            (key, list(some)) for key, some in groupby(rows, itemgetter(0))
        )
        self._next = next(self._groups, None)

    def of(self, key: str) -> list[Pair]:
        """The rows of a key; the keys asked for rise."""
        while self._next is not None and self._next[0] < key:
            self._next = next(self._groups, None)
        return self._next[1] if self._next is not None and self._next[0] == key else []
