"""Replaces what has a beginning and an end by what a delivery says of it: only the difference is written."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import polars as pl

from terakoya.kit import bulk
from terakoya.kit.ahead import ahead
from terakoya.kit.portions import portions
from terakoya.roster.changing import AT_ONCE, Writing
from terakoya.roster.periods import Counts, Periods, Wanted, is_over

from . import progress
from .kinds import Kind
from .state import Difference, State, ids_of

WANTED_AT_ONCE = 5_000
WRITTEN_AT_ONCE = 10_000  # a few rows of a part keep all its texts in memory
ASKED_FOR = 100_000  # from here on one reading of all closed rows is quicker than asking for each
Frames = Iterable[pl.DataFrame]


class Spans:
    """The periods of one kind.

    columns: expressions of the database's columns, over frames whose references are resolved by ``resolve``
    wanted: one delivered row as :class:`Wanted`, with its facts by the names of the model
    find: the living rows of some keys
    is_dry: large numbers of new rows are only counted
    """

    def __init__(
        self,
        state: State,
        writing: Writing,
        day: date,
        *,
        resolve: Callable[[pl.DataFrame], pl.DataFrame],
        columns: Mapping[str, pl.Expr],
        wanted: Callable[[Mapping[str, Any]], Wanted],
        find: Callable[[list[str]], Mapping[str, Any]],
        is_dry: bool,
    ) -> None:
        self.kind: Kind = state.kind
        self.model: Any = state.kind.model
        self.state, self.writing, self.day, self.is_dry = state, writing, day, is_dry
        self.resolve, self.columns, self.wanted, self.find = resolve, columns, wanted, find
        self.difference = Difference(state)
        self.counts = Counts()
        self.holding = 0  # of the rows that may end, those that hold on the day
        self.closed: list[Any] = []
        self.touched: list[tuple[Any, Wanted]] = []
        self.added: list[pl.DataFrame] = []
        self._closed_before: pl.Series | None = None

    def replace(self, frames: Frames, scopes: Callable[[], pl.Series], *, expected: int) -> Counts:
        """Bring the tables to what the frames say.

        scopes: what the delivery speaks of, as ids. expected: about how many rows come
        """
        with bulk.without_indexes(self.model, new=expected - len(self.state), held=len(self.state)):
            done, waiting = 0, list[tuple[pl.DataFrame, pl.DataFrame]]()
            for rows, holding, new, touched in ahead(self._compared(frames)):
                progress.tell("write", done := done + rows, expected)
                self.holding += holding
                waiting.append((new, touched))
                if sum(one.height + other.height for one, other in waiting) >= WRITTEN_AT_ONCE:
                    self._write(waiting)
            self._write(waiting)
        bulk.look_anew(self.model, self.counts.new)
        self.counts.unchanged += self.difference.unchanged
        self._end(self.difference.missing(scopes()))
        return self.counts

    def _compared(self, frames: Frames) -> Iterator[tuple[int, int, pl.DataFrame, pl.DataFrame]]:
        """Of each frame how many rows it has, how many unchanged ones hold on the day, what is new and what is another.

        Without the database, as it is done beside the writing.
        """
        for frame in frames:
            new, touched, same = self.difference.of(frame)
            self.difference.note(new, touched)
            holding = same.select(_holds(pl.col("ends"), self.day).sum()).item() if same.height else 0
            yield frame.height, holding, new, touched

    def _write(self, waiting: list[tuple[pl.DataFrame, pl.DataFrame]]) -> None:
        """Write what was found since the last time: a change in every part is many small ones."""
        if waiting:
            new, touched = (pl.concat(frames) for frames in zip(*waiting, strict=True))
            waiting.clear()
            self._touch(touched)
            self._add(new)

    def _touch(self, rows: pl.DataFrame) -> None:
        for part in self.resolve(rows).iter_slices(WANTED_AT_ONCE) if rows.height else ():
            wanted: dict[Any, Wanted] = {row["key"]: self.wanted(row) for row in part.iter_rows(named=True)}
            living: dict[Any, Any] = dict(self.find(list(wanted)))
            self.holding += sum(not is_over(row, self.day) for row in living.values())
            self.touched += [(row, wanted[key]) for key, row in living.items()]
            counts = Periods(self.model, self.day, self.writing).replace(wanted, living, ())
            self.counts += counts

    def _add(self, rows: pl.DataFrame) -> None:
        self.counts.new += rows.height
        if rows.is_empty():
            return
        returning = rows["key"].is_in(self._returning(rows).implode())
        rows = self.resolve(rows).with_columns(is_back=returning)
        first = pl.coalesce("begins", "otherwise")
        begins = pl.when("is_back").then(pl.max_horizontal(first, pl.lit(self.day))).otherwise(first)
        rows = rows.with_columns(stated_begins="begins", begins=begins)
        rows = rows.with_columns(ends=pl.when(pl.col("ends") < pl.col("begins")).then("begins").otherwise("ends"))
        made = rows.select(**self.columns, begins="begins", stated_begins="stated_begins", ends="ends")
        self._keep_added(made)
        if not self.is_dry:
            change = self.writing.change.pk
            bulk.insert(self.model, made, {"made_by_id": change, "change_id": change, "closed_by_id": None})

    def _keep_added(self, made: pl.DataFrame) -> None:
        """What decides about permissions: roles, and who teaches."""
        if "person_id" in made.columns and "hidden_from_id" not in made.columns:
            decides = pl.col("role") == "teacher" if "role" in made.columns else pl.lit(True)
            self.added.append(made.filter(decides).select("person_id").unique())

    def _returning(self, rows: pl.DataFrame) -> pl.Series:
        """Those of the keys that lived before and were closed."""
        closed = self.model._default_manager.filter(closed_by__isnull=False)  # as the index says it
        lookups = self.kind.lookups[: len(self.kind.key)]
        if self._closed_before is None and rows.height <= ASKED_FOR and len(lookups) == 1:
            found = [
                key
                for some in portions(rows["key"].to_list(), AT_ONCE)
                for key in closed.filter(**{f"{lookups[0]}__in": some}).values_list(lookups[0], flat=True)
            ]
            return pl.Series("key", found, pl.String)
        if self._closed_before is None:
            keys = [" ".join(key) for key in closed.values_list(*lookups).iterator(10_000)]
            self._closed_before = pl.Series("key", keys, pl.String)
        return self._closed_before

    def _end(self, missing: pl.Series) -> None:
        gone = self.end(self.state.keys(missing) if missing.len() else [])
        self.difference.keep(ids_of(gone))

    def end(self, keys: list[str]) -> list[str]:
        """End the living rows of some keys, those that are not over; their keys."""
        gone = list[str]()
        for some in portions(keys, WANTED_AT_ONCE):
            living = {key: row for key, row in self.find(some).items() if not is_over(row, self.day)}
            gone += living
            self.holding += len(living)
            self.end_rows(list(living.values()))
        return gone

    def end_rows(self, rows: list[Any]) -> None:
        """End living rows as of the day."""
        self.counts.ended += self.writing.close(rows, self.day)
        self.closed += rows

    def people(self, but: pl.Series) -> set[UUID]:
        """Whose rows were touched, closed or added: those whose permissions may be others now. but: UUIDs as texts"""
        rows = [row for row, _ in self.touched] + self.closed
        found = {row.person_id for row in rows if _decides(row)}
        found |= {one.lasting["person_id"] for row, one in self.touched if _decides(row) or _would_decide(one)}
        for added in self.added:
            others = added.select("person_id").unique().filter(~pl.col("person_id").is_in(but.implode()))
            found |= {UUID(key) for key in others["person_id"]}
        return found


def finder(kind: Kind, field: str = "sourced_id") -> Callable[[list[str]], Mapping[str, Any]]:
    """A function that finds living rows by their identifiers."""
    model: Any = kind.model

    def find(keys: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for some in portions(keys, AT_ONCE):
            rows = model._default_manager.filter(**kind.living, **{f"{field}__in": some})
            found |= {getattr(row, field): row for row in rows}
        return found

    return find


def pair_finder(kind: Kind) -> Callable[[list[str]], Mapping[str, Any]]:
    """A function that finds living pairs of people by the identifiers of both."""
    model: Any = kind.model
    one, other = kind.key

    def find(keys: list[str]) -> dict[str, Any]:
        found, wanted = dict[str, Any](), set(keys)
        for some in portions(keys, AT_ONCE):
            firsts = {key.split(" ")[0] for key in some}
            rows = model._default_manager.filter(**kind.living, **{f"{one}__sourced_id__in": firsts})
            for row in rows.select_related(one, other):
                key = f"{getattr(row, one).sourced_id} {getattr(row, other).sourced_id}"
                if key in wanted:
                    found[key] = row
        return found

    return find


def _holds(ends: pl.Expr, day: date) -> pl.Expr:
    return ends.is_null() | (ends > pl.lit(day))


def _decides(row: Any) -> bool:
    return hasattr(row, "organisation_id") or getattr(row, "role", "") == "teacher"


def _would_decide(one: Wanted) -> bool:
    return "organisation_id" in one.lasting or one.lasting.get("role") == "teacher"
