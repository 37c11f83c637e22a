"""Brings the people of a whole roster up to date: who is new, who says something else now."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

import polars as pl

from terakoya.identity import api as identity
from terakoya.kit import bulk
from terakoya.roster.changing import AT_ONCE, Writing
from terakoya.roster.findings import Findings
from terakoya.roster.models import Person
from terakoya.roster.people.names import keep_replaced
from terakoya.roster.people.owning import Owning
from terakoya.roster.periods import Counts

from .kinds import keys_of_people
from .state import Difference, State

LONGEST_ACCOUNT_NAME = 120
Frames = Iterable[pl.DataFrame]


class People:
    """The people of a delivery: frames of ``key``, ``row``, ``uuid`` (None where the system gives no person key), and
    the facts that it speaks of.

    organisations: keys of the database by identifier. present: identifiers of those who have a role on the day.
    owning: which of the facts the system may write
    """

    def __init__(
        self,
        state: State,
        writing: Writing,
        findings: Findings,
        organisations: Mapping[str, Any],
        present: pl.Series,
        owning: Owning,
        day: date,
        *,
        is_dry: bool,
    ) -> None:
        self.state, self.writing, self.findings, self.is_dry = state, writing, findings, is_dry
        self.owning, self.day = owning, day
        self.organisations = {"": None} | {key: str(row.pk) for key, row in organisations.items()}
        self.present = present
        self.difference = Difference(state)
        self.counts = Counts()
        self.new = pl.Series("uuid", dtype=pl.String)
        self.touched: set[UUID] = set()
        self._plain = [name for name in state.facts if name not in ("primary_organisation", "uuid")]

    @cached_property
    def keys(self) -> pl.DataFrame:
        """Everybody's ``uuid`` in the federation by ``key``: as it is after the change, once people were replaced."""
        return keys_of_people()

    def replace(self, frames: Frames) -> None:
        """Bring the people of the tables to what the frames say; what cannot be is found."""
        others = []
        for frame in frames:
            new, touched, _ = self.difference.of(frame)
            others.append(pl.concat([new, touched]))
        self.counts.unchanged = self.difference.unchanged
        rows = pl.concat(others) if others else None
        if rows is None or rows.is_empty():
            return
        rows = self._recognised(rows)
        if self.findings.has_errors:
            return
        known, fresh = rows.filter(pl.col("pk").is_not_null()), rows.filter(pl.col("pk").is_null())
        self._update(known)
        is_withheld = pl.col("pk").is_in([str(key) for key in self.owning.withheld])
        self.difference.note(fresh, known.filter(~is_withheld))
        self.difference.forget(known.filter(is_withheld))
        self._create(fresh)

    def _recognised(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows with ``pk``, the key of the person they are about; None for somebody new."""
        rows = rows.join(self.keys.rename({"uuid": "pk"}), "key", "left", maintain_order="left")
        by_uuid = self.keys.select(uuid="uuid", other="key")
        rows = rows.join(by_uuid, "uuid", "left", maintain_order="left")
        is_by_uuid = pl.col("pk").is_null() & pl.col("other").is_not_null()
        is_claimed = is_by_uuid & self.difference.is_delivered(pl.col("other"))
        is_another = pl.col("pk").is_not_null() & pl.col("uuid").is_not_null() & (pl.col("pk") != pl.col("uuid"))
        for row in rows.filter(is_claimed | is_another).iter_rows(named=True):
            self._find_changed_key(row)
        return rows.with_columns(pk=pl.when(is_by_uuid).then("uuid").otherwise("pk"))

    def _find_changed_key(self, row: Mapping[str, Any]) -> None:
        self.findings.add(
            "person.key_changed",
            file="users.csv",
            row=row["row"],
            header="userMasterIdentifier",
            found=str(row["uuid"]),
            known=str(row["pk"] or row["uuid"]),
            cause=row["key"],
        )

    def _update(self, rows: pl.DataFrame) -> None:
        """First, so that a login name or an identifier that is given up is free."""
        renamed: list[identity.NewAccount] = []
        where: dict[UUID, Mapping[str, Any]] = {}
        for part in rows.iter_slices(AT_ONCE):
            lines = {UUID(row["pk"]): row for row in part.iter_rows(named=True)}
            people = Person.objects.in_bulk(list(lines))
            pairs = list(self.owning.allowed((person, self._facts(lines[pk])) for pk, person in people.items()))
            keep_replaced(self.writing, pairs, self.day)
            changed = self.writing.update(pairs)
            self.counts.changed += changed
            self.counts.unchanged += len(people) - changed
            renamed += [_account(person) for person in people.values()]
            where |= {pk: {"row": line["row"], "username": line["username"]} for pk, line in lines.items()}
        self.touched |= set(where)
        moved = rows.select("key", uuid="pk")
        self.keys = pl.concat([self.keys.join(moved, "uuid", "anti"), moved.select(self.keys.columns)])
        for one in identity.rename_accounts(renamed, reference=str(self.writing.change.uuid)):
            self._refuse(where[one.person])

    def _facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        facts = {name: row[name] for name in self._plain}
        home = self.organisations[row["primary_organisation"]]
        return facts | {
            "sourced_id": row["key"],
            "ended": None,
            "primary_organisation_id": UUID(home) if home else None,
        }

    def _create(self, rows: pl.DataFrame) -> None:
        self.counts.new = rows.height
        if rows.is_empty():
            return
        given = [uuid or str(uuid4()) for uuid in rows["uuid"]]
        rows = rows.with_columns(pl.Series("uuid", given, pl.String))
        self.new = rows["uuid"]
        self.keys = pl.concat([self.keys, rows.select(self.keys.columns)])
        home = pl.col("primary_organisation").replace_strict(self.organisations, return_dtype=pl.String)
        made = rows.select("uuid", *self._plain, sourced_id="key", primary_organisation_id=home)
        change = self.writing.change.pk
        if not self.is_dry:
            bulk.insert(Person, made, {"made_by_id": change, "change_id": change, "ended": None})
            bulk.look_anew(Person, made.height)
        refused = identity.make_accounts(self._accounts(rows), is_dry=self.is_dry)
        for row in rows.filter(pl.col("uuid").is_in(refused.implode())).iter_rows(named=True):
            self._refuse(row)

    def _accounts(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The accounts of new people: open where they have a role on the day."""
        return rows.select(
            "username",
            display_name=_name().str.slice(0, LONGEST_ACCOUNT_NAME),
            person="uuid",
            is_active=pl.col("enabled") & pl.col("key").is_in(self.present.implode()),
        )

    def _refuse(self, row: Mapping[str, Any]) -> None:
        self.findings.add(
            "username.taken",
            file="users.csv",
            row=row["row"],
            header="username",
            found=row["username"],
            cause=row["username"],
        )


def _name() -> pl.Expr:
    """As ``Person.name``: the display name, the official one where there is none."""
    shown = pl.concat_str(["display_family", "display_given"], separator=" ").str.strip_chars(" ")
    official = ["official_family", "official_middle", "official_given"]
    filled = [pl.when(pl.col(name) != "").then(name) for name in official]
    return pl.when(shown != "").then(shown).otherwise(pl.concat_str(filled, separator=" ", ignore_nulls=True))


def _account(person: Person) -> identity.NewAccount:
    return identity.NewAccount(person.username, person.name[:LONGEST_ACCOUNT_NAME], person.uuid)
