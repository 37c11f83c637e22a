"""Accounts follow the roster: who comes gets one, who is renamed is renamed, who has no role left is shut out."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from terakoya.identity import api as identity
from terakoya.kit import clock

from .models import Enrolment, Person, Role

if TYPE_CHECKING:
    from .changing import Writing

AT_ONCE = 500
LONGEST_NAME = 120
LETTERS_OF_A_LOGIN_NAME = 12
Held = set[tuple[Any, ...]]
_followed: dict[str, date] = {}


def follow_roles(
    day: date, *, new: Iterable[UUID] = (), reference: str = "", of: Collection[UUID] | None = None
) -> None:
    """Open the accounts of people with a role on a day and close those of all others, at once with their sessions.

    new: people whose accounts have just been made, about whom nothing is told; to be called in a transaction
    of: look at these people only
    """
    known = set(Person.objects.values_list("uuid", flat=True)) if of is None else set(of)
    has_role = Exists(Role.objects.on(day).filter(person=OuterRef("pk")))
    open_people = Person.objects.filter(has_role, enabled=True)
    present = {one for part in _of(open_people, "uuid", of) for one in part.values_list("uuid", flat=True)}
    identity.keep_open(present, known, quiet=set(new), reference=reference)


def login_name(key: UUID) -> str:
    """The login name of somebody to whom no system has given one."""
    return f"u{key.hex[:LETTERS_OF_A_LOGIN_NAME]}"


def make(people: Iterable[Person]) -> list[Person]:
    """Give people who have none an account, without a password; those are returned whose login name is another's."""
    by_key = {one.pk: one for one in people if one.username}
    wanted = [identity.NewAccount(one.username, one.name[:LONGEST_NAME], key) for key, one in by_key.items()]
    return [by_key[one.person] for one in identity.create_accounts(wanted)]


def follow_today() -> None:
    """What the day itself changes: roles that begin or end today without any import. Once a day in each process."""
    today = clock.today()
    if _followed.get("day") != today:
        follow_roles(today)
        _followed["day"] = today


def close(people: Collection[UUID], *, reference: str = "") -> None:
    """Shut out people of whom the roster knows nothing any more, at once with their sessions."""
    identity.keep_open((), people, reference=reference)


def permissions_on(day: date, of: Collection[UUID] | None = None) -> Held:
    """What decides on a day who may see what: roles at organisations, and who teaches which class."""
    found: Held = set()
    for roles in _of(Role.objects.on(day), "person", of):
        found |= set(roles.values_list("person", "name", "organisation"))
    for teaching in _of(Enrolment.objects.on(day).filter(role="teacher"), "person", of):
        found |= set(teaching.values_list("person", "role", "school_class"))
    return found


def permissions_before(day: date, of: Collection[UUID], writing: "Writing") -> Held:
    """The same as it was before a change that is not finished."""
    found: Held = set()
    for model, names in ((Role, ("name", "organisation_id")), (Enrolment, ("role", "school_class_id"))):
        for rows in _of(model._default_manager.exclude(made_by=writing.change), "person", of):
            for row in rows:
                was = writing.before(row)
                is_held = was("begins") <= day and (was("ends") is None or was("ends") > day)
                if is_held and (model is Role or was("role") == "teacher"):
                    found.add((was("person_id"), *(was(name) for name in names)))
    return found


def _of(rows: QuerySet[Any], field: str, people: Collection[UUID] | None) -> Iterator[QuerySet[Any]]:
    """Rows of some people, in parts; of all of them where none are named."""
    if people is None:
        yield rows
        return
    keys = sorted(people)
    for start in range(0, len(keys), AT_ONCE):
        yield rows.filter(**{f"{field}__in": keys[start : start + AT_ONCE]})


def tell_changes(before: Held, after: Held, *, new: Iterable[UUID], reference: str) -> None:
    """Tell of the people whose permissions are others than before; not of those who are new."""
    changed = {row[0] for row in before ^ after} - set(new)
    if changed:
        identity.tell("permission_changed", None, sorted(changed), reference)
