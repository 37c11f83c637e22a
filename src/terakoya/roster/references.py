"""References from other rooms: the identifiers by which systems know rows, and the keys that rooms keep of them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from .models import AcademicSession, Course, Enrolment, Organisation, Person, SchoolClass
from .people import aliases

AT_ONCE = 500
# by the word of OneRoster for what is referred to: the table, and the column that other rooms keep
TABLES: Mapping[str, tuple[Any, str]] = {
    "user": (Person, "uuid"),
    "class": (SchoolClass, "uuid"),
    "org": (Organisation, "uuid"),
    "course": (Course, "sourced_id"),
    "academicSession": (AcademicSession, "sourced_id"),
}


def keys_of(kind: str, sourced_ids: Iterable[str]) -> dict[str, UUID | str]:
    """The keys of those of some identifiers that the roster knows. ``kind`` is a key of ``TABLES``.

    The old identifier of somebody who was put together with another entry has the key of the person that is left.
    """
    model, key = TABLES[kind]
    found: dict[str, Any] = dict(_pairs(model, "sourced_id", key, sourced_ids))
    kept = _kept(found.values()) if kind == "user" else {}
    return {one: kept.get(known, known) for one, known in found.items()}


def sourced_ids_of(kind: str, keys: Iterable[UUID | str]) -> dict[UUID | str, str]:
    """The identifiers by which systems know rows with some keys; old keys of somebody lead to the person as well."""
    model, key = TABLES[kind]
    asked = list(keys)
    kept = _kept(asked) if kind == "user" else {}
    found = dict(_pairs(model, key, "sourced_id", (kept.get(one, one) for one in asked)))
    return {one: found[kept.get(one, one)] for one in asked if kept.get(one, one) in found}


def schools_of_classes(classes: Iterable[UUID]) -> dict[UUID, UUID]:
    """The school of each of some classes."""
    return dict(_pairs(SchoolClass, "uuid", "school_id", classes))


def classes_of_schools(schools: Iterable[UUID]) -> list[UUID]:
    """The classes of some schools, those that are over too."""
    return list(SchoolClass.objects.filter(school__in=list(schools)).values_list("uuid", flat=True))


def ever_pupils_of(classes: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """Pairs of a person and one of some classes of which they are, were or will be a pupil."""
    found: set[tuple[UUID, UUID]] = set()
    for some in _parts(classes):
        rows = Enrolment.objects.filter(school_class_id__in=some, role="student")
        found |= set(rows.values_list("person_id", "school_class_id"))
    return found


def _kept(keys: Iterable[Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for some in _parts(keys):
        found |= aliases.kept_keys(some)
    return found


def _pairs(model: Any, by: str, value: str, wanted: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    for some in _parts(wanted):
        yield from model.objects.filter(**{f"{by}__in": some}).values_list(by, value)


def _parts(wanted: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(dict.fromkeys(wanted))
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]
