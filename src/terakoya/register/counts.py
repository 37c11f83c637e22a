"""Numbers of pupils as the statistics ask for them: by school, grade and sex, and how many classes of which kind."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from terakoya.roster import api as roster

life = roster.life


@dataclass(frozen=True)
class Row:
    """A line of the table: a school, a grade (empty: all of the school), and how many pupils."""

    school: str
    grade: str
    female: int
    male: int
    other: int
    special_needs: int

    @property
    def pupils(self) -> int:
        return self.female + self.male + self.other


@dataclass(frozen=True)
class ClassRow:
    """How many homerooms a school has: for one grade, combined ones, and those for special needs."""

    school: str
    single: int
    combined: int
    special_needs: int

    @property
    def all(self) -> int:
        return self.single + self.combined + self.special_needs


class Counts:
    """The places of a day in numbers."""

    def __init__(self, places: Sequence[life.Place], schools: Mapping[UUID, str], classes: Mapping[UUID, str]) -> None:
        self.places, self.schools, self.classes = places, schools, classes
        self.total = len(places)

    @property
    def rows(self) -> list[Row]:
        """By school: its grades, then all of it."""
        return [row for school, name in self._schools() for row in self._of(school, name)]

    @property
    def class_rows(self) -> list[ClassRow]:
        """By school: its homerooms. A class whose pupils are of several grades is a combined one."""
        return [self._classes(school, name) for school, name in self._schools()]

    def _schools(self) -> list[tuple[UUID, str]]:
        return sorted(self.schools.items(), key=lambda one: one[1])

    def _of(self, school: UUID, name: str) -> Iterator[Row]:
        own = [place for place in self.places if place.school == school]
        order = {grade: number for number, grade in enumerate(life.GRADES)}
        for grade in sorted({place.grade for place in own}, key=lambda one: order.get(one, len(order))):
            yield _row(name, grade or "?", [place for place in own if place.grade == grade])
        yield _row(name, "", own)

    def _classes(self, school: UUID, name: str) -> ClassRow:
        grades: dict[UUID, set[str]] = {}
        special = set()
        for place in self.places:
            if place.school == school and place.school_class:
                grades.setdefault(place.school_class, set()).add(place.grade)
                if place.special_needs:
                    special.add(place.school_class)
        plain = [codes for key, codes in grades.items() if key not in special]
        combined = sum(len(codes) > 1 for codes in plain)
        return ClassRow(name, len(plain) - combined, combined, len(special))


def count_rows(
    places: Iterable[life.Place], schools: Mapping[UUID, str], classes: Mapping[UUID, str]
) -> list[tuple[str, str, str, bool, str, int]]:
    """How many pupils there are by school, grade, class, special needs and sex, in this order."""
    counted = Counter(
        (
            schools.get(one.school, ""),
            one.grade,
            classes.get(one.school_class, "") if one.school_class else "",
            one.special_needs,
            one.sex,
        )
        for one in places
    )
    return sorted((*kind, number) for kind, number in counted.items())


def _row(name: str, grade: str, places: Sequence[life.Place]) -> Row:
    sexes = [place.sex for place in places]
    female, male = sexes.count("female"), sexes.count("male")
    special = sum(place.special_needs for place in places)
    return Row(name, grade, female, male, len(sexes) - female - male, special)
