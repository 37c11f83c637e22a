"""Holds stored rows against delivered ones: new, changed, unchanged, ended. In memory, and written by sets."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, TypeVar

from .changing import Writing
from .models import Kept, Period

Row = TypeVar("Row", bound=Kept)
Dated = TypeVar("Dated", bound=Period)
Facts = dict[str, Any]
Allowed = Callable[[Iterable[tuple[Any, Mapping[str, Any]]]], Iterable[tuple[Any, Mapping[str, Any]]]]


@dataclass
class Counts:
    """What came of the rows of a kind."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    def as_dict(self) -> dict[str, int]:
        return {"new": self.new, "changed": self.changed, "unchanged": self.unchanged, "ended": self.ended}


def replace_rows(
    model: type[Row], known: Mapping[str, Row], wanted: Mapping[str, Facts], writing: Writing, allowed: Allowed = iter
) -> tuple[dict[str, Row], Counts]:
    """Bring rows that have no period up to date; the rows by key, as they are afterwards.

    allowed: lets through what may be written of rows that are known
    """
    new = {key: model(**facts) for key, facts in wanted.items() if key not in known}
    kept = {key: known[key] for key in wanted if key in known}
    # first, so that a key that was given up is free for a new row
    changed = writing.update(allowed((row, wanted[key]) for key, row in kept.items()))
    writing.create(list(new.values()))
    return new | kept, Counts(len(new), changed, len(kept) - changed)


@dataclass(frozen=True)
class Wanted:
    """A period as delivered.

    lasting: facts that make it another period when they change (whose, where, as what)
    loose: facts that are corrected in place
    begins: as stated, else None; otherwise: the first day of a new period that states none
    """

    lasting: Facts
    loose: Facts
    begins: date | None
    otherwise: date
    ends: date | None

    @property
    def first_day(self) -> date:
        return self.begins or self.otherwise


class Periods:
    """The periods of one model, brought up to date as of a day."""

    def __init__(self, model: type[Dated], day: date, writing: Writing) -> None:
        self.model, self.day, self.writing = model, day, writing
        self.counts = Counts()
        self.new: list[Any] = []
        self.corrected: list[tuple[Any, Facts]] = []
        self.closed: list[Any] = []

    def replace(
        self, wanted: Mapping[Hashable, Wanted], living: Mapping[Hashable, Any], closed_before: Iterable[Hashable]
    ) -> Counts:
        """Hold the living rows against the wanted ones and write what differs.

        living: the rows that the delivery may end, by key; closed_before: keys that an earlier import has closed
        """
        returned = set(closed_before)
        for key, one in wanted.items():
            row = living.get(key)
            if row is None:
                self._begin(one, max(one.first_day, self.day) if key in returned else one.first_day)
                self.counts.new += 1
            else:
                self._compare(row, one)
        for key, row in living.items():
            if key not in wanted and not is_over(row, self.day):
                self.closed.append(row)
                self.counts.ended += 1
        self._write()
        return self.counts

    def _compare(self, row: Any, one: Wanted) -> None:
        if _differ(row, one.lasting):
            self.counts.changed += 1
            if row.begins >= self.day:
                self._correct(row, one.lasting | one.loose | self._dates(row, one))
            else:
                self.closed.append(row)
                self._begin(one, self.day)
            return
        facts = one.loose | self._dates(row, one)
        if _differ(row, facts):
            self.counts.changed += 1
            self._correct(row, facts)
        else:
            self.counts.unchanged += 1

    @staticmethod
    def _dates(row: Any, one: Wanted) -> Facts:
        """A stated beginning moves the period only when the statement itself has changed."""
        begins = one.begins if one.begins is not None and one.begins != row.stated_begins else row.begins
        return {"begins": begins, "stated_begins": one.begins, "ends": one.ends}

    def _begin(self, one: Wanted, begins: date) -> None:
        ends = one.ends if one.ends is None else max(one.ends, begins)
        self.new.append(self.model(**one.lasting, **one.loose, begins=begins, stated_begins=one.begins, ends=ends))

    def _correct(self, row: Any, facts: Facts) -> None:
        self.corrected.append((row, facts))

    def _write(self) -> None:
        self.writing.close(self.closed, self.day)  # first, as a key may live only once
        self.writing.update(self.corrected)
        self.writing.create_many(self.new)


def by_key(rows: Iterable[Row], key: Callable[[Row], Hashable]) -> dict[Any, Row]:
    """Rows by their key."""
    return {key(row): row for row in rows}


def _differ(row: Any, facts: Facts) -> bool:
    return any(getattr(row, name) != value for name, value in facts.items())


def is_over(row: Any, day: date) -> bool:
    """Whether a period has come to its end by a day."""
    return row.ends is not None and row.ends <= day
