"""Frozen days: what the roster said of a day, kept as it was, and how that differs from what it says now."""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Organisation, SchoolClass, Snapshot

from .counting import Place, places_on

COLUMNS = ("person", "school", "school_class", "grade", "number", "sex", "special_needs")
FORM = 1


@dataclass(frozen=True)
class Frozen:
    """The content of a snapshot: the places of the day, and how schools and classes were called then."""

    places: list[Place]
    schools: dict[UUID, str]
    classes: dict[UUID, str]


@dataclass(frozen=True)
class Difference:
    """Between a frozen day and what the roster says of that day now.

    ``come`` are in the roster of that day now and were not, ``gone`` the other way round; ``changed`` are pairs of the
    frozen place and the present one of the same pupil.
    """

    come: list[Place]
    gone: list[Place]
    changed: list[tuple[Place, Place]]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone or self.changed)


def freeze(day: date, school: UUID | None, *, by: str) -> Snapshot:
    """Write down who is where on a day, at a school or (None) at all. The day must have come."""
    if day > clock.today():
        raise CannotChange(_("That day has not come yet; it can be written down from the day itself on."))
    places = places_on(day, None if school is None else [school])
    body = json.dumps(_stored(places), cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True).encode()
    return Snapshot.objects.create(
        day=day,
        frozen_at=clock.now(),
        by=by[:150],
        school_id=school,
        pupils=len(places),
        content=zlib.compress(body, 6),
        digest=hashlib.sha256(body).hexdigest(),
    )


def snapshots(schools: Collection[UUID] | None = None) -> list[Snapshot]:
    """The frozen days of some schools; None: all, those of all schools together too. The latest first."""
    rows = Snapshot.objects.select_related("school").defer("content")
    return list(rows if schools is None else rows.filter(school__in=schools))


def snapshot_of(key: UUID) -> Snapshot | None:
    """A frozen day by its key."""
    return Snapshot.objects.select_related("school").filter(pk=key).first()


def thawed(snapshot: Snapshot) -> Frozen:
    """What a snapshot holds. Raises ``ValueError`` when it is not what was frozen."""
    body = zlib.decompress(snapshot.content)
    if hashlib.sha256(body).hexdigest() != snapshot.digest:
        raise ValueError(f"snapshot {snapshot.pk} is not what was frozen")
    stored = json.loads(body)
    return Frozen(
        [_place(row) for row in stored["places"]],
        {UUID(key): name for key, name in stored["schools"].items()},
        {UUID(key): title for key, title in stored["classes"].items()},
    )


def difference(snapshot: Snapshot, frozen: Frozen) -> Difference:
    """How a frozen day differs from what the roster says of it now."""
    schools = None if snapshot.school_id is None else [snapshot.school_id]
    then, now = _by_pupil(frozen.places), _by_pupil(places_on(snapshot.day, schools))
    return Difference(
        [now[key] for key in now if key not in then],
        [then[key] for key in then if key not in now],
        [(then[key], now[key]) for key in then if key in now and then[key] != now[key]],
    )


def _by_pupil(places: Iterable[Place]) -> dict[tuple[UUID, int], Place]:
    """The places by pupil; a second school at which somebody is on the same day stands under its own number."""
    found = dict[tuple[UUID, int], Place]()
    seen = Counter[UUID]()
    for place in sorted(places, key=lambda one: str(one.school)):
        found[place.person, seen[place.person]] = place
        seen[place.person] += 1
    return found


def _stored(places: Iterable[Place]) -> dict[str, object]:
    rows = sorted(([getattr(place, name) for name in COLUMNS] for place in places), key=str)
    schools = {row[1] for row in rows}
    classes = {row[2] for row in rows if row[2]}
    return {
        "form": FORM,
        "columns": COLUMNS,
        "places": rows,
        "schools": {str(one.pk): one.name for one in Organisation.objects.all() if one.pk in schools},
        "classes": {str(key): title for key, title in _titles() if key in classes},
    }


def _titles() -> Iterable[tuple[UUID, str]]:
    return SchoolClass.objects.values_list("uuid", "title").iterator()


def _place(row: list) -> Place:
    person, school, taught, grade, number, sex, special = row
    return Place(UUID(person), UUID(school), UUID(taught) if taught else None, grade, number, sex, special)
