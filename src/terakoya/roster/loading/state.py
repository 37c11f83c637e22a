"""What the tables hold of a kind of rows, as digests: what a whole delivery is held against.

It is kept in a file beside the database, good only for the very change after which it was written; without such a file
the same is computed from the tables. A row that is the same by its digest is not looked at again; any other is looked
at in the tables, so that a digest never decides what is written.
"""

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl
from django.db import transaction

from terakoya.roster.models import Change

from .folders import state_folder
from .kinds import SEED, Kind

FORM = 1  # of the files; raised when what they hold changes
Ids = pl.Series


class State:
    """The living rows of a kind before a change. ``frame``: ``id``, ``facts``, ``scope``."""

    def __init__(self, kind: Kind, facts: Sequence[str], change: Change, work: Path) -> None:
        self.kind, self.facts, self.change, self.work = kind, tuple(facts), change, work
        self._new = 0
        before = Change.objects.filter(pk__lt=change.pk).order_by("-pk").first()
        kept = self._file(before) if before is not None else None
        self._is_kept = kept is not None and kept.exists()
        self._files = [kept] if kept is not None and self._is_kept else self._from_tables()
        self.frame = self._scan().select("id", "facts", "scope").collect()

    def __len__(self) -> int:
        return self.frame.height

    def keys(self, ids: Ids) -> list[str]:
        """The keys of rows."""
        return self._scan().filter(pl.col("id").is_in(ids.implode())).select("key").collect()["key"].to_list()

    def now_hold(self, frame: pl.DataFrame) -> None:
        """Note rows as they are after the change; of rows that were others before, ``keep`` must drop the old ones."""
        part = self.work / f"{self.kind.name}-new-{self._new}.parquet"
        self._new += 1
        frame.select("id", "facts", "scope", "key").write_parquet(part, compression="lz4")

    def keep(self, dropped: Ids) -> None:
        """Write what the tables hold after the change, for the next one; it counts once the transaction is through.

        dropped: ids that are others now, or gone
        """
        target = self._file(self.change)
        new = [self.work / f"{self.kind.name}-new-{number}.parquet" for number in range(self._new)]
        if new or dropped.len() or not self._is_kept:
            made = self._scan().filter(~pl.col("id").is_in(dropped.implode()))
            made = pl.concat([made, pl.scan_parquet(new)]) if new else made
            written = target.with_suffix(".new")
            made.sink_parquet(written, compression="lz4")
        else:
            written = self._files[0]
        transaction.on_commit(lambda: self._put(written, target))

    def _put(self, written: Path, target: Path) -> None:
        written.replace(target)
        for other in state_folder().glob(f"{self.kind.name}-*"):
            if other != target:
                other.unlink(missing_ok=True)

    def _file(self, change: Change) -> Path:
        mark = f"{FORM} {SEED} {pl.__version__} {change.uuid} {' '.join(self.facts)}"
        return state_folder() / f"{self.kind.name}-{hashlib.sha256(mark.encode()).hexdigest()[:32]}.parquet"

    def _from_tables(self) -> list[Path]:
        files = []
        for number, frame in enumerate(self.kind.from_tables()):
            files.append(self.work / f"{self.kind.name}-old-{number}.parquet")
            digests = self.kind.digests(frame, self.facts).with_columns(frame["key"])
            digests.write_parquet(files[-1], compression="lz4")
        return files

    def _scan(self) -> pl.LazyFrame:
        if not self._files:
            return pl.LazyFrame(schema={"id": pl.UInt64, "facts": pl.UInt64, "scope": pl.UInt64, "key": pl.String})
        return pl.scan_parquet(self._files)


class Difference:
    """A delivery held against a state, part by part."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.unchanged = 0
        self._seen: list[Ids] = []
        self._dropped: list[Ids] = []
        known = state.frame.select("id", "facts").sort("id")
        self._known, self._was = known["id"], known["facts"]

    def of(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """The delivered rows (``key``, ``scope``, facts, and whatever else) that are new, others than before, and the
        same."""
        digests = self.state.kind.digests(frame, self.state.facts)
        rows = frame.with_columns(digests["id"], digests["facts"], scope=digests["scope"])
        self._seen.append(rows["id"])
        if self._known.is_empty():
            return rows, rows.clear(), rows.clear()
        rows = rows.with_columns(was=self._found(rows["id"]))
        is_new, is_same = pl.col("was").is_null(), pl.col("was") == pl.col("facts")
        same = rows.filter(is_same)
        self.unchanged += same.height
        return rows.filter(is_new), rows.filter(~is_new & ~is_same), same

    def _found(self, ids: Ids) -> pl.Series:
        """The facts that the state has of rows; None where it has not the row. In their order, as memory likes it."""
        wanted = ids.to_frame("id").with_row_index("n").sort("id")
        places = self._known.search_sorted(wanted["id"]).clip(upper_bound=self._known.len() - 1)
        was = pl.select(
            n=wanted["n"],
            was=pl.when(self._known.gather(places) == wanted["id"]).then(self._was.gather(places)),
        )
        return was.sort("n")["was"]

    def note(self, new: pl.DataFrame, touched: pl.DataFrame) -> None:
        """Note what is new or others now, for the state that comes after."""
        self._dropped.append(touched["id"])
        for frame in (new, touched):
            if frame.height:
                self.state.now_hold(frame)

    def forget(self, rows: pl.DataFrame) -> None:
        """Note rows that the tables do not hold as delivered: the next delivery is held against the tables."""
        self._dropped.append(rows["id"])

    def missing(self, scopes: Ids) -> Ids:
        """The rows that were not delivered, of the scopes that the delivery speaks of."""
        seen = pl.DataFrame({"id": self.ids()})
        of = self.state.frame.filter(pl.col("scope").is_in(scopes.implode()))
        return of.join(seen, "id", "anti")["id"]

    def is_delivered(self, key: pl.Expr) -> pl.Expr:
        """Whether the delivery has a key."""
        return key.hash(seed=SEED).is_in(self.ids().implode())

    def ids(self) -> Ids:
        """Which rows were delivered."""
        return _joined(self._seen)

    def delivered(self, keys: list[str]) -> set[str]:
        """Those of the keys that were delivered."""
        series = pl.Series("key", keys, pl.String)
        return set(series.filter(series.hash(seed=SEED).is_in(self.ids().implode())))

    def keep(self, gone: Ids) -> None:
        """Keep the state after the change. gone: rows that have ended"""
        self.state.keep(_joined([*self._dropped, gone]))


def ids_of(keys: Iterable[str]) -> Ids:
    """Keys as ids."""
    return pl.Series("id", list(keys), pl.String).hash(seed=SEED)


def _joined(parts: Sequence[Ids]) -> Ids:
    return pl.concat(parts) if parts else pl.Series("id", dtype=pl.UInt64)
