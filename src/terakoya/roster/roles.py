"""Roles that begin here and not in a package."""

from datetime import date
from uuid import UUID, uuid4

from .models import Role


def begun_role(person: UUID, school: UUID, name: str, day: date, *, is_primary: bool = True) -> Role:
    """A role from a day on, under an identifier of this node; not written yet."""
    return Role(
        sourced_id=str(uuid4()),
        person_id=person,
        organisation_id=school,
        name=name,
        is_primary=is_primary,
        begins=day,
        stated_begins=day,
    )
