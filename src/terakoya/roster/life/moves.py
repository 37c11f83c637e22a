"""Moves of people inside the municipality: to another class or school, away and back, and staff at several schools.

A period ends and another begins on one day, without a gap; what was before stays as it was. Each move is a change.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.db.models import Q
from django.utils.translation import gettext as _

from terakoya.identity import api as identity
from terakoya.kit import clock
from terakoya.roster import changing
from terakoya.roster.changing import Writing
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import Change, Enrolment, Person, Role, SchoolClass
from terakoya.roster.roles import begun_role

from . import families
from .grades import Grades


@dataclass(frozen=True)
class _Standing:
    """Where a pupil is on a day: the roles of a pupil, and the places in classes that go on over the day."""

    roles: list[Role]
    places: list[Enrolment]

    @property
    def schools(self) -> set[UUID]:
        return {role.organisation_id for role in self.roles} | {one.school_class.school_id for one in self.places}


def move(
    pupil: UUID,
    to: SchoolClass,
    day: date,
    *,
    by: str,
    lessons: Iterable[SchoolClass] = (),
    number: int | None = None,
    note: str = "",
) -> Change:
    """Put a pupil into another homeroom as of a day, at the same school or at another one of the board.

    lessons: classes of subjects from that day on; those of before end with the old homeroom. The person stays the same,
    with guardians and accounts. Raises ``CannotChange`` where the pupil is nobody's here, is in that class already, or
    where class, grade and day do not go together.
    """
    with changing.changing(Change.Kind.MOVE, by=by, note=note) as writing:
        person, standing = _pupil(pupil), _standing(pupil, day)
        if not standing.roles and not standing.places:
            raise CannotChange(_("This pupil is at no school on that day. Let them come back, or choose another day."))
        _check(person, to, standing, day)
        _end(writing, standing.places, day)
        writing.create([_enrolment(room, pupil, to, number, day) for room in (to, *lessons)])
        left = standing.schools - {to.school_id}
        if left:
            _end(writing, [role for role in standing.roles if role.organisation_id in left], day)
            _come_to(writing, person, to, day, standing)
        return _finished(writing, {pupil} | _take_along(writing, pupil, to.school_id, left, day))


def leave(pupil: UUID, day: date, *, by: str, note: str = "") -> Change:
    """Let a pupil leave the schools of the board; ``day`` is the first on which they are not there."""
    with changing.changing(Change.Kind.MOVE, by=by, note=note) as writing:
        standing = _standing(_pupil(pupil).pk, day)
        if not standing.roles and not standing.places:
            raise CannotChange(_("This pupil is at no school on that day."))
        _not_before(standing, day)
        _end(writing, standing.places, day)
        _end(writing, standing.roles, day)
        concerned = {pupil} | _take_along(writing, pupil, None, standing.schools, day)
        if day <= clock.today():
            mark_gone(writing, concerned, day)
        return _finished(writing, concerned)


def come_back(
    pupil: UUID, to: SchoolClass, day: date, *, by: str, grade: str = "", number: int | None = None, note: str = ""
) -> Change:
    """Take somebody in again who left before: the same person with the same key, in a class as of a day."""
    with changing.changing(Change.Kind.MOVE, by=by, note=note) as writing:
        person, standing = _pupil(pupil), _standing(pupil, day)
        if standing.roles or standing.places:
            raise CannotChange(_("This pupil is at a school on that day already. What you mean is a move."))
        grade = grade or person.grade
        _check_class(to, grade, day)
        writing.update([(person, {"ended": None, "grade": grade, "primary_organisation_id": to.school_id})])
        writing.create([_enrolment(to, pupil, to, number, day)])
        writing.create([begun_role(pupil, to.school_id, "student", day)])
        return _finished(writing, {pupil} | _take_along(writing, pupil, to.school_id, (), day))


def serve(person: UUID, school: UUID, role: str, day: date, *, by: str, is_primary: bool = False) -> Change:
    """Give somebody of the staff a role at a school from a day on; somebody may serve several, one as the main one."""
    with changing.changing(Change.Kind.MOVE, by=by) as writing:
        held = list(Role.objects.living().on(day).filter(person_id=person))
        if any((one.organisation_id, one.name) == (school, role) for one in held):
            raise CannotChange(_("This person has that role at the school already."))
        if is_primary:
            writing.update((one, {"is_primary": False}) for one in held)
            writing.update([(_pupil(person), {"primary_organisation_id": school, "ended": None})])
        writing.create([begun_role(person, school, role, day, is_primary=is_primary)])
        identity.tell("permission_changed", None, [person], str(writing.change.uuid))
        return _finished(writing, {person})


def serve_no_longer(role: Role, day: date, *, by: str) -> Change:
    """End a role of somebody of the staff; ``day`` is the first on which it holds no longer. Classes there end too."""
    if day <= role.begins:
        raise CannotChange(_("A period ends after it begins."))
    with changing.changing(Change.Kind.MOVE, by=by) as writing:
        _end(writing, [role], day)
        taught = Enrolment.objects.on(day).filter(
            person_id=role.person_id, role="teacher", school_class__school=role.organisation_id
        )
        others = Role.objects.on(day).filter(person_id=role.person_id, organisation=role.organisation_id)
        if not others.exists():
            _end(writing, list(taught), day)
        identity.tell("permission_changed", None, [role.person_id], str(writing.change.uuid))
        return _finished(writing, {role.person_id})


def correct_period(row: Role | Enrolment, *, begins: date, ends: date | None, by: str, note: str = "") -> Change:
    """Correct the days of a period that was written wrongly, as a change that can be taken back."""
    if ends is not None and ends <= begins:
        raise CannotChange(_("A period ends after it begins."))
    with changing.changing(Change.Kind.CORRECTION, by=by, note=note) as writing:
        writing.update([(row, {"begins": begins, "stated_begins": begins, "ends": ends})])
        return _finished(writing, {row.person_id})


def mark_gone(writing: Writing, people: Iterable[UUID], day: date) -> int:
    """Mark those of some people as gone who have no role on a day nor after it; how many."""
    keys = set(people)
    still = Role.objects.filter(Q(ends=None) | Q(ends__gt=day), person__in=keys).values_list("person", flat=True)
    gone = Person.objects.filter(pk__in=keys - set(still), ended=None)
    return writing.update((person, {"ended": day}) for person in list(gone))


def _finished(writing: Writing, people: set[UUID]) -> Change:
    """The change; the accounts of those it is about are open or closed as their roles of today say."""
    with_role = Role.objects.on(clock.today()).filter(person__in=people).values("person")
    present = Person.objects.filter(enabled=True, pk__in=with_role).values_list("uuid", flat=True)
    identity.keep_open(set(present), people, reference=str(writing.change.uuid))
    return writing.change


def _pupil(key: UUID) -> Person:
    found = Person.objects.filter(pk=key).first()
    if found is None:
        raise CannotChange(_("The roster does not know this person."))
    return found


def _standing(pupil: UUID, day: date) -> _Standing:
    roles = Role.objects.on(day).filter(person_id=pupil, name="student")
    places = Enrolment.objects.on(day).filter(person_id=pupil, role="student").select_related("school_class")
    return _Standing(list(roles), list(places))


def _check(person: Person, to: SchoolClass, standing: _Standing, day: date) -> None:
    if any(one.school_class_id == to.pk for one in standing.places):
        raise CannotChange(_("This pupil is in that class already on that day."))
    _not_before(standing, day)
    rooms = [one.school_class for one in standing.places if one.school_class.is_homeroom]
    _check_class(to, Grades(day).of(person.pk, rooms[0].grades if rooms else "", person.grade), day)


def _check_class(to: SchoolClass, grade: str, day: date) -> None:
    if not to.is_homeroom or to.ended or not to.begins <= day < to.ends:
        raise CannotChange(_("%(title)s is no homeroom of that day.") % {"title": to.title})
    if to.grades and grade and grade not in to.grades.split(","):
        raise CannotChange(_("%(title)s is not for the grade of the pupil.") % {"title": to.title})


def _not_before(standing: _Standing, day: date) -> None:
    """A period lasts a day at least: what began on the day itself is corrected, not ended."""
    if any(one.begins >= day for one in standing.places):
        raise CannotChange(_("The place in the class begins on that very day. Take that change back instead."))


def _end(writing: Writing, rows: Iterable[Role | Enrolment], day: date) -> None:
    writing.update((row, {"ends": day}) for row in rows)


def _come_to(writing: Writing, person: Person, to: SchoolClass, day: date, standing: _Standing) -> None:
    if to.school_id not in {role.organisation_id for role in standing.roles}:
        writing.create([begun_role(person.pk, to.school_id, "student", day)])
    writing.update([(person, {"primary_organisation_id": to.school_id})])


def _take_along(writing: Writing, pupil: UUID, to: UUID | None, left: Iterable[UUID], day: date) -> set[UUID]:
    """The guardians go with the child, from each school it left; who they are."""
    guardians = set[UUID]()
    for before in [{pupil: school} for school in left] or [{}]:
        guardians |= families.follow_children(writing, {pupil: to}, before, day)
    return guardians


def _enrolment(room: SchoolClass, pupil: UUID, home: SchoolClass, number: int | None, day: date) -> Enrolment:
    return Enrolment(
        sourced_id=str(uuid4()),
        person_id=pupil,
        school_class=room,
        role="student",
        number=number if room == home else None,
        begins=day,
        stated_begins=day,
        ends=room.ends,
    )
