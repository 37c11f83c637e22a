"""What a whole roster says, in the words of this room: the input of a replacement.

Every line has the key that the delivering system gave it. References are keys of other lines. Periods end on the
first day on which they hold no longer; a period that says nothing has None.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date

import polars as pl


@dataclass(frozen=True)
class OrganisationLine:
    key: str
    name: str
    kind: str
    code: str
    parent: str


@dataclass(frozen=True)
class SessionLine:
    key: str
    title: str
    kind: str
    begins: date
    ends: date
    school_year: int
    parent: str


@dataclass(frozen=True)
class CourseLine:
    key: str
    title: str
    code: str
    grades: str
    subjects: str
    subject_codes: str
    organisation: str
    session: str


@dataclass(frozen=True)
class ClassLine:
    key: str
    title: str
    kind: str
    code: str
    location: str
    grades: str
    subjects: str
    subject_codes: str
    hours: str
    special_needs: bool
    school: str
    course: str
    terms: tuple[str, ...]
    begins: date
    ends: date


Frames = Callable[[], Iterable[pl.DataFrame]]


@dataclass(frozen=True)
class Part:
    """What a delivery is that holds no whole roster: rows that are not in it stay, but for those of whole files.

    whole: names of the files that hold everything of the organisations they speak of. gone: by file, the keys of rows
    that hold no longer. births: ``key``, ``birth_date``, ``sex``: said apart from people; None if not said
    """

    whole: frozenset[str]
    gone: dict[str, list[str]]
    births: pl.DataFrame | None


@dataclass(frozen=True)
class Delivery:
    """A roster. What comes by the million comes as frames, as often as it is asked for; references in them are
    keys, empty where there is none. Begins and ends are None where nothing is said.

    people: ``key``, ``row`` (of the file, for findings), ``uuid`` (None where the system gives no person key), and the
    facts that the delivery speaks of: those of ``loading.kinds.PEOPLE``, where it says so with ``address`` and births
    profiles: ``key``, ``person``, and the fields of ``UserProfile``; None if the delivery does not speak of accounts
    roles: ``key``, ``scope`` (the organisation), ``person``, ``organisation``, ``name``, ``is_primary``, ``profile``,
    ``begins``, ``ends``
    enrolments: ``key``, ``person``, ``school_class``, ``role``, ``is_primary``, ``number``, ``is_public``, ``begins``,
    ``ends``
    guardianships: ``guardian``, ``child``. protections: ``person``, ``hidden_from``; None if not said
    """

    organisations: list[OrganisationLine]
    sessions: list[SessionLine]
    courses: list[CourseLine]
    classes: list[ClassLine]
    people: Frames
    roles: Frames
    enrolments: Frames
    guardianships: pl.DataFrame
    protections: pl.DataFrame | None
    profiles: Frames | None
    facts_of_people: tuple[str, ...]
    part: Part | None = None  # None: a whole roster
    expected: dict[str, int] = field(default_factory=dict)  # about how many rows of a kind come
