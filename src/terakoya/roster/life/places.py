"""Schools, and who keeps the register of which."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from terakoya.kit import clock
from terakoya.roster.models import Organisation, Role, SchoolClass

# the roles by which somebody keeps the register of a school (OneRoster 1.2)
KEEPERS = ("principal", "siteAdministrator")
FIRST_MONTH = 4


def schools(keys: Collection[UUID] | None = None) -> list[Organisation]:
    """The schools that are not closed, by name; with keys, those of them."""
    with_classes = SchoolClass.objects.values("school")
    found = Organisation.objects.filter(ended=None, uuid__in=with_classes).order_by("name")
    return list(found if keys is None else found.filter(uuid__in=keys))


def schools_kept_by(person: UUID, on: date | None = None) -> list[Organisation]:
    """The schools whose register somebody keeps on a day (default: today), by name."""
    roles = Role.objects.on(on or clock.today()).filter(person_id=person, name__in=KEEPERS)
    return list(Organisation.objects.filter(uuid__in=roles.values("organisation")).order_by("name"))


def first_day(school_year: int) -> date:
    """The first day of a school year (School Education Act enforcement ordinance, art. 59)."""
    return date(school_year, FIRST_MONTH, 1)


def coming_year(today: date | None = None) -> int:
    """The school year that comes after the one of a day (default: today)."""
    return clock.school_year(today or clock.today()) + 1
