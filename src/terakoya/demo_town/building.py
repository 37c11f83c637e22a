"""Builds the make-believe town from a seed: the same seed, day and size give the same town, to the letter."""

import random
import tomllib
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from terakoya.kit import clock
from terakoya.standards import ages, codes

from . import names
from .town import Guardian, Juku, JukuPupil, Klass, Login, Person, Pupil, School, Teacher, Town

CLASSES_PER_GRADE = 2
CHILDREN_PER_HOUSEHOLD = ((1, 2, 3), (0.5, 0.4, 0.1))
ONE_GUARDIAN_SHARE = 0.2
JUKU_PUPILS = 30
JUKU_SHARE_OF_TOWN = 2 / 3

# A place in a class that a child will take: the class and nothing else yet.
Place = Klass
Household = list[Place]


def make_town(seed: int, as_of: date, *, pupils: int = 900, mark: str = "") -> Town:
    """Make the town.

    seed: the same seed gives the same people, identifiers included
    as_of: the day; it decides the school year
    pupils: about how many, spread over 30 homerooms (at least 60)
    mark: a text put into names (not their readings), user names, mail and postal addresses and telephone numbers, so
        that a dump can be searched for it
    """
    return _Builder(seed, as_of, pupils, mark).town()


@cache
def settings() -> dict[str, Any]:
    """The town's file: places, schools, subjects, and the words in which its classes are called."""
    return tomllib.loads((names.DATA / "town.toml").read_text(encoding="utf-8"))


