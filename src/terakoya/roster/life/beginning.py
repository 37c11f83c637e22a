"""Begins a planned year: its classes, the periods that end and begin on its first day, written as one change."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from terakoya.kit import clock
from terakoya.roster import changing
from terakoya.roster.changing import Writing
from terakoya.roster.errors import CannotChange
from terakoya.roster.models import (
    AcademicSession,
    Change,
    ClassTerm,
    Course,
    Enrolment,
    Placement,
    PlannedClass,
    Role,
    Rollover,
    SchoolClass,
)
from terakoya.roster.people.aliases import kept_keys
from terakoya.roster.roles import begun_role

from . import drafting, families, looking, turning, years
from .places import first_day


def begin(rollover: Rollover, *, by: str, confirm_not_placed: bool = False) -> Change:
    """Write a planned year into the roster as of its first day; the change, also when that was done before.

    Grades and main schools of people change on the day itself (:mod:`turning`). Raises ``CannotChange`` where the
    roster is not what the plan began from, where pupils already have a class of that year, or where somebody is not
    placed and nobody confirmed it.
    """
    with transaction.atomic():
        changing.lock()
        known = years.rollover_of(rollover.pk)
        if known is not None and known.change is not None and years.state_of_year(known) == years.BEGUN:
            return known.change
        rollover = years.locked(rollover)
        _check(rollover, confirm_not_placed)
        with changing.changing(Change.Kind.ROLLOVER, by=by, note=_title(rollover)) as writing:
            _Beginning(rollover, writing).write()
            rollover.change, rollover.turned = writing.change, None
            if rollover.begins <= clock.today():
                turning.turn(rollover, writing)
        rollover.save(update_fields=["change", "turned"])
        years.note_event(rollover, years.BEGUN, by, writing.change)
        return writing.change


def _check(rollover: Rollover, confirmed: bool) -> None:
    if drafting.drift(rollover):
        raise CannotChange(
            _("The roster has changed since this was planned. Bring the plan up to date, look, and begin.")
        )
    begun = Enrolment.objects.on(rollover.begins).filter(
        person__in=rollover.placements.values("pupil"),
        role="student",
        begins__gte=rollover.begins,
        school_class__kind="homeroom",
    )
    if number := begun.values("person").distinct().count():
        raise CannotChange(
            _("%(number)s pupils have a class of that year already, from an import. Put this plan away.")
            % {"number": number}
        )
    if not confirmed and (number := looking.overview(rollover).not_placed):
        raise CannotChange(_("%(number)s pupils are not placed yet. Place them, or confirm it.") % {"number": number})


def _title(rollover: Rollover) -> str:
    return years.TITLE.format(year=rollover.school_year)


class _Beginning:
    def __init__(self, rollover: Rollover, writing: Writing) -> None:
        self.rollover, self.writing = rollover, writing
        self.day, self.ends = rollover.begins, first_day(rollover.school_year + 1)
        self.placements = list(rollover.placements.all())
        self.planned = list(rollover.classes.all())

    def write(self) -> None:
        self.session = self._session()
        self._classes(self._courses())
        self._end_the_old_year()
        self._enrol()
        self._change_schools()
        counts = looking.overview(self.rollover).outcomes
        self.writing.change.counts = {"rollover": counts, "classes": {"new": len(self.planned)}}
        self.writing.change.save(update_fields=["counts"])

    # --- the year and its classes ---

    def _session(self) -> AcademicSession:
        known = AcademicSession.objects.filter(
            kind="schoolYear", school_year=self.rollover.school_year, begins=self.day, ended=None
        ).first()
        if known:
            return known
        facts = {"title": _title(self.rollover), "kind": "schoolYear", "school_year": self.rollover.school_year}
        made = AcademicSession(sourced_id=str(uuid4()), begins=self.day, ends=self.ends, **facts)
        self.writing.create([made])
        return made

    def _courses(self) -> dict[tuple[UUID, str, str], Course]:
        known = {
            (one.organisation_id, one.title, one.grades): one
            for one in Course.objects.filter(session=self.session, ended=None)
        }
        new: dict[tuple[UUID, str, str], Course] = {}
        for room in self.planned:
            key = self._course_of(room)
            if key not in known and key not in new:
                new[key] = Course(
                    sourced_id=str(uuid4()),
                    title=key[1],
                    grades=room.grades,
                    subjects=room.subjects,
                    subject_codes=room.subject_codes,
                    organisation_id=room.school_id,
                    session=self.session,
                )
        self.writing.create(list(new.values()))
        return known | new

    def _course_of(self, room: PlannedClass) -> tuple[UUID, str, str]:
        """A course is called as the one of this year, with the new year in its title."""
        before = years.TITLE.format(year=self.rollover.school_year - 1)
        title = (room.course_title or room.title).replace(before, _title(self.rollover))
        return room.school_id, title, room.grades

    def _classes(self, courses: dict[tuple[UUID, str, str], Course]) -> None:
        made = []
        for room in self.planned:
            room.became = uuid4()
            kind = "scheduled" if room.homeroom_id else "homeroom"
            names = ("title", "code", "location", "grades", "subjects", "subject_codes", "hours", "special_needs")
            made.append(
                SchoolClass(
                    uuid=room.became,
                    sourced_id=str(room.became),
                    kind=kind,
                    school_id=room.school_id,
                    course=courses[self._course_of(room)],
                    begins=self.day,
                    ends=self.ends,
                    **{name: getattr(room, name) for name in names},
                )
            )
        self.made = {room.pk: one for room, one in zip(self.planned, made, strict=True)}
        self.writing.create(made)
        self.writing.create([ClassTerm(school_class=one, session=self.session) for one in made])
        PlannedClass.objects.bulk_update(self.planned, ["became"], batch_size=changing.AT_ONCE)

    # --- periods ---

    def _end_the_old_year(self) -> None:
        """Nobody is in a class of the old year from the first day on, and the homerooms of that year end."""
        beyond = Q(ends=None) | Q(ends__gt=self.day)
        rooms = SchoolClass.objects.filter(uuid__in=self.rollover.placements.values("old_class"), ends__gt=self.day)
        pupils = Enrolment.objects.filter(
            beyond,
            begins__lt=self.day,
            role="student",
            person__in=self.rollover.placements.values("pupil"),
            school_class__school__in=self.rollover.schools,
        )
        others = Enrolment.objects.filter(beyond, begins__lt=self.day, school_class__in=rooms.values("uuid"))
        rows = {row.pk: row for row in (*pupils, *others)}
        self.writing.update((row, {"ends": self.day}) for row in rows.values())
        self.writing.update((room, {"ends": self.day}) for room in list(rooms))

    def _enrol(self) -> None:
        lessons: dict[int, list[PlannedClass]] = defaultdict(list)
        by_key = {room.pk: room for room in self.planned}
        for room in self.planned:
            if room.homeroom_id:
                lessons[room.homeroom_id].append(room)
        rows = [
            self._enrolment(room, one.pupil_id, "student", number=one.number)
            for one in self.placements
            if one.planned_id
            for room in (by_key[one.planned_id], *lessons[one.planned_id])
        ]
        teaching = {UUID(key) for room in self.planned for key in room.teachers}
        is_now = kept_keys(teaching)  # a teacher may have turned out to be somebody else since it was planned
        rows += [
            self._enrolment(room, key, "teacher", is_primary=number == 0)
            for room in self.planned
            for number, key in enumerate(dict.fromkeys(is_now.get(UUID(one), UUID(one)) for one in room.teachers))
        ]
        self.writing.create(rows)

    def _enrolment(
        self, room: PlannedClass, person: UUID, role: str, *, number: int | None = None, is_primary: bool = False
    ) -> Enrolment:
        return Enrolment(
            sourced_id=str(uuid4()),
            person_id=person,
            school_class=self.made[room.pk],
            role=role,
            number=number,
            is_primary=is_primary,
            begins=self.day,
            stated_begins=self.day,
            ends=self.ends,
        )

    def _change_schools(self) -> None:
        """Who leaves a school is its pupil no longer; who goes on within the board is one of the next school."""
        going = [one for one in self.placements if one.outcome in ("graduated", "transferred")]
        ended = Role.objects.filter(
            Q(ends=None) | Q(ends__gt=self.day),
            name="student",
            begins__lt=self.day,
            organisation__in=self.rollover.schools,
            person__in=self.rollover.placements.filter(outcome__in=("graduated", "transferred")).values("pupil"),
        )
        self.writing.update((role, {"ends": self.day}) for role in list(ended))
        self.writing.create(list(_new_roles(going, self.day)))
        moves = {one.pupil_id: one.next_school_id for one in going}
        families.follow_children(self.writing, moves, {one.pupil_id: one.school_id for one in going}, self.day)


def _new_roles(going: Iterable[Placement], day: date) -> Iterable[Role]:
    for one in going:
        if one.next_school_id:
            yield begun_role(one.pupil_id, one.next_school_id, "student", day)
