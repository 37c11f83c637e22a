"""What the register says of one person through the years: every period, every name, every change that touched them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from .. import journal
from ..models import (
    AddressProtection,
    Alias,
    Before,
    Change,
    Enrolment,
    Guardianship,
    NameChoice,
    PastName,
    Person,
    Role,
)
from .aliases import also_known_as

JOURNALS = 200  # how many parts of the journal are read for one person at most: those of the latest changes


@dataclass(frozen=True)
class History:
    """The rows about somebody, the latest first; past ones and closed ones too."""

    enrolments: list[Enrolment]
    roles: list[Role]
    guardians: list[Guardianship]
    children: list[Guardianship]
    protections: list[AddressProtection]
    past_names: list[PastName]
    choices: list[NameChoice]
    entries: list[Alias]


@dataclass(frozen=True)
class Touched:
    """A change and what of somebody it found otherwise, by field; nothing in ``before`` where it made the entry."""

    change: Change
    before: dict[str, Any]


def history_of(person: UUID) -> History:
    """All periods, names and other entries of somebody. Rows that never held on any day are left out."""
    keys = also_known_as(person)
    enrolments = Enrolment.objects.filter(person=person).select_related("school_class__school")
    roles = Role.objects.filter(person=person).select_related("organisation")
    guarded = Guardianship.objects.select_related("guardian", "child")
    return History(
        _held(enrolments),
        _held(roles),
        _held(guarded.filter(child=person)),
        _held(guarded.filter(guardian=person)),
        _held(AddressProtection.objects.filter(person=person).select_related("hidden_from")),
        list(PastName.objects.filter(person__in=keys).order_by("-until", "-pk")),
        list(NameChoice.objects.filter(person__in=keys).select_related("made_by")),
        list(Alias.objects.filter(person=person).select_related("entry", "made_by")),
    )


def changes_of(person: Person) -> list[Touched]:
    """The changes that touched somebody's own entry, the latest first, with what stood there before.

    Of the journal only the parts of changes that are not older than the entry are read.
    """
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    later = Q(change__gte=person.made_by_id or 0)
    for part in Before.objects.filter(later, table="Person", is_gone=False).order_by("-change")[:JOURNALS]:
        image = next((facts for key, facts in journal.images_of(part)[1] if key == person.pk), None)
        if image is not None:
            found[part.change_id] |= {name: value for name, value in image.items() if name != "change_id"}
    numbers = {*found, *(number for number in (person.made_by_id, person.change_id) if number)}
    changes = Change.objects.filter(pk__in=numbers).order_by("-number")
    return [Touched(change, found.get(change.pk, {})) for change in changes]


def changes_about(person: UUID, limit: int = 20) -> list[tuple[Change, list[str]]]:
    """The latest single changes about somebody, with the tables that each touched of theirs: corrections and moves.

    Imports, school years and merges are about many, and are taken back elsewhere; what was taken back is left out.
    """
    keys = also_known_as(person)
    about = [
        (Person, Q(pk__in=keys)),
        (Role, Q(person__in=keys)),
        (Enrolment, Q(person__in=keys)),
        (PastName, Q(person__in=keys)),
        (NameChoice, Q(person__in=keys)),
        (Guardianship, Q(child__in=keys) | Q(guardian__in=keys)),
        (AddressProtection, Q(person__in=keys) | Q(hidden_from__in=keys)),
    ]
    tables: dict[int, list[str]] = defaultdict(list)
    for model, condition in about:
        rows = model._default_manager.filter(condition).values_list("made_by", "change")
        for number in sorted({number for row in rows for number in row if number}):
            tables[number].append(model.__name__)
    single = Change.objects.filter(pk__in=tables, kind__in=(Change.Kind.CORRECTION, Change.Kind.MOVE))
    return [(one, tables[one.pk]) for one in single.filter(undone_by=None)[:limit]]


def places_on(people: Iterable[UUID], day: date) -> dict[UUID, str]:
    """Where each of some people is on a day, in one phrase: school and homeroom, else the organisation."""
    keys = list(people)
    roles = Role.objects.on(day).filter(person__in=keys).order_by("is_primary", "-pk").select_related("organisation")
    found = {row.person_id: row.organisation.name for row in roles}
    homerooms = Enrolment.objects.on(day).filter(person__in=keys, role="student", school_class__kind="homeroom")
    for row in homerooms.select_related("school_class__school").order_by("begins", "pk"):
        found[row.person_id] = f"{row.school_class.school.name} {row.school_class.title}"
    return found


def _held(rows: Any) -> list[Any]:
    return [row for row in rows.order_by("-begins", "-pk") if row.ends is None or row.ends > row.begins]
