"""Entries that may be one person: found by sets, with what speaks for it and against it. Nothing is ever put together
by itself."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from terakoya.kit import clock

from ..models import Alias, Enrolment, NotTheSame, Person

# what speaks for it, and how much of 100
WEIGHTS = {"identifier": 60, "kana_birth_sex": 50, "name_birth": 40, "name_class": 30}
AGAINST = {"other_birth": 40, "other_sex": 20, "other_identifier": 20}
LARGEST_GROUP = 8  # a value that more people share is a placeholder, not a sign
Key = tuple[UUID, UUID]


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one person. ``score`` is 0 to 100; ``grounds`` and ``against`` are keys of the tables."""

    one: Person
    other: Person
    score: int
    grounds: tuple[str, ...]
    against: tuple[str, ...]


def duplicates(among: "QuerySet[Person] | None" = None, on: date | None = None) -> list[Pair]:
    """The pairs that may be one person, the likeliest first; those about which somebody has said no are left out.

    among: people to whom both of a pair belong (default: all)
    """
    people = (Person.objects.all() if among is None else among).exclude(pk__in=Alias.objects.values("entry"))
    grounds: dict[Key, list[str]] = defaultdict(list)
    for name, groups in _groups(people, on or clock.today()):
        for group in groups:
            for key in combinations(sorted(group), 2):
                if name not in grounds[key]:
                    grounds[key].append(name)
    for told in NotTheSame.objects.values_list("one", "other"):
        grounds.pop(told, None)
    return _pairs(grounds)


def not_the_same(one: UUID, other: UUID, *, by: str, reason: str = "") -> NotTheSame:
    """Remember that two entries are two people. Saying it again changes nothing."""
    first, second = sorted((one, other))
    facts = {"at": clock.now(), "by": by[:150], "reason": reason[:255]}
    return NotTheSame.objects.get_or_create(one=first, other=second, defaults=facts)[0]


@transaction.atomic
def maybe_the_same(one: UUID, other: UUID) -> None:
    """Take that word back: the pair is asked about again."""
    first, second = sorted((one, other))
    NotTheSame.objects.filter(one=first, other=second).delete()


def _groups(people: "QuerySet[Person]", day: date) -> Iterator[tuple[str, Iterable[list[UUID]]]]:
    born = people.exclude(birth_date=None)
    named = ("official_family", "official_given")
    yield "identifier", _sharing(people.exclude(identifier=""), "identifier")
    kana = born.exclude(kana_family="", kana_given="")
    yield "kana_birth_sex", _sharing(kana, "kana_family", "kana_given", "birth_date", "sex")
    yield "name_birth", _sharing(born.exclude(official_family="", official_given=""), *named, "birth_date")
    pupils = Enrolment.objects.on(day).filter(role="student", person__in=people.values("pk"))
    places = pupils.annotate(family=F("person__official_family"), given=F("person__official_given"))
    yield "name_class", _sharing(places.exclude(family="", given=""), "school_class", "family", "given", of="person_id")


def _sharing(rows: "QuerySet[Any]", *fields: str, of: str = "pk") -> Iterable[list[UUID]]:
    """The keys of those who share the values of all fields, group by group."""
    many = rows.order_by().values(*fields).annotate(people=Count(of, distinct=True))
    shared = list(many.filter(people__gt=1, people__lte=LARGEST_GROUP).values_list(*fields))
    groups: dict[tuple[Any, ...], set[UUID]] = defaultdict(set)
    wanted = set(shared)
    for start in range(0, len(shared), 200):
        one_of = Q(**{f"{fields[0]}__in": {values[0] for values in shared[start : start + 200]}})
        for key, *values in rows.filter(one_of).values_list(of, *fields):
            if tuple(values) in wanted:
                groups[tuple(values)].add(key)
    return [sorted(group) for group in groups.values()]


def _pairs(grounds: dict[Key, list[str]]) -> list[Pair]:
    people = Person.objects.in_bulk({key for pair in grounds for key in pair})
    found = [_pair(people[one], people[other], names) for (one, other), names in grounds.items()]
    return sorted(found, key=lambda pair: (-pair.score, pair.one.kana, str(pair.one.pk)))


def _pair(one: Person, other: Person, grounds: list[str]) -> Pair:
    against = [
        name
        for name, field in (("other_birth", "birth_date"), ("other_sex", "sex"), ("other_identifier", "identifier"))
        if getattr(one, field) and getattr(other, field) and getattr(one, field) != getattr(other, field)
    ]
    score = sum(WEIGHTS[name] for name in grounds) - sum(AGAINST[name] for name in against)
    return Pair(one, other, max(0, min(100, score)), tuple(grounds), tuple(against))