class _Builder:
    def __init__(self, seed: int, as_of: date, pupils: int, mark: str) -> None:
        self.lot = random.Random(seed)
        self.births = random.Random(f"births of {seed}")  # a lot of its own, so that it changes nothing else
        self.seed, self.as_of, self.mark = seed, as_of, mark
        self.year = clock.school_year(as_of)
        self.class_size = max(2, round(pupils / 30))
        self.usernames: set[str] = set()
        self.file = settings()
        self.words = self.file["words"]
        self.courses: dict[tuple[str, str, str], str] = {}
        self.cast: dict[str, Login] = {}

    def town(self) -> Town:
        board = self._board()
        schools = [self._school(entry) for entry in self.file["schools"]]
        classes = [klass for school in schools for klass in self._classes(school)]
        teachers = [teacher for school in schools for teacher in self._staff(school, classes)]
        pupils, guardians = self._families(schools, classes)
        juku = self._juku(pupils)
        self._cast_staff(schools, teachers, board)
        return Town(
            self.seed, self.as_of, self.year, board, schools, classes, teachers, pupils, guardians, juku, self.cast
        )

    # --- places ---

    def _board(self) -> School:
        number = self.file["board"]["number"]
        code = number + codes.municipality_check_digit(number)
        return School(self._id(), self.file["board"]["name"], "board", code)

    def _school(self, entry: dict[str, str]) -> School:
        stem = self.file["kinds"][entry["kind"]]["code"] + self.file["prefecture"] + "2" + entry["number"]
        code = stem + codes.school_check_digit(stem)
        return School(self._id(), entry["name"], entry["kind"], code, entry["quarter"])

    def _classes(self, school: School) -> list[Klass]:
        homerooms = [
            self._class(school, grade, number)
            for grade in self.file["kinds"][school.kind]["grades"]
            for number in range(1, CLASSES_PER_GRADE + 1)
        ]
        if school.kind != "junior_high":
            return homerooms
        return homerooms + [
            self._class(school, klass.grade, klass.number, subject["code"], subject["name"])
            for klass in homerooms
            for subject in self.file["subjects"]
        ]

    def _class(self, school: School, grade: str, number: int, subject: str = "", subject_name: str = "") -> Klass:
        form = self.words["subject_class_title" if subject else "class_title"]
        title = form.format(grade=grade[1], number=number, subject=subject_name)
        course = self.courses.setdefault((school.sourced_id, grade, subject), self._id())
        return Klass(self._id(), course, title, grade, number, school, subject, subject_name)

    # --- staff ---

    def _staff(self, school: School, all_classes: list[Klass]) -> list[Teacher]:
        classes = [klass for klass in all_classes if klass.school is school]
        homerooms = [klass for klass in classes if klass.is_homeroom]
        teachers = [self._teacher(school, homeroom=klass, classes=[klass]) for klass in homerooms]
        for index, subject in enumerate(sorted({klass.subject for klass in classes if klass.subject})):
            if index >= len(teachers):
                teachers.append(self._teacher(school))
            teachers[index].classes += [klass for klass in classes if klass.subject == subject]
        head, nurse = self._teacher(school), self._teacher(school)
        head.is_head, nurse.is_nurse = True, True
        return [*teachers, head, nurse]

    def _teacher(self, school: School, homeroom: Klass | None = None, classes: list[Klass] | None = None) -> Teacher:
        facts = self._person(names.family(self.lot))
        teacher = Teacher(**facts, school=school, homeroom=homeroom, classes=classes or [])
        teacher.email = f"{teacher.username}@{self.file['domain']}"
        return teacher

    def _cast_staff(self, schools: list[School], teachers: list[Teacher], board: School) -> None:
        def homeroom_teacher(school: School, number: int) -> Teacher:
            return next(
                teacher
                for teacher in teachers
                if (room := teacher.homeroom) and (room.school, room.grade, room.number) == (school, "P5", number)
            )

        self._cast("teacher", homeroom_teacher(schools[0], 2), "city")
        self._cast("other_teacher", homeroom_teacher(schools[1], 1), "city")
        self._cast("head", next(one for one in teachers if one.is_head and one.school is schools[0]), "city")
        self.cast["clerk"] = Login(f"clerk{self.mark.lower()}", board.name, "city", None)

    # --- families ---

    def _families(self, schools: list[School], classes: list[Klass]) -> tuple[list[Pupil], list[Guardian]]:
        elementary = [school for school in schools if school.kind == "elementary"]
        first = elementary[0]
        places = self._places(elementary, classes)
        story = self._take(places[first], ("P5", 2), ("P2", 1))
        protected = self._take(places[first], ("P3", 1))
        families = [
            self._family(first, story, of_two=True),
            self._family(first, protected, names.variant_family(), of_two=True),
        ]
        self._cast_story(*families[0])
        self._cast_protected(*families[1])
        for school in elementary:
            families += [self._family(school, household) for household in self._households(places[school])]
        pupils = [child for children, _ in families for child in children]
        guardians = [parent for _, parents in families for parent in parents]
        self._number(pupils)
        return pupils, guardians

    def _places(self, elementary: list[School], classes: list[Klass]) -> dict[School, list[Place]]:
        """The free places of each elementary school's quarter, with its share of the junior high's."""
        places: dict[School, list[Place]] = defaultdict(list)
        for klass in classes:
            if not klass.is_homeroom:
                continue
            size = max(2, self.class_size + self.lot.choice((-2, -1, 0, 1, 2)) * (self.class_size > 10))
            for index in range(size):
                places[klass.school if klass.school in elementary else elementary[index % 2]].append(klass)
        for free in places.values():
            self.lot.shuffle(free)
        return places

    @staticmethod
    def _take(places: list[Place], *wanted: tuple[str, int]) -> Household:
        household = []
        for grade, number in wanted:
            place = next(klass for klass in places if (klass.grade, klass.number) == (grade, number))
            places.remove(place)
            household.append(place)
        return household

    def _households(self, places: list[Place]) -> list[Household]:
        households, rest = [], list(places)
        while rest:
            size = self.lot.choices(*CHILDREN_PER_HOUSEHOLD)[0]
            households.append([rest.pop() for _ in range(min(size, len(rest)))])
        return households

    def _family(
        self, quarter: School, household: Household, family: names.Family | None = None, *, of_two: bool = False
    ) -> tuple[list[Pupil], list[Guardian]]:
        family = family or names.family(self.lot)
        address = self._address(quarter.quarter)
        one = not of_two and self.lot.random() < ONE_GUARDIAN_SHARE
        parents = [Guardian(**self._person(family), address=address) for _ in range(1 if one else 2)]
        children: list[Pupil] = []
        for klass in household:
            child = Pupil(**self._person(family), address=address, grade=klass.grade, school=klass.school)
            child.home_class, child.guardians = klass, parents
            child.birth_date, child.sex = self._birth(klass, children), self.births.choice(("female", "male"))
            children.append(child)
        for parent in parents:
            parent.children, parent.phone = children, self._phone()
            parent.email = f"{parent.username}@{self.file['domain']}"
        return children, parents

    def _birth(self, klass: Klass, siblings: list[Pupil]) -> date:
        """A birth date that goes with the year of school; siblings of one year are twins."""
        twin = next((one for one in siblings if one.grade == klass.grade and one.birth_date), None)
        if twin and twin.birth_date:
            return twin.birth_date
        youngest = ages.latest_birth(ages.grade_of_code(klass.grade) or 1, self.year)
        return youngest - timedelta(days=self.births.randrange(365))

    def _cast_story(self, children: list[Pupil], parents: list[Guardian]) -> None:
        self._cast("guardian", parents[0], "city")
        self._cast("pupil", children[0], "city")
        self._cast("sibling", children[1], "city")

    def _cast_protected(self, children: list[Pupil], parents: list[Guardian]) -> None:
        """The second guardian lives elsewhere and must not see where the first one and the child live."""
        with_child, elsewhere = parents
        elsewhere.address = self._address(self.file["schools"][1]["quarter"])
        for person in (with_child, *children):
            person.hidden_from.append(elsewhere.sourced_id)
        self._cast("protected_guardian", with_child, "city")
        self._cast("guardian_elsewhere", elsewhere, "city")
        self._cast("protected_pupil", children[0], "city")

    @staticmethod
    def _number(pupils: list[Pupil]) -> None:
        """Attendance numbers by reading within each homeroom, as schools give them."""
        rooms: dict[Klass | None, list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            rooms[pupil.home_class].append(pupil)
        for room in rooms.values():
            for number, pupil in enumerate(sorted(room, key=lambda one: (one.kana_name, one.sourced_id)), 1):
                pupil.number = number

    # --- the cram school ---

    def _juku(self, pupils: list[Pupil]) -> Juku:
        school = School("JUKU-1", self.file["juku"]["name"], "juku", "")
        classes = [
            Klass(
                f"JUKU-C{index}",
                f"JUKU-K{index}",
                entry["title"],
                entry["grade"],
                index,
                school,
                entry["subject"],
                entry["subject_name"],
            )
            for index, entry in enumerate(self.file["juku"]["classes"], 1)
        ]
        teachers = [self._teacher(school, classes=classes[:1]), self._teacher(school, classes=classes[1:])]
        for index, teacher in enumerate(teachers, 1):
            teacher.sourced_id = f"JUKU-T{index}"
        self._cast("juku_teacher", teachers[0], "juku")
        self._cast("other_juku_teacher", teachers[1], "juku")
        return Juku(school, classes, teachers, self._juku_pupils(classes, pupils))

    def _juku_pupils(self, classes: list[Klass], pupils: list[Pupil]) -> list[JukuPupil]:
        by_grade = {klass.grade: klass for klass in classes}
        attending = min(int(JUKU_PUPILS * JUKU_SHARE_OF_TOWN), self.class_size * 2)
        of_age = [pupil for pupil in pupils[1:] if pupil.grade in by_grade and not pupil.hidden_from]
        known = [pupils[0], *self.lot.sample(of_age, attending - 1)]  # the first pupil is the story's
        people: list[JukuPupil] = [self._juku_pupil(by_grade[pupil.grade], pupil) for pupil in known]
        while len(people) < JUKU_PUPILS:
            people.append(self._juku_pupil(self.lot.choice(classes), None))
        for number, person in enumerate(people, 1):
            person.sourced_id, person.number = f"JUKU-P{number:04}", number
            person.username = f"p{number:04}{self.mark.lower()}"
        self._cast("juku_pupil", people[0], "juku", people[0].username)
        return people

    def _juku_pupil(self, klass: Klass, of_town: Pupil | None) -> JukuPupil:
        person = JukuPupil(**self._person(names.family(self.lot)), grade=klass.grade, klass=klass, of_town=of_town)
        if of_town is not None:
            # a cram school knows the name that the family uses, not the official form
            for form in ("family", "given"):
                shown = getattr(of_town, f"display_{form}")
                setattr(person, f"official_{form}", shown)
                setattr(person, f"display_{form}", shown)
                setattr(person, f"kana_{form}", getattr(of_town, f"kana_{form}"))
        person.phone = self._phone()
        return person

    # --- people ---

    def _person(self, family: names.Family) -> dict[str, Any]:
        given = names.given(self.lot, family)
        return {
            "sourced_id": self._id(),
            "uuid": UUID(self._id()),
            "official_family": family.name.official,
            "official_given": given.official + self.mark,
            "display_family": family.name.display,
            "display_given": given.display + self.mark,
            "kana_family": family.name.kana,
            "kana_given": given.kana,  # a reading is kana and nothing else
            "username": self._username(f"{given.latin}.{family.name.latin}"),
        }

    def _cast(self, role: str, person: Person, node: str, username: str = "") -> None:
        person.username = username or role.replace("_", ".") + self.mark.lower()
        self.cast[role] = Login(person.username, person.display_name, node, person.uuid, person.sourced_id)

    def _username(self, wanted: str) -> str:
        stem = "".join(sign for sign in wanted.lower() if sign.isalnum() or sign == ".")
        username, count = stem + self.mark.lower(), 1
        while username in self.usernames:
            count += 1
            username = f"{stem}{count}{self.mark.lower()}"
        self.usernames.add(username)
        return username

    def _address(self, quarter: str) -> str:
        return (
            self.words["address"].format(
                town=self.file["board"]["town"],
                quarter=quarter,
                block=self.lot.randint(1, 5),
                lot=self.lot.randint(1, 30),
                house=self.lot.randint(1, 20),
            )
            + self.mark
        )

    def _phone(self) -> str:
        return f"090-0000-{self.lot.randint(0, 9999):04}{self.mark}"

    def _id(self) -> str:
        return str(UUID(int=self.lot.getrandbits(128), version=4))
