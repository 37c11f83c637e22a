"""What a system delivers, parted by owner: its own fields are written, those of other systems wait as proposals."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..changing import Writing
from ..models import Person
from .owners import kinds_of, owners
from .queueing import Wish, fields_written_alone, keys_waiting, queue

Pair = tuple[Any, Mapping[str, Any]]


class Owning:
    """One delivery of a system. ``origin``: its id in ``owners.toml``, or any other name, which owns nothing; empty:
    the system that stands in.

    Where the system owns every field, as at most nodes, nothing is looked at. ``withheld`` are the keys of the rows of
    which not everything was let through.
    """

    def __init__(self, writing: Writing, origin: str = "") -> None:
        self._owners, self.writing = owners(), writing
        self.origin = origin or self._owners.stands_in
        self.is_plain = self._owners.owns_all(self.origin)
        self.withheld: set[Any] = set()
        self._wishes: list[Wish] = []
        self._looked_at: dict[str, list[str]] = defaultdict(list)

    def allowed(self, pairs: Iterable[Pair]) -> Iterable[Pair]:
        """Rows of one table with what the system may write of the facts beside them."""
        return pairs if self.is_plain else self._parted(list(pairs))

    def finish(self, delivered: Callable[[list[str]], set[str]]) -> int:
        """Let what was not let through wait as proposals; how many wait of it. In the transaction of the change.

        delivered: those of some people's sourcedIds that the delivery has, whether it was let through or not
        """
        if self.is_plain:
            return 0
        by, people = self.writing.change.by, self._looked_at["Person"]
        people += delivered(sorted(set(keys_waiting(Person, self.origin)) - set(people)))
        return queue(self._wishes, self._looked_at, origin=self.origin, by=by)

    def _parted(self, pairs: list[Pair]) -> Iterator[Pair]:
        kinds = kinds_of([row for row, _ in pairs])
        for row, facts in pairs:
            kind = kinds.get(row.pk)
            if kind is None:
                yield row, facts
                continue
            self._looked_at[type(row).__name__].append(row.sourced_id)
            yield row, {name: value for name, value in facts.items() if self._lets(row, kind, name, value)}

    def _lets(self, row: Any, kind: str, name: str, value: Any) -> bool:
        """Whether a fact may be written; one of another owner is asked for, where it is another than before."""
        if name not in fields_written_alone(type(row)):
            return True
        owner = self._owners.owner(kind, name)
        if owner != self.origin and getattr(row, name) != value:
            self._wishes.append(Wish(row, name, value, owner))
            self.withheld.add(row.pk)
        return owner == self.origin
