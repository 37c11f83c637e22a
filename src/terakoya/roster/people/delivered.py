"""A delivery by a system that still has two entries for one person, as if it knew that they are one.

Its lines about an entry that was put together with somebody are lines about that person. Where both say the same, and
where the decision said which row stands, the person's own line counts; so that no import brings a duplicate back.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import polars as pl

from ..delivery import Delivery
from ..models import Alias, Enrolment, Role

Frame = pl.DataFrame
SAYS_ROLE, SAYS_ENROLMENT = ("organisation", "name"), ("school_class", "role")


def as_one(delivery: Delivery) -> Delivery:
    """The delivery with the lines of such entries in the name of the person; itself where there are none."""
    rows = Alias.objects.values_list("entry__sourced_id", "person__sourced_id", "person__username")
    known = Frame(list(rows), schema=["entry", "person", "username"], orient="row") if rows else Frame()
    if known.is_empty():
        return delivery
    roles = partial(_periods, delivery.roles, known, SAYS_ROLE, _decided(Role))
    enrolments = partial(_periods, delivery.enrolments, known, SAYS_ENROLMENT, _decided(Enrolment))
    protections, part = delivery.protections, delivery.part
    if part is not None and part.births is not None:
        part = replace(part, births=_births(part.births, known))
    return replace(
        delivery,
        people=partial(_people, delivery.people, known),
        roles=roles,
        enrolments=enrolments,
        guardianships=_pairs(delivery.guardianships, known, "guardian", "child"),
        protections=None if protections is None else _pairs(protections, known, "person", "hidden_from"),
        part=part,
    )


def _people(frames: Callable[[], Any], known: Frame) -> Iterator[Frame]:
    """Lines of entries are left out where the person's own line is there; else the first of them is the person's."""
    here = _keys(frames(), "key", known["person"])
    taken = set(here)
    for frame in frames():
        rows = frame.join(known.rename({"entry": "key"}), "key", "left", maintain_order="left", suffix="_kept")
        is_entry = pl.col("person").is_not_null()
        doubled = is_entry & (pl.col("person").is_in(list(taken)) | pl.col("person").is_duplicated())
        rows = rows.filter(~doubled | ~is_entry)
        taken |= set(rows.filter(is_entry)["person"])
        as_person = {"key": pl.coalesce("person", "key")}
        if "username_kept" in rows.columns:
            as_person["username"] = pl.coalesce("username_kept", "username")
        if "uuid" in rows.columns:
            as_person["uuid"] = pl.when(is_entry).then(None).otherwise("uuid")
        yield rows.with_columns(**as_person).select(frame.columns)


def _periods(frames: Callable[[], Any], known: Frame, says: tuple[str, str], decided: pl.Series) -> Iterator[Frame]:
    own = [frame.filter(pl.col("person").is_in(known["person"].implode())) for frame in frames()]
    said = pl.concat(own).select("person", *says).unique() if own else Frame()
    speaks = said["person"].unique().to_list() if len(said) else []
    names = known.select(pl.col("entry"), kept="person")
    for frame in frames():
        rows = frame.join(names, left_on="person", right_on="entry", how="left", maintain_order="left")
        rows = rows.with_columns(is_entry=pl.col("kept").is_not_null(), person=pl.coalesce("kept", "person"))
        if len(said):
            rows = rows.join(said.with_columns(is_said=True), ["person", *says], "left", maintain_order="left")
            stands = pl.col("is_said").fill_null(value=False) | pl.col("key").is_in(decided.implode())
            rows = rows.filter(~(pl.col("is_entry") & pl.col("person").is_in(speaks) & stands))
        yield rows.select(frame.columns)


def _births(births: Frame, known: Frame) -> Frame:
    own = births.filter(~pl.col("key").is_in(known["entry"].implode()))
    names = dict(zip(known["entry"], known["person"], strict=True))
    return pl.concat([own, births.with_columns(pl.col("key").replace(names))]).unique("key", keep="first")


def _pairs(pairs: Frame, known: Frame, one: str, other: str) -> Frame:
    names = dict(zip(known["entry"], known["person"], strict=True))
    rows = pairs.with_columns(pl.col(one).replace(names), pl.col(other).replace(names))
    return rows.filter(pl.col(one) != pl.col(other)).unique([one, other], maintain_order=True)


def _decided(model: Any) -> pl.Series:
    """The identifiers of rows that merges closed: which row stands instead has been decided."""
    closed = model.objects.filter(closed_by__in=Alias.objects.values("made_by"))
    return pl.Series("key", list(closed.values_list("sourced_id", flat=True)), pl.String)


def _keys(frames: Any, column: str, wanted: pl.Series) -> list[str]:
    return [key for frame in frames for key in frame.filter(pl.col(column).is_in(wanted.implode()))[column]]
