"""What the coming year would look like: the outcome of each pupil, and classes shaped like those of this year."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from terakoya.roster.models import Placement, PlannedClass, Rollover, SchoolClass

from .grades import next_grade
from .pupils import Pupil

KEEP, DEAL = "keep", "deal"
LAST_NUMBER = re.compile(r"(\d+)(\D*)$")


@dataclass(frozen=True)
class Wishes:
    """How a year is to be planned.

    numbers: homeroom classes by school and grade where there are to be others than this year
    mixing: ``keep`` classes together as they move up, or ``deal`` pupils anew, evenly by sex and reading
    next_schools: by school, where its graduates go on within the board
    lessons, teachers: whether classes of subjects and whether teachers are planned as this year
    """

    numbers: Mapping[tuple[UUID, str], int] = field(default_factory=dict)
    mixing: str = KEEP
    next_schools: Mapping[UUID, UUID] = field(default_factory=dict)
    lessons: bool = True
    teachers: bool = False


def outcome(pupil: Pupil, taught: Mapping[UUID, set[str]], wishes: Wishes, rollover: Rollover) -> Placement:
    """What becomes of a pupil by rule; ``taught`` are the grades of each school this year.

    Who has no class or no known grade is not decided: somebody has to look.
    """
    place = pupil.place
    made = Placement(
        rollover=rollover,
        pupil_id=place.person,
        school_id=place.school,
        old_class_id=place.school_class,
        old_grade=place.grade,
        old_number=place.number,
        outcome="unplaced",
    )
    following = next_grade(place.grade)
    if place.school_class is None or not (following or place.grade == "H3"):
        return made
    if following[:1] == place.grade[:1] or following in taught.get(place.school, ()):
        made.outcome, made.grade = "promoted", following
        return made
    made.outcome = "graduated"
    if following and place.school in wishes.next_schools:
        made.next_school_id, made.grade = wishes.next_schools[place.school], following
    return made


def homerooms(old: Iterable[SchoolClass], wishes: Wishes, rollover: Rollover) -> list[tuple[PlannedClass, SchoolClass]]:
    """The homerooms of the coming year, each with the one of this year whose shape it has."""
    groups: dict[tuple[UUID, str, bool], list[SchoolClass]] = defaultdict(list)
    for one in sorted(old, key=lambda taught: taught.title):
        groups[one.school_id, one.grades, one.special_needs].append(one)
    planned = []
    for (school, grades, special), known in groups.items():
        wanted = len(known) if special else wishes.numbers.get((school, grades), len(known))
        titles = [one.title for one in known[:wanted]]
        while len(titles) < wanted:
            titles.append(following_title(titles[-1] if titles else known[-1].title))
        for number, title in enumerate(titles):
            shape = known[min(number, len(known) - 1)]
            planned.append((_like(shape, rollover, title), shape))
    return planned


def following_title(title: str) -> str:
    """The title of the class after the last one: its last number is one higher."""
    found = LAST_NUMBER.search(title)
    if found is None:
        return f"{title} 2"
    return f"{title[: found.start()]}{int(found[1]) + 1}{found[2]}"


def lessons(
    old: Iterable[SchoolClass], members: Mapping[UUID, Sequence[UUID]], shapes: Mapping[UUID, PlannedClass]
) -> list[tuple[PlannedClass, SchoolClass]]:
    """The classes of subjects of the coming year: each goes with a homeroom, as it did this year.

    members: by class of this year the homerooms of its pupils; shapes: by homeroom of this year the one planned like it
    """
    planned = []
    for one in old:
        rooms = set(members.get(one.pk, ()))
        room = shapes.get(rooms.pop()) if len(rooms) == 1 else None
        if room is not None:
            made = _like(one, room.rollover, one.title)
            made.homeroom = room
            planned.append((made, one))
    return planned


def into_classes(
    placements: Iterable[Placement],
    classes: Iterable[PlannedClass],
    pupils: Mapping[UUID, Pupil],
    sections: Mapping[UUID, int],
    mixing: str,
) -> None:
    """Put those who have a grade into a class for it, and number each class by reading.

    sections: the place of each class of this year among those of its grade
    """
    rooms = _rooms(classes)
    waiting: dict[tuple[UUID, str, bool], list[Placement]] = defaultdict(list)
    for one in placements:
        if one.grade:
            school = one.next_school_id or one.school_id
            waiting[school, one.grade, pupils[one.pupil_id].place.special_needs].append(one)
    filled: dict[int, list[Placement]] = defaultdict(list)
    for key, some in waiting.items():
        if rooms.get(key):
            _fill(some, rooms[key], pupils, sections, mixing, filled)
    for room in filled.values():
        number_by_reading(room, {one.pupil_id: pupils[one.pupil_id].reading for one in room})


def number_by_reading(room: Sequence[Placement], readings: Mapping[UUID, tuple[str, str, str]]) -> None:
    """Give attendance numbers from 1 in the order of the readings."""
    for number, one in enumerate(sorted(room, key=lambda one: readings[one.pupil_id]), 1):
        one.number = number


def _fill(
    some: Sequence[Placement],
    rooms: Sequence[PlannedClass],
    pupils: Mapping[UUID, Pupil],
    sections: Mapping[UUID, int],
    mixing: str,
    filled: dict[int, list[Placement]],
) -> None:
    rest = []
    for one in some:
        stays = mixing == KEEP and one.old_class_id is not None and not one.next_school_id
        section = sections.get(one.old_class_id, -1) if stays and one.old_class_id else -1
        if 0 <= section < len(rooms):
            _put(one, rooms[section], filled)
        else:
            rest.append(one)
    for one in sorted(rest, key=lambda one: (pupils[one.pupil_id].place.sex, pupils[one.pupil_id].reading)):
        _put(one, min(rooms, key=lambda room: len(filled[id(room)])), filled)


def _put(one: Placement, room: PlannedClass, filled: dict[int, list[Placement]]) -> None:
    one.planned = room
    filled[id(room)].append(one)


def _rooms(classes: Iterable[PlannedClass]) -> dict[tuple[UUID, str, bool], list[PlannedClass]]:
    rooms: dict[tuple[UUID, str, bool], list[PlannedClass]] = defaultdict(list)
    for room in classes:
        if room.homeroom is None:
            for grade in room.grade_codes:
                rooms[room.school_id, grade, room.special_needs].append(room)
    return rooms


def _like(one: SchoolClass, rollover: Rollover, title: str) -> PlannedClass:
    return PlannedClass(
        rollover=rollover,
        school_id=one.school_id,
        title=title,
        code=one.code if title == one.title else "",
        location=one.location if title == one.title else "",
        grades=one.grades,
        subjects=one.subjects,
        subject_codes=one.subject_codes,
        hours=one.hours,
        special_needs=one.special_needs,
        course_title=one.course.title,
    )
