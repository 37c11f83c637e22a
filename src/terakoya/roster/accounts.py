"""Accounts follow the roster: who comes gets one, who is renamed is renamed, who has no role left is shut out."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from terakoya.identity import api as identity
from terakoya.kit import clock

from .models import Enrolment, Person, Role

Held = set[tuple[Any, ...]]
_followed: dict[str, date] = {}


def follow_roles(day: date, *, new: Iterable[UUID] = (), reference: str = "") -> None:
    """Open the accounts of people with a role on a day and close those of all others, at once with their sessions.

    new: people whose accounts have just been made, about whom nothing is told; to be called in a transaction
    """
    known = set(Person.objects.values_list("uuid", flat=True))
    with_role = Role.objects.on(day).values("person")
    present = set(Person.objects.filter(enabled=True, uuid__in=with_role).values_list("uuid", flat=True))
    identity.keep_open(present, known, quiet=set(new), reference=reference)


def follow_today() -> None:
    """What the day itself changes: roles that begin or end today without any import. Once a day in each process."""
    today = clock.today()
    if _followed.get("day") != today:
        follow_roles(today)
        _followed["day"] = today


def permissions_on(day: date) -> Held:
    """What decides on a day who may see what: roles at organisations, and who teaches which class."""
    roles = Role.objects.on(day).values_list("person", "name", "organisation")
    teaching = Enrolment.objects.on(day).filter(role="teacher").values_list("person", "role", "school_class")
    return set(roles) | set(teaching)


def tell_changes(before: Held, after: Held, *, new: Iterable[UUID], reference: str) -> None:
    """Tell of the people whose permissions are others than before; not of those who are new."""
    changed = {row[0] for row in before ^ after} - set(new)
    if changed:
        identity.tell("permission_changed", None, sorted(changed), reference)
