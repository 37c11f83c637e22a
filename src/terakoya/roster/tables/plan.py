"""What a table would change, worked out without writing: entry by entry, and who of the school is not in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from terakoya.roster.models import Person

from . import names
from .lines import Fault, Line
from .matching import Match
from .repairs import shown, squeezed
from .school import ClassName

NEW, CHANGED, UNCHANGED, DOUBTFUL, PASSED = "new", "changed", "unchanged", "doubtful", "passed"
REMOVALS_PERCENT = 10
SAYS_OF_A_PERSON = ("birth_date", "sex", "identifier", "username", "phone", "email", "address")
SOME, CLASSES, SCHOOL = "some", "classes", "school"


@dataclass(frozen=True)
class Choices:
    """What the clerk has decided about a table.

    day: the first day on which it holds
    extent: whether whoever is missing from it stays (``some``), leaves its classes (``classes``) or the school
    decisions: by row (``7``; ``g7`` for the guardian in a row of pupils) ``new``, ``pass``, the key of a candidate,
        or ``row:4``, the row that has the same new guardian
    class_of_all: grade and name of the class of every row, where the table does not say it
    """

    day: date
    extent: str = SOME
    decisions: Mapping[str, str] = field(default_factory=dict)
    class_of_all: ClassName | None = None


@dataclass(frozen=True)
class Difference:
    """A field of a known person that the table has otherwise."""

    field: str
    before: str
    after: str


@dataclass
class Entry:
    """What one line means: for whom (none: a new person), and what would be written."""

    line: Line
    state: str
    name: str
    person: Person | None = None
    candidates: tuple[Person, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    place: ClassName | None = None
    number: int | None = None
    role: str = ""

    @property
    def asked(self) -> str:
        """Under which name a decision about it is kept."""
        return str(self.line.row)


@dataclass
class Plan:
    """What a table means. ``new_classes``: by class the rows that need it; ``holding``: of how many ``missing`` are."""

    kind: str
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    missing: list[Person] = field(default_factory=list)
    not_in_it: list[Person] = field(default_factory=list)
    new_classes: dict[ClassName, list[int]] = field(default_factory=dict)
    guardians: list[Any] = field(default_factory=list)
    holding: int = 0

    def of_state(self, state: str) -> list[Entry]:
        return [one for one in [*self.entries, *self.guardians] if one.state == state]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is left to mend or to decide."""
        return not self.faults and not self.of_state(DOUBTFUL)

    @property
    def ends_many(self) -> bool:
        return len(self.missing) * 100 > self.holding * REMOVALS_PERCENT

    @property
    def changes_anything(self) -> bool:
        return bool(self.of_state(NEW) or self.of_state(CHANGED) or self.missing)


def decided(match: Match, choice: str) -> tuple[str, Person | None]:
    """The state of a match and the person it is, after a decision; a doubtful one stays so until there is one."""
    if match.person is not None:
        return UNCHANGED, match.person
    if not match.candidates or choice == NEW:
        return NEW, None
    if choice == "pass":
        return PASSED, None
    chosen = next((one for one in match.candidates if str(one.pk) == choice), None)
    return (UNCHANGED, chosen) if chosen else (DOUBTFUL, None)


def person_facts(values: Mapping[str, Any], known: Person | None, prefix: str = "") -> dict[str, Any]:
    """What a line says of a person; what it does not say stays as it is."""
    said = {name: values[name] for name in SAYS_OF_A_PERSON if name in values}
    return names.facts_of(values, known, prefix) | said


def differences(known: Person, facts: Mapping[str, Any]) -> list[Difference]:
    """The fields in which a known person is another."""
    return [
        Difference(name, shown(getattr(known, name)), shown(value))
        for name, value in facts.items()
        if getattr(known, name) != value
    ]


def name_faults(values: Mapping[str, Any], person: Person | None, row: int, prefix: str = "") -> list[Fault]:
    """The fault of a new person's name that is not parted into family and given name."""
    if person is None and names.official(values, None, prefix) is None:
        return [Fault("name.unparted", row, found=names.full(values, prefix))]
    return []


def twice(entries: Iterable[Entry]) -> list[Fault]:
    """Lines that mean the same person, and lines of pupils that have the same number in the same class."""
    faults, people, numbers = list[Fault](), dict[UUID, int](), dict[tuple[Any, ...], int]()
    for one in entries:
        if one.state == PASSED:
            continue
        if one.person is not None and (first := people.setdefault(one.person.pk, one.line.row)) != one.line.row:
            faults.append(Fault("row.twice", one.line.row, found=one.name, details={"other": first}))
        seat = (one.place, one.number)
        if one.place and one.number and (first := numbers.setdefault(seat, one.line.row)) != one.line.row:
            faults.append(Fault("number.twice", one.line.row, found=str(one.number), details={"other": first}))
    return faults


def compared(name: str, birth: date | None) -> tuple[str, date | None]:
    """What two lines about one new person have in common."""
    return squeezed(name), birth
