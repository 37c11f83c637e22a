"""Pupils who come from another municipality: taken in with their guardians and from whom their address is hidden."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from . import accounts, changing
from .changing import Writing
from .errors import CannotChange
from .life import moves
from .models import AddressProtection, Alias, Change, Guardianship, Person, SchoolClass
from .movers import NAMES, Mover, Named
from .people import aliases


def take_in(
    mover: Mover, to: SchoolClass, day: date, *, by: str, number: int | None = None, note: str = ""
) -> list[Change]:
    """Take a pupil from another municipality in, as of a day: the changes made, in order; the last is undone first.

    Whoever has the key already is that person: a pupil who comes back is the one of before, with the names of today; a
    guardian who is known stays as the roster has them. Whoever is new gets an account. Raises ``CannotChange`` where
    the pupil is at a school here on that day, the key belongs to somebody born on another day, or class, grade and day
    do not go together.
    """
    with changing.changing(Change.Kind.MOVE, by=by, note=note) as writing:
        keys = aliases.kept_keys([mover.pupil.key, *mover.others])
        pupil = keys.get(mover.pupil.key, mover.pupil.key)
        _write_pupil(writing, mover, pupil)
        _write_others(writing, mover.others.values(), keys)
        _write_periods(writing, mover, pupil, keys)
        _make_accounts({pupil, *(keys.get(one.key, one.key) for one in mover.guardians)})
    moved = moves.come_back(pupil, to, day, by=by, grade=mover.grade, number=number, note=note)
    return [writing.change, moved]


def resembling(one: Named, born: date | None = None) -> list[Person]:
    """Entries under another key that may be this person: alike in official name or reading, of no other birth date."""
    official = Q(official_family=one.official_family, official_given=one.official_given)
    read = Q(kana_family=one.kana_family, kana_given=one.kana_given)
    alike = Q(pk__in=[])
    if one.official_family or one.official_given:
        alike |= official
    if one.kana_family or one.kana_given:
        alike |= read
    found = Person.objects.filter(alike).exclude(pk=one.key).exclude(pk__in=Alias.objects.values("entry"))
    if born is not None:
        found = found.filter(Q(birth_date=born) | Q(birth_date=None))
    return list(found.order_by("kana_family", "kana_given", "pk")[:10])


def _write_pupil(writing: Writing, mover: Mover, key: UUID) -> None:
    facts = {name: getattr(mover.pupil, name) for name in NAMES}
    told = {"birth_date": mover.birth_date, "sex": mover.sex, "grade": mover.grade}
    known = Person.objects.filter(pk=key).first()
    if known is None:
        writing.create([_person(key, **facts, **told)])
        return
    if known.birth_date and mover.birth_date and known.birth_date != mover.birth_date:
        raise CannotChange(
            _("The person key belongs to somebody here who was born on another day. Ask the sending municipality.")
        )
    filled = {name: value for name, value in {**facts, **told}.items() if value}
    writing.update([(known, filled)])


def _person(key: UUID, **facts: Any) -> Person:
    return Person(uuid=key, sourced_id=str(key), username=accounts.login_name(key), **facts)


def _make_accounts(people: set[UUID]) -> None:
    """For the pupil and those who answer for them; open from the first day of their roles on."""
    if accounts.make(Person.objects.filter(pk__in=people)):
        raise CannotChange(_("A login name of the family belongs to somebody else here. Ask the board of education."))


def _write_others(writing: Writing, others: Iterable[Named], keys: dict[UUID, UUID]) -> None:
    people = {keys.get(one.key, one.key): one for one in others}
    known = set(Person.objects.filter(pk__in=people).values_list("pk", flat=True))
    writing.create(
        [
            _person(key, **{name: getattr(one, name) for name in NAMES})
            for key, one in people.items()
            if key not in known
        ]
    )


def _write_periods(writing: Writing, mover: Mover, pupil: UUID, keys: dict[UUID, UUID]) -> None:
    for one in mover.guardians:
        guardian = keys.get(one.key, one.key)
        before = Guardianship.objects.living().filter(guardian=guardian, child=pupil)
        row = Guardianship(guardian_id=guardian, child_id=pupil, relation=one.relation, begins=one.since)
        _write_period(writing, before, row)
    for each in mover.hidings:
        person, other = keys.get(each.person, each.person), keys.get(each.hidden_from.key, each.hidden_from.key)
        standing = AddressProtection.objects.living().filter(person=person, hidden_from=other)
        _write_period(writing, standing, AddressProtection(person_id=person, hidden_from_id=other, begins=each.since))


def _write_period(writing: Writing, before: QuerySet[Any], row: Guardianship | AddressProtection) -> None:
    """Write an open period unless one stands; one that has ended makes way for it."""
    found = list(before)
    if any(one.ends is None for one in found):
        return
    writing.update((one, {"closed_by_id": writing.change.pk}) for one in found)
    writing.create([row])
