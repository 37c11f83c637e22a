"""Who of the people known here a line is: certain, doubtful with candidates, or new. Never certain by a name alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from terakoya.roster.models import Person

from . import names
from .lines import Line
from .repairs import squeezed
from .school import ClassName, SchoolOn, forms_of, named


@dataclass(frozen=True)
class Match:
    """``person`` when it is certain; ``candidates`` when a person has to decide; neither: nobody like it is known.

    fault: a kind of finding, when the line names somebody who cannot be meant
    """

    person: Person | None = None
    candidates: tuple[Person, ...] = ()
    fault: str = ""


class Matching:
    """Holds lines of a kind against the people of a school."""

    def __init__(self, known: SchoolOn, people: list[Person], lines: Iterable[Line] = ()) -> None:
        self.known = known
        self.by_key = {one.pk: one for one in people}
        self.by_name = named(people)
        self.by_identifier: dict[str, list[Person]] = {}
        for one in people:
            if one.identifier:
                self.by_identifier.setdefault(one.identifier, []).append(one)
        self.by_username = {one.username: one for one in people if one.username}
        self.at = {(row.school_class_id, row.number): row.person_id for row in known.places.values() if row.number}
        self.elsewhere = _elsewhere(lines, self.by_key)

    def match(self, values: Any, prefix: str = "") -> Match:
        """Who a line is: by its key; by identifier and name; by name with birth date; by name with class and number."""
        key = values.get("person")
        if key is not None and not (prefix and prefix != "child_"):
            person = self.by_key.get(key) or Person.objects.filter(pk=key).first()
            return Match(person, fault="" if person else "person.unknown")
        name = squeezed(names.full(values, prefix))
        birth = values.get(f"{prefix}birth_date")
        alike = [one for one in self.by_name.get(name, []) if not _other_birth(one, birth)]
        numbered = self.by_identifier.get(values.get("identifier", ""), []) if not prefix else []
        if len(numbered) == 1:
            return Match(numbered[0]) if name in forms_of(numbered[0]) else Match(candidates=tuple(numbered))
        certain = [one for one in alike if self._is_certain(one, birth, values)]
        if len(certain) == 1:
            return Match(certain[0])
        return Match(
            candidates=tuple(alike) or self._at_the_same_place(values, birth) or self._from_elsewhere(name, birth)
        )

    def _is_certain(self, one: Person, birth: date | None, values: Any) -> bool:
        if birth is not None and one.birth_date == birth:
            return True
        place = self.known.places.get(one.pk)
        if place is None or values.get("number") is None:
            return values.get("username") not in (None, "") and values.get("username") == one.username
        return (place.school_class_id, place.number) == (self._class_of(values), values["number"])

    def _class_of(self, values: Any) -> UUID | None:
        name: ClassName = (values.get("grade", ""), values.get("section", ""))
        found = self.known.class_named.get(name)
        return found.pk if found else None

    def _at_the_same_place(self, values: Any, birth: date | None) -> tuple[Person, ...]:
        """Who has the class and number of the line under another name, unless birth dates tell them apart."""
        key = self.at.get((self._class_of(values) or UUID(int=0), values.get("number")))
        person = self.by_key.get(key) if key else None
        same_day = person is not None and birth is not None and person.birth_date == birth
        return (person,) if person is not None and same_day else ()

    def _from_elsewhere(self, name: str, birth: date | None) -> tuple[Person, ...]:
        """People of the node who are not at the school now: who comes back or from another school is no new person."""
        if birth is None:
            return ()
        return tuple(one for one in self.elsewhere.get(birth, []) if name in forms_of(one))


def _other_birth(person: Person, birth: date | None) -> bool:
    return birth is not None and person.birth_date is not None and person.birth_date != birth


def _elsewhere(lines: Iterable[Line], here: dict[UUID, Person]) -> dict[date, list[Person]]:
    days = {line.values["birth_date"] for line in lines if "birth_date" in line.values}
    found: dict[date, list[Person]] = {}
    ordered = sorted(days)
    for start in range(0, len(ordered), 500):
        for one in Person.objects.filter(birth_date__in=ordered[start : start + 500]):
            if one.pk not in here and one.birth_date:
                found.setdefault(one.birth_date, []).append(one)
    return found
