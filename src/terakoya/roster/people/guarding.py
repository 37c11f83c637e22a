"""Guardianship and the protection of addresses: begun, corrected and ended, each as a change that can be taken back."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery

from terakoya.kit import clock

from ..changing import Writing, changing
from ..errors import CannotGuard
from ..models import AddressProtection, Change, Guardianship, PeriodQuerySet

# as the register has them; what stands in the table is the key
RELATIONS = ("father", "mother", "grandparent", "sibling", "relative", "foster_parent", "facility_head", "guardian")


def begin(
    guardian: UUID,
    child: UUID,
    *,
    since: date,
    relation: str = "",
    has_custody: bool = True,
    by: str,
    note: str = "",
) -> Guardianship:
    """Enter a guardianship from a day on.

    ``has_custody`` is parental authority (Civil Code, arts. 818 and 819): who does not have it stands in the register,
    and decides nothing for the child. Raises ``CannotGuard``: ``same``, or ``known`` when it holds already.
    """
    known = Guardianship.objects.living().filter(guardian=guardian, child=child)
    _check(guardian, child, known, since)
    row = Guardianship(guardian_id=guardian, child_id=child, begins=since, relation=relation, has_custody=has_custody)
    return _made(row, known, by, note)


def correct(row: Guardianship, *, by: str, note: str = "", **facts: Any) -> Change:
    """Correct what was entered wrongly about a guardianship: relation, custody, first day. Raises ``CannotGuard``."""
    unknown = set(facts) - {"relation", "has_custody", "begins"}
    if unknown:
        raise ValueError(f"not corrected in place: {sorted(unknown)}")
    if row.ends is not None and facts.get("begins", row.begins) > row.ends:
        raise CannotGuard("dates")
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        writing.update([(row, facts)])
    return writing.change


def change_custody(row: Guardianship, has_custody: bool, *, since: date, by: str, note: str = "") -> Guardianship:
    """Custody changed on a day: the old period ends there, and one with the new custody begins."""
    _check_open(row, since)
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        writing.update([(row, {"ends": since, "closed_by_id": writing.change.pk})])
        new = Guardianship(
            guardian_id=row.guardian_id,
            child_id=row.child_id,
            relation=row.relation,
            has_custody=has_custody,
            begins=since,
        )
        writing.create([new])
    return new


def end(row: Guardianship | AddressProtection, *, on: date, by: str, note: str = "") -> Change:
    """End a guardianship or a protection; ``on`` is the first day on which it holds no longer."""
    _check_open(row, on)
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        writing.update([(row, {"ends": on, "closed_by_id": writing.change.pk})])
    return writing.change


def protect(
    person: UUID, hidden_from: UUID, *, since: date | None = None, by: str, note: str = ""
) -> AddressProtection:
    """Hide somebody's address and telephone number from somebody else, from a day on (default: today).

    The clause: Basic Resident Register Act, art. 12, support measures. Raises ``CannotGuard``.
    """
    day = since or clock.today()
    known = AddressProtection.objects.living().filter(person=person, hidden_from=hidden_from)
    _check(person, hidden_from, known, day)
    row = AddressProtection(person_id=person, hidden_from_id=hidden_from, begins=day)
    return _made(row, known, by, note)


def carry_over(writing: Writing) -> int:
    """Let guardianships that come back with a delivery be as they were: no delivery tells relation and custody.

    For a change that has written new periods of pairs; how many were known before. Whoever was without custody must
    not have it again because a list left them out for a day.
    """
    made = Guardianship.objects.filter(made_by=writing.change)
    earlier = Guardianship.objects.filter(guardian=OuterRef("guardian"), child=OuterRef("child")).exclude(
        made_by=writing.change
    )
    latest = earlier.order_by("-begins", "-pk")
    returned = made.annotate(was=Subquery(latest.values("pk")[:1])).exclude(was=None)
    rows = list(returned)
    before = Guardianship.objects.in_bulk([row.was for row in rows])
    facts = {row.pk: before[row.was] for row in rows}
    return writing.update(
        (row, {"has_custody": facts[row.pk].has_custody, "relation": facts[row.pk].relation}) for row in rows
    )


def _made(row: Any, before: "PeriodQuerySet[Any]", by: str, note: str) -> Any:
    """Write a new period; one of the pair that has ended makes way for it under its key."""
    with changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        writing.update((one, {"closed_by_id": writing.change.pk}) for one in before)
        writing.create([row])
    return row


def _check(one: UUID, other: UUID, known: "PeriodQuerySet[Any]", since: date) -> None:
    if one == other:
        raise CannotGuard("same")
    if known.filter(Q(ends=None) | Q(ends__gt=since)).exists():
        raise CannotGuard("known")


def _check_open(row: Guardianship | AddressProtection, day: date) -> None:
    if row.closed_by_id is not None:
        raise CannotGuard("closed")
    if day < row.begins:
        raise CannotGuard("dates")
