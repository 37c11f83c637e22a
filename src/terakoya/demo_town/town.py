"""What the make-believe town consists of."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class School:
    """A school of the town, or the board of education above them (``kind`` is then ``board``)."""

    sourced_id: str
    name: str
    kind: str
    code: str
    quarter: str = ""


@dataclass(frozen=True)
class Klass:
    """A class of one school year: a homeroom, or the lessons of one subject."""

    sourced_id: str
    course: str
    title: str
    grade: str
    number: int
    school: School
    subject: str = ""
    subject_name: str = ""

    @property
    def is_homeroom(self) -> bool:
        return not self.subject


@dataclass
class Person:
    """Somebody of the town, with the three forms of the name."""

    sourced_id: str
    uuid: UUID
    official_family: str
    official_given: str
    display_family: str
    display_given: str
    kana_family: str
    kana_given: str
    username: str
    address: str = ""
    phone: str = ""
    email: str = ""
    hidden_from: list[str] = field(default_factory=list)

    @property
    def display_name(self) -> str:
        return f"{self.display_family} {self.display_given}"

    @property
    def kana_name(self) -> str:
        return f"{self.kana_family} {self.kana_given}"


@dataclass
class Guardian(Person):
    """A guardian and the children in their care."""

    children: list["Pupil"] = field(default_factory=list)


@dataclass
class Pupil(Person):
    """A pupil with birth date, sex, homeroom class, attendance number and guardians."""

    grade: str = ""
    birth_date: date | None = None
    sex: str = ""
    school: School | None = None
    home_class: Klass | None = None
    number: int = 0
    guardians: list[Guardian] = field(default_factory=list)


@dataclass
class Teacher(Person):
    """One of the staff of a school: teaches classes, or is its head or its nurse."""

    school: School | None = None
    homeroom: Klass | None = None
    classes: list[Klass] = field(default_factory=list)
    is_head: bool = False
    is_nurse: bool = False


@dataclass
class JukuPupil(Person):
    """A pupil as the cram school knows them, under its own identifiers; ``of_town`` is who that is in the town."""

    grade: str = ""
    klass: Klass | None = None
    number: int = 0
    of_town: Pupil | None = None


@dataclass
class Juku:
    """The cram school with a roster of its own."""

    school: School
    classes: list[Klass]
    teachers: list[Teacher]
    pupils: list[JukuPupil]


@dataclass(frozen=True)
class Login:
    """Somebody a visitor of the demo can sign in as.

    node: the kind of node that has the account
    person: the person key there, None for the clerk who is in no roster
    """

    username: str
    name: str
    node: str
    person: UUID | None
    sourced_id: str = ""


@dataclass
class Town:
    """The whole town on a day of a school year."""

    seed: int
    as_of: date
    school_year: int
    board: School
    schools: list[School]
    classes: list[Klass]
    teachers: list[Teacher]
    pupils: list[Pupil]
    guardians: list[Guardian]
    juku: Juku
    cast: dict[str, Login]

    @property
    def people(self) -> list[Person]:
        """Everybody in the town's roster."""
        return [*self.teachers, *self.pupils, *self.guardians]

    def pupils_of(self, klass: Klass) -> list[Pupil]:
        """The pupils of a homeroom, or of the homeroom whose pupils a subject class has, by attendance number."""
        return [
            pupil
            for pupil in self.pupils
            if pupil.home_class
            and (pupil.home_class.school, pupil.grade, pupil.home_class.number)
            == (klass.school, klass.grade, klass.number)
        ]
