"""Faults of a stored log, gathered in words."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError

MOST = 100


class Enough(Exception):
    """So many faults were found that more would tell nothing."""


class Faults(list[str]):
    """The faults found; ends the search by ``Enough`` when there are too many."""

    def note(self, fault: str) -> None:
        """One more fault."""
        self.append(fault)
        if len(self) >= MOST:
            self.append("more faults were not counted")
            raise Enough

    @contextmanager
    def reading(self, what: Callable[[], str]) -> Iterator[None]:
        """A row that cannot even be read is a fault; ``what`` says how far reading came."""
        try:
            yield
        except (DatabaseError, ValueError, TypeError, OverflowError) as fault:
            self.note(f"{what()} cannot be read ({type(fault).__name__}: {fault})")
