"""What a whole roster says, in the words of this room: the input of a replacement.

Every line has the key that the delivering system gave it. References are keys of other lines. Periods end on the
first day on which they hold no longer; a period that says nothing has None.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


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
    special_needs: bool
    school: str
    course: str
    begins: date
    ends: date


@dataclass(frozen=True)
class PersonLine:
    """``uuid`` is None where the system gives no person key, ``address`` where it does not speak of addresses."""

    key: str
    row: int
    uuid: UUID | None
    username: str
    enabled: bool
    official_family: str
    official_given: str
    official_middle: str
    display_family: str
    display_given: str
    kana_family: str
    kana_given: str
    grade: str
    phone: str
    email: str
    address: str | None


@dataclass(frozen=True)
class DemographicsLine:
    """What ``demographics.csv`` says that is kept; the rest of that file is read and not kept."""

    birth_date: date | None = None
    sex: str = ""


@dataclass(frozen=True)
class RoleLine:
    key: str
    person: str
    organisation: str
    name: str
    is_primary: bool
    begins: date | None
    ends: date | None


@dataclass(frozen=True)
class EnrolmentLine:
    key: str
    person: str
    school_class: str
    role: str
    is_primary: bool
    number: int | None
    is_public: bool
    begins: date | None
    ends: date | None


@dataclass(frozen=True)
class Delivery:
    """A whole roster. ``guardianships``: (guardian, child). ``protections``: (person, from whom), None if not said;
    so ``demographics`` by person."""

    organisations: list[OrganisationLine]
    sessions: list[SessionLine]
    courses: list[CourseLine]
    classes: list[ClassLine]
    people: list[PersonLine]
    roles: list[RoleLine]
    enrolments: list[EnrolmentLine]
    guardianships: set[tuple[str, str]]
    protections: set[tuple[str, str]] | None
    demographics: dict[str, DemographicsLine] | None = None

    def organisations_spoken_of(self) -> set[str]:
        """The organisations whose people or classes the delivery holds; only what belongs to them can end."""
        return {line.organisation for line in self.roles} | {line.school for line in self.classes}
