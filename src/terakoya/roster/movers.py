"""Pupils who move to another municipality, and what it may be told of them.

Never told: where somebody lives or can be reached, and who is a guardian from whom the family's address is hidden.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from msgspec import Meta

from .errors import CannotChange
from .models import AddressProtection, Enrolment, Person
from .queries import guardianships

Name = Annotated[str, Meta(max_length=150)]
Word = Annotated[str, Meta(max_length=255)]
SEXES = ("", "female", "male", "other", "unspecified")
SPOKEN = ("official", "display", "kana", "official_kana")
NAMES = tuple(f"{which}_{part}" for which in SPOKEN for part in ("family", "given", "middle"))


@dataclass(frozen=True, kw_only=True)
class Named:
    """Somebody by the person key and the three names with their readings."""

    key: UUID
    official_family: Name = ""
    official_given: Name = ""
    official_middle: Name = ""
    display_family: Name = ""
    display_given: Name = ""
    display_middle: Name = ""
    kana_family: Name = ""
    kana_given: Name = ""
    kana_middle: Name = ""
    official_kana_family: Name = ""
    official_kana_given: Name = ""
    official_kana_middle: Name = ""

    @property
    def name(self) -> str:
        """As pages show it: the display name, the official one where there is no other."""
        return " ".join(filter(None, (self.display_family, self.display_given))) or self.official_name

    @property
    def kana(self) -> str:
        return " ".join(filter(None, (self.kana_family, self.kana_given)))

    @property
    def official_name(self) -> str:
        return " ".join(filter(None, (self.official_family, self.official_middle, self.official_given)))


@dataclass(frozen=True, kw_only=True)
class Guard(Named):
    """A guardian with custody; ``since`` is the first day of the guardianship."""

    relation: Annotated[str, Meta(max_length=40)] = ""
    since: date


@dataclass(frozen=True, kw_only=True)
class Hiding:
    """Somebody's address is hidden from somebody else, since a day."""

    person: UUID
    hidden_from: Named
    since: date


@dataclass(frozen=True, kw_only=True)
class Stay:
    """A time in one class of a school; ``ends`` is the first day on which it holds no longer, None while it goes on."""

    school: Word
    school_code: Word = ""
    class_title: Word = ""
    grade: Word = ""
    begins: date
    ends: date | None = None


@dataclass(frozen=True, kw_only=True)
class Mover:
    """A pupil who moves: who they are, where they were, who answers for them, and from whom their address is hidden."""

    pupil: Named
    birth_date: date | None = None
    sex: Annotated[str, Meta(max_length=20)] = ""
    grade: Word = ""
    stays: list[Stay] = field(default_factory=list)
    guardians: list[Guard] = field(default_factory=list)
    hidings: list[Hiding] = field(default_factory=list)

    @property
    def others(self) -> dict[UUID, Named]:
        """Everybody else whom the package names, by key."""
        return {one.key: one for one in (*(each.hidden_from for each in self.hidings), *self.guardians)}


def mover_of(pupil: UUID, last_day: date) -> Mover:
    """What another municipality may be told of a pupil as of the last day here. Raises ``CannotChange``.

    Guardians are those with custody, but for those from whom the pupil or another guardian is hidden: these are named
    only as the ones from whom the pupil's address is to be hidden there too, from the first hour.
    """
    person = Person.objects.filter(pk=pupil).first()
    stays = stays_of(pupil)
    if person is None or not any(one.begins <= last_day and (not one.ends or one.ends > last_day) for one in stays):
        raise CannotChange(_("This pupil is in no class here on that day. Choose another last day."))
    guards = list(guardianships(last_day).filter(child_id=pupil).select_related("guardian").order_by("pk"))
    orders = list(_orders({pupil, *(one.guardian_id for one in guards)}, last_day))
    hidden = {one.hidden_from_id for one in orders}
    going = [one for one in guards if one.guardian_id not in hidden]
    return Mover(
        pupil=named(person),
        birth_date=person.birth_date,
        sex=person.sex,
        grade=next((one.grade for one in reversed(stays) if one.grade and "," not in one.grade), person.grade),
        stays=stays,
        guardians=[
            Guard(**_names(one.guardian), key=one.guardian_id, relation=one.relation, since=one.begins) for one in going
        ],
        hidings=list(_hidings(pupil, orders, {one.guardian_id for one in going})),
    )


def exposed_by_a_guardian(pupil: UUID, on: date) -> bool:
    """Whether a guardian's address is hidden from somebody from whom the pupil's own is not.

    Where the pupil goes would tell that one where the guardian lives.
    """
    guardians = set(guardianships(on).filter(child_id=pupil).values_list("guardian_id", flat=True))
    orders = list(_orders({pupil, *guardians}, on))
    return bool(
        {one.hidden_from_id for one in orders} - {one.hidden_from_id for one in orders if one.person_id == pupil}
    )


def named(person: Person) -> Named:
    """Somebody of the roster by key and names."""
    return Named(key=person.pk, **_names(person))


def stays_of(pupil: UUID) -> list[Stay]:
    """The homerooms somebody was in here, in order; neighbouring ones of one school are told one by one."""
    rows = Enrolment.objects.filter(person_id=pupil, role="student", school_class__kind="homeroom")
    return [
        Stay(
            school=row.school_class.school.name,
            school_code=row.school_class.school.code,
            class_title=row.school_class.title,
            grade=row.school_class.grades,
            begins=row.begins,
            ends=row.ends,
        )
        for row in rows.select_related("school_class__school").order_by("begins", "pk")
        if row.ends is None or row.ends > row.begins
    ]


def _orders(people: set[UUID], day: date) -> "QuerySet[AddressProtection]":
    return AddressProtection.objects.on(day).filter(person__in=people).select_related("hidden_from").order_by("pk")


def _hidings(pupil: UUID, orders: list[AddressProtection], going: set[UUID]) -> Iterable[Hiding]:
    """The orders of the pupil and of the guardians who go; from whom a guardian is hidden, the pupil is hidden too."""
    told = set()
    for one in orders:
        for person in {one.person_id, pupil}:
            if (person == pupil or person in going) and (person, one.hidden_from_id) not in told:
                told.add((person, one.hidden_from_id))
                yield Hiding(person=person, hidden_from=named(one.hidden_from), since=one.begins)


def _names(person: Person) -> dict[str, str]:
    return {name: getattr(person, name) for name in NAMES}
