"""What putting two entries together would do: shown before it is done, and done as shown."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from terakoya.kit import clock

from ..errors import CannotMerge
from ..models import AddressProtection, Alias, Enrolment, Guardianship, Period, Person
from .periods import Span, end_of, left_of, span_of
from .ties import Tie, ties

# identifiers and what follows from the rows are not chosen: the kept entry has its own, and the old ones still answer
NOT_CHOSEN = ("uuid", "sourced_id", "username", "enabled", "ended", "made_by", "change")


@dataclass(frozen=True)
class Difference:
    """A field in which the entries differ: what the kept one has, and what the other."""

    field: str
    kept: Any
    other: Any

    @property
    def fills_a_gap(self) -> bool:
        return self.kept in ("", None)


@dataclass(frozen=True)
class Conflict:
    """Two rows that both cannot stay as they are. ``kind``: ``same`` (they say the same of common days; the kept one
    stands), ``homeroom`` (two homerooms on one day; the other's ends that day).
    """

    kind: str
    kept: Any
    other: Any

    @property
    def table(self) -> str:
        return type(self.other).__name__


@dataclass
class Plan:
    """Which rows go over as they are, cut or not at all. ``writes`` are the facts for each touched row."""

    person: Person
    entry: Person
    day: date
    differences: list[Difference] = field(default_factory=list)
    moves: dict[str, int] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    writes: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)
    closes: list[tuple[Any, dict[str, Any]]] = field(default_factory=list)  # first: a key may live only once

    @property
    def gaps(self) -> list[str]:
        """The fields that the kept entry does not have: to be taken unless somebody says otherwise."""
        return [one.field for one in self.differences if one.fills_a_gap]


def choosable() -> list[str]:
    """The fields of a person of which one may be taken from the other entry."""
    return [one.name for one in Person._meta.concrete_fields if one.name not in NOT_CHOSEN]


def plan(person: Person, entry: Person, day: date | None = None) -> Plan:
    """What would become of ``entry`` if it was ``person`` as of a day (default: today).

    Raises ``CannotMerge`` with its reason.
    """
    _check(person, entry)
    found = Plan(person, entry, day or clock.today())
    for name in choosable():
        kept, other = getattr(person, name), getattr(entry, name)
        if kept != other and other not in ("", None):
            found.differences.append(Difference(name, kept, other))
    for tie in ties():
        _plan_tie(found, tie)
    return found


def _check(person: Person, entry: Person) -> None:
    if person.pk == entry.pk:
        raise CannotMerge("same")
    if Alias.objects.filter(entry__in=[person.pk, entry.pk]).exists():
        raise CannotMerge("alias")
    both = (person.pk, entry.pk), (entry.pk, person.pk)
    guards = Guardianship.objects.filter(_any("guardian", "child", both)).exists()
    if guards or AddressProtection.objects.filter(_any("person", "hidden_from", both)).exists():
        raise CannotMerge("family")


def _any(one: str, other: str, pairs: Any) -> Q:
    first, second = pairs
    return Q(**{one: first[0], other: first[1]}) | Q(**{one: second[0], other: second[1]})


def _plan_tie(found: Plan, tie: Tie) -> None:
    rows = list(tie.rows(found.entry.pk))
    if not rows:
        return
    own = list(tie.rows(found.person.pk))
    for row in rows:
        if tie.says and issubclass(tie.model, Period):
            _plan_period(found, tie, row, own)
        else:
            _goes_over(found, tie, row, {})


def _plan_period(found: Plan, tie: Tie, row: Any, own: list[Any]) -> None:
    same = [one for one in own if tie.saying(one) == tie.saying(row)]
    span = span_of(row)
    left = [span] if span.is_empty else left_of(span, [span_of(one) for one in same])
    if left != [span]:
        found.conflicts.extend(Conflict("same", one, row) for one in _meeting(span, same))
    if not left:  # nothing of it is news: it stays with the entry, and holds on no day
        found.closes.append((row, {"ends": row.begins, "closed": True}))
        return
    _begin_earlier(found, left[:-1], same)
    facts: dict[str, Any] = {}
    if left[-1] != span:
        facts = {"begins": left[-1].begins, "ends": end_of(left[-1])}
    if any(one.closed_by_id is None for one in same) and row.closed_by_id is None:
        facts |= {"ends": end_of(left[-1]), "closed": True}
    elif (homeroom := _second_homeroom(found, row, own)) is not None:
        found.conflicts.append(Conflict("homeroom", homeroom, row))
        facts |= {"ends": max(found.day, row.begins), "closed": True}
    _goes_over(found, tie, row, facts)


def _begin_earlier(found: Plan, parts: list[Span], same: list[Any]) -> None:
    """Stretches between rows of the person's own: the next of them begins where such a stretch does.

    Several rows of the entry may say days before the same row: it begins with the first of them.
    """
    for part in parts:
        follower = next(one for one in same if one.begins == part.ends)
        planned = [facts["begins"] for row, facts in found.writes if row is follower]
        found.writes.append((follower, {"begins": min([part.begins, *planned])}))


def _goes_over(found: Plan, tie: Tie, row: Any, facts: dict[str, Any]) -> None:
    found.moves[tie.model.__name__] = found.moves.get(tie.model.__name__, 0) + 1
    if facts.get("closed"):
        found.closes.append((row, facts | {tie.column: found.person.pk}))
    else:
        found.writes.append((row, facts | {tie.column: found.person.pk}))


def _meeting(span: Span, rows: list[Any]) -> Iterator[Any]:
    return (one for one in rows if left_of(span, [span_of(one)]) != [span])


def _second_homeroom(found: Plan, row: Any, own: list[Any]) -> Any:
    """The homeroom in which the person is on the day, where the row is another one on the same day."""
    if not _is_homeroom(row, found.day):
        return None
    return next((one for one in own if _is_homeroom(one, found.day)), None)


def _is_homeroom(row: Any, day: date) -> bool:
    if not isinstance(row, Enrolment) or row.role != "student" or row.school_class.kind != "homeroom":
        return False
    return row.begins <= day and (row.ends is None or row.ends > day)
