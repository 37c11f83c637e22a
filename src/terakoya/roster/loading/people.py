"""Brings the people of a whole roster up to date: who is new, who says something else now."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID, uuid4

import polars as pl

from terakoya.identity import api as identity
from terakoya.kit import bulk
from terakoya.roster.changing import AT_ONCE, Writing
from terakoya.roster.findings import Findings
from terakoya.roster.models import Person
from terakoya.roster.periods import Counts

from .state import Difference, State

LONGEST_ACCOUNT_NAME = 120
_NAMES = ("display_family", "display_given", "official_family", "official_middle", "official_given")
Frames = Iterable[pl.DataFrame]


class People:
    """The people of a delivery: frames of ``key``, ``row``, ``uuid`` (None where the system gives no person key), and
    the facts that it speaks of.

    organisations: keys of the database by identifier. present: identifiers of those who have a role on the day
    """

    def __init__(
        self,
        state: State,
        writing: Writing,
        findings: Findings,
        organisations: Mapping[str, Any],
        present: pl.Series,
        *,
        is_dry: bool,
    ) -> None:
        self.state, self.writing, self.findings, self.is_dry = state, writing, findings, is_dry
        self.organisations = {"": None} | {key: str(row.pk) for key, row in organisations.items()}
        self.present = present
        self.difference = Difference(state)
        self.counts = Counts()
        self.keys = _known()
        self.new: set[UUID] = set()
        self.touched: set[UUID] = set()

    def replace(self, frames: Frames) -> None:
        """Bring the people of the tables to what the frames say; what cannot be is found."""
        others = []
        for frame in frames:
            new, touched, same = self.difference.of(frame)
            self._recognised(same)
            others.append(pl.concat([new, touched]))
        self.counts.unchanged = self.difference.unchanged
        rows = self._recognised(pl.concat(others)) if others else None
        if rows is None or self.findings.has_errors:
            return
        known, fresh = rows.filter(pl.col("pk").is_not_null()), rows.filter(pl.col("pk").is_null())
        self.difference.note(fresh, known)
        self._update(known)
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
            changed = self.writing.update((person, self._facts(lines[pk])) for pk, person in people.items())
            self.counts.changed += changed
            self.counts.unchanged += len(people) - changed
            renamed += [_account(person) for person in people.values()]
            where |= {pk: {"row": line["row"], "username": line["username"]} for pk, line in lines.items()}
        self.touched |= set(where)
        moved = rows.select("key", uuid="pk")
        self.keys = pl.concat([self.keys.join(moved, "uuid", "anti"), moved.select(self.keys.columns)])
        self._refuse(identity.rename_accounts(renamed, reference=str(self.writing.change.uuid)), where)

    def _facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        facts = {name: row[name] for name in self.state.facts if name != "primary_organisation"}
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
        self.new = {UUID(uuid) for uuid in given}
        self.keys = pl.concat([self.keys, rows.select(self.keys.columns)])
        names = [name for name in self.state.facts if name != "primary_organisation"]
        home = pl.col("primary_organisation").replace_strict(self.organisations, return_dtype=pl.String)
        made = rows.select("uuid", *names, sourced_id="key", primary_organisation_id=home)
        change = self.writing.change.pk
        if not self.is_dry:
            bulk.insert(Person, made, {"made_by_id": change, "change_id": change, "ended": None})
        self._refuse(identity.create_accounts(_accounts(rows, self.present), is_dry=self.is_dry), _Where(rows))

    def _refuse(self, refused: list[identity.NewAccount], where: Any) -> None:
        for one in refused:
            line = where[one.person]
            self.findings.add(
                "username.taken",
                file="users.csv",
                row=line["row"],
                header="username",
                found=line["username"],
                cause=line["username"],
            )


class _Where:
    """The rows of people, looked for one by one: few are refused."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows.select("uuid", "row", "username")

    def __getitem__(self, person: UUID) -> Mapping[str, Any]:
        return self.rows.row(by_predicate=pl.col("uuid") == str(person), named=True)


def _known() -> pl.DataFrame:
    """Everybody's key in the federation by the identifier of the roster."""
    rows = Person.objects.order_by().values_list("sourced_id", "uuid").iterator(10_000)
    pairs = [(key, str(uuid)) for key, uuid in rows]
    return pl.DataFrame(pairs, schema={"key": pl.String, "uuid": pl.String}, orient="row")


def _account(person: Person) -> identity.NewAccount:
    return identity.NewAccount(person.username, person.name[:LONGEST_ACCOUNT_NAME], person.uuid)


def _accounts(rows: pl.DataFrame, present: pl.Series) -> Iterator[identity.NewAccount]:
    is_open = pl.col("enabled") & pl.col("key").is_in(present.implode())
    for row in rows.select("uuid", "username", *_NAMES, is_open=is_open).iter_rows(named=True):
        shown = _joined(row["display_family"], row["display_given"])
        name = shown or _joined(row["official_family"], row["official_middle"], row["official_given"])
        yield identity.NewAccount(row["username"], name[:LONGEST_ACCOUNT_NAME], UUID(row["uuid"]), row["is_open"])


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)
