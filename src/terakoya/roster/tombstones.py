"""Rows that were taken away because they never were true, such as those of an import that was taken back.

Their images stand in the journal, in parts of some thousands. Whoever follows the roster is told of them; nothing is
kept for it beside the journal, and a page opens only the parts that it needs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from . import journal
from .models import Before, Course, Enrolment, Organisation, Period, Person, SchoolClass

AT_ONCE = 500
Row = dict[str, Any]
Schools = frozenset[UUID] | None


@dataclass(frozen=True)
class Part:
    """A part of the journal: the change that took its rows away, and how many of them are told."""

    number: int
    change: int
    rows: int


@lru_cache(64)
def parts_of(table: str, schools: Schools, change: int) -> tuple[Part, ...]:
    """The parts with rows of a table, what was taken away first before the rest.

    table: the name of its model; schools: only what belonged to these (None: all); change: the latest one
    """
    found = Before.objects.filter(table=table, is_gone=True).order_by("change", "pk").values_list("pk", "change_id")
    return tuple(Part(number, taken, len(rows_of(number, schools, change))) for number, taken in list(found))


@lru_cache(4)
def rows_of(number: int, schools: Schools, change: int) -> tuple[Row, ...]:
    """The rows of a part that are not there again, as ``values()`` has them, each ended by what took it away."""
    part = Before.objects.select_related("change").get(pk=number)
    model, images = journal.images_of(part)
    is_inside = _inside(model, schools, change)
    if issubclass(model, Period):
        end: Row = {"closed_by_id": part.change_id}
    else:
        end = {"ended": part.change.at.date()}
    own = {"change_id": part.change_id, **end}
    rows = [{"pk": key, model._meta.pk.attname: key, **facts, **own} for key, facts in images if is_inside(key, facts)]
    back = _there(model, [row["sourced_id"] for row in rows])
    return tuple(row for row in rows if row["sourced_id"] not in back)


@lru_cache(16)
def names_of(table: str, change: int) -> dict[Any, tuple[str, UUID | None]]:
    """By key the identifiers of rows that are no more, of a class with its school; as of a change."""
    return {key: (facts["sourced_id"], facts.get("school_id")) for key, facts in _images_of(table)}


def roles_of(people: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """The roles that people had and that were taken away."""
    asked, found = set(people), defaultdict[UUID, list[Row]](list)
    for _key, facts in _images_of("Role") if asked else ():
        if facts["person_id"] in asked:
            found[facts["person_id"]].append(facts)
    return found


def _images_of(table: str) -> Iterator[tuple[Any, Row]]:
    for part in Before.objects.filter(table=table, is_gone=True).order_by("change", "pk").iterator(1):
        yield from journal.images_of(part)[1]


def _there(model: Any, identifiers: list[str]) -> set[str]:
    found = set[str]()
    for start in range(0, len(identifiers), AT_ONCE):
        same = model._default_manager.filter(sourced_id__in=identifiers[start : start + AT_ONCE])
        found |= set(same.values_list("sourced_id", flat=True))
    return found


def _inside(model: Any, schools: Schools, change: int) -> Callable[[Any, Mapping[str, Any]], bool]:
    """Whether a row that was taken away belonged to the schools."""
    if schools is None:
        return lambda key, facts: True
    if model is Enrolment:
        classes = _classes_of(schools, change)
        return lambda key, facts: facts["school_class_id"] in classes
    if model is Person:
        people = _people_of(schools, change)
        return lambda key, facts: key in people
    places = {Organisation: None, Course: "organisation_id", SchoolClass: "school_id"}
    if model not in places:
        return lambda key, facts: True
    column = places[model]
    return lambda key, facts: (facts[column] if column else key) in schools


@lru_cache(4)
def _classes_of(schools: frozenset[UUID], change: int) -> frozenset[UUID]:
    gone = {key for key, (_name, school) in names_of("SchoolClass", change).items() if school in schools}
    return frozenset(gone | set(SchoolClass.objects.filter(school__in=schools).values_list("pk", flat=True)))


@lru_cache(4)
def _people_of(schools: frozenset[UUID], change: int) -> frozenset[UUID]:
    roles = (facts for _key, facts in _images_of("Role"))
    return frozenset(facts["person_id"] for facts in roles if facts["organisation_id"] in schools)
