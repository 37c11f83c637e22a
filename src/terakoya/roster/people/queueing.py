"""Puts what systems may not write into the queue of proposals, many at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

import polars as pl
from django.db import connection
from django.db.models import OuterRef, Subquery

from terakoya.kit import bulk, clock

from ..changing import AT_ONCE
from ..models import Kept, Person, Proposal, ProposalEvent

NOT_WRITTEN = {"uuid", "id", "sourced_id", "made_by", "change", "ended", "parent", "organisation", "school", "session"}
LONGEST = 255
Place = tuple[str, str, str]
_written_alone: dict[type[Kept], frozenset[str]] = {}


@dataclass(frozen=True)
class Wish:
    """A value that a system would write into a field of another owner."""

    row: Any
    field: str
    value: Any
    owner: str

    @property
    def place(self) -> Place:
        """The field as proposals name it."""
        return type(self.row).__name__, self.row.sourced_id, self.field

    @property
    def current(self) -> str:
        """What the field holds, as a proposal keeps it."""
        return printed(getattr(self.row, self.field))[:LONGEST]


def queue(
    wishes: Collection[Wish], looked_at: Mapping[str, Sequence[str]], *, origin: str, by: str, only: str = ""
) -> int:
    """Keep what a system would write, as proposals; how many of them wait.

    looked_at: by table the sourcedIds of all rows that the system has spoken of; only: the one field of them, where it
    has not spoken of all. What waits of the system about them and is no wish any more is overtaken, as by another
    value. The same said twice waits once; what was declined is asked again only where the field holds something else
    since, or where it was spoken of alone.
    """
    wanted = {one.place: one for one in wishes}
    overtaken: list[Proposal] = []
    waiting = 0
    for one in _latest(looked_at, origin, {"field": only} if only else {}):
        place = (one.table, one.key, one.field)
        wish, state = wanted.get(place), getattr(one, "state")  # noqa: B009  (annotated)
        is_same = wish is not None and printed(wish.value) == one.proposed
        if state == "proposed" and not is_same:
            overtaken.append(one)
        elif is_same and (state == "proposed" or (state == "declined" and not only and _is_unmoved(wish, one))):
            waiting += state == "proposed"
            wanted.pop(place)
    _tell([one.pk for one in overtaken], "overtaken", by)
    _make(list(wanted.values()), origin, by)
    return waiting + len(wanted)


def keys_waiting(model: type[Kept], origin: str) -> list[str]:
    """The sourcedIds of the rows of a table about which proposals of a system wait."""
    events = ProposalEvent.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    known = Proposal.objects.filter(table=model.__name__, origin=origin[:150])
    waiting = known.annotate(state=Subquery(events.values("kind")[:1])).filter(state="proposed")
    return list(waiting.order_by().values_list("key", flat=True).distinct())


def printed(value: Any) -> str:
    """A value as a proposal keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def fields_written_alone(model: type[Kept]) -> frozenset[str]:
    """The fields of a table that have an owner: no keys, and no references to other rows."""
    if model not in _written_alone:
        names = {one.name for one in model._meta.concrete_fields if not one.is_relation}
        _written_alone[model] = frozenset(names - NOT_WRITTEN)
    return _written_alone[model]


def _latest(looked_at: Mapping[str, Sequence[str]], origin: str, of: Mapping[str, str]) -> Iterator[Proposal]:
    """The latest proposal of a system about each field of some rows, with its ``state``."""
    events = ProposalEvent.objects.filter(proposal=OuterRef("pk")).order_by("-pk")
    known = Proposal.objects.filter(origin=origin[:150], **of)
    known = known.annotate(state=Subquery(events.values("kind")[:1]), told=Subquery(events.values("pk")[:1]))
    for table, keys in looked_at.items():
        for start in range(0, len(keys), AT_ONCE):
            told = known.filter(table=table, key__in=keys[start : start + AT_ONCE]).order_by("told")
            yield from {(one.key, one.field): one for one in told}.values()


def _is_unmoved(wish: Wish | None, declined: Proposal) -> bool:
    return wish is not None and wish.current == declined.current


def _make(wishes: list[Wish], origin: str, by: str) -> None:
    rows = [
        {
            "uuid": str(uuid4()),
            **dict(zip(("table", "key", "field"), one.place, strict=True)),
            "person": str(one.row.pk) if isinstance(one.row, Person) else None,
            "current": one.current,
            "proposed": printed(one.value),
            "owner": one.owner[:150],
        }
        for one in wishes
    ]
    if rows:
        text = dict.fromkeys(rows[0], pl.String)
        bulk.insert(Proposal, pl.DataFrame(rows, schema=text), {"origin": origin[:150], "at": _now(Proposal)})
        _tell([row["uuid"] for row in rows], "proposed", by)


def _tell(proposals: list[Any], kind: str, by: str) -> None:
    rows = pl.DataFrame({"proposal_id": [str(one) for one in proposals]}, schema={"proposal_id": pl.String})
    facts = {"kind": kind, "at": _now(ProposalEvent), "by": by[:150], "reason": ""}
    bulk.insert(ProposalEvent, rows, facts)


def _now(model: Any) -> str:
    return str(model._meta.get_field("at").get_db_prep_save(clock.now(), connection))
