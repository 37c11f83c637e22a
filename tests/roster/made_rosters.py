"""Rosters made by chance: all that a table may hold, whatever a system or a clerk has put there."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from terakoya.roster.changing import Writing
from terakoya.roster.models import (
    AcademicSession,
    ClassTerm,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    SchoolClass,
)
from terakoya.standards import oneroster

BEGIN, END = date(2026, 4, 1), date(2027, 4, 1)
LETTERS = "山田花子髙𠮷葛\U000e0100ﾊﾅｺﾞかナー –'\",;\n=+é"
TEXTS = st.text(LETTERS, max_size=6).map(str.strip)
NAMES = st.text("山田花子髙𠮷ハナコﾊﾅｺﾞ'\",é", min_size=1, max_size=4)
GRADES = st.sampled_from(["", "P1", "J3", "P5,P6", "09", "E1,KG"])
SUBJECTS = st.sampled_from([("", ""), ("国語", "J010"), ("国語,社会", "J010,J020"), ("国語", ""), ("a,b", "J010")])
DAYS = st.integers(0, 360).map(lambda days: BEGIN + timedelta(days=days))
ROLES = st.sampled_from([*oneroster.vocabulary("role", japan=False).values, "ext:driver"])
ENROLMENT_ROLES = st.sampled_from(["student", "teacher", "administrator", "proctor", "guardian", "ext:helper"])
SOME: Any = {"min_size": 1, "max_size": 5}


@dataclass(frozen=True)
class Made:
    """What the rows of a roster hold; numbers refer to rows, as many as there are."""

    places: list[str]
    terms: list[tuple[str, date]]
    courses: list[tuple[str, str, tuple[str, str], int]]
    classes: list[tuple[str, str, str, int, list[int]]]
    people: list[dict[str, Any]]
    roles: list[tuple[int, int, str, date, date | None, bool]]
    enrolments: list[tuple[int, int, str, date, date | None, int | None]]
    guardianships: set[tuple[int, int]]


PEOPLE = st.fixed_dictionaries(
    {
        "official_family": NAMES,
        "official_given": NAMES,
        "official_middle": TEXTS,
        "display_family": NAMES,
        "display_given": NAMES,
        "kana_family": NAMES,
        "kana_given": NAMES,
        "enabled": st.booleans(),
        "grade": GRADES,
        "email": st.sampled_from(["", "a@example.jp"]),
        "birth_date": st.none() | st.dates(date(1950, 1, 1), date(2019, 12, 31)),
        "sex": st.sampled_from(["", "female", "male", "other"]),
    }
)
NUMBERS = st.integers(0, 99)
MADE = st.builds(
    Made,
    places=st.lists(st.sampled_from(["school", "district", "department", "state", "ext:club"]), **SOME),
    terms=st.lists(st.tuples(st.sampled_from(["semester", "term", "gradingPeriod"]), DAYS), max_size=3),
    courses=st.lists(st.tuples(NAMES, GRADES, SUBJECTS, NUMBERS), **SOME),
    classes=st.lists(
        st.tuples(NAMES, st.sampled_from(["homeroom", "scheduled"]), GRADES, NUMBERS, st.lists(NUMBERS, max_size=2)),
        **SOME,
    ),
    people=st.lists(PEOPLE, **SOME),
    roles=st.lists(st.tuples(NUMBERS, NUMBERS, ROLES, DAYS, st.none() | DAYS, st.booleans()), **SOME),
    enrolments=st.lists(
        st.tuples(NUMBERS, NUMBERS, ENROLMENT_ROLES, DAYS, st.none() | DAYS, st.none() | st.integers(0, 45)), max_size=8
    ),
    guardianships=st.sets(st.tuples(NUMBERS, NUMBERS), max_size=4),
)


def write(made: Made, writing: Writing) -> None:
    """Write a roster into an empty node. It has one school at least, and a school year."""

    def one_of(rows: list[Any], number: int) -> Any:
        return rows[number % len(rows)]

    kinds = ["school", *made.places]
    places = [Organisation(sourced_id=f"o{at}", name=f"組織{at}", kind=kind) for at, kind in enumerate(kinds)]
    for at, place in enumerate(places[1:]):
        place.parent = places[at]
    year = AcademicSession(sourced_id="y", title="年度", kind="schoolYear", begins=BEGIN, ends=END, school_year=2026)
    terms = [
        AcademicSession(
            sourced_id=f"t{at}", title=f"{at}", kind=kind, begins=day, ends=END, school_year=2026, parent=year
        )
        for at, (kind, day) in enumerate(made.terms)
    ]
    sessions = [year, *terms]
    schools = [place for place in places if place.kind == "school"]
    courses = [
        Course(
            sourced_id=f"c{at}",
            title=title,
            grades=grades,
            subjects=subjects[0],
            subject_codes=subjects[1],
            organisation=one_of(schools, number),
            session=year,
            code=f"K{at}",
        )
        for at, (title, grades, subjects, number) in enumerate(made.courses)
    ]
    classes, held = [], []
    for at, (title, kind, grades, number, in_terms) in enumerate(made.classes):
        own = {(one := one_of(sessions, term)).sourced_id: one for term in in_terms} or {"y": year}
        days = {"begins": min(one.begins for one in own.values()), "ends": END}
        course = one_of(courses, number)
        klass = SchoolClass(
            sourced_id=f"k{at}",
            title=title,
            kind=kind,
            grades=grades,
            course=course,
            school=course.organisation,
            **days,
        )
        classes.append(klass)
        held += [ClassTerm(school_class=klass, session=one) for one in own.values()]
    people = [Person(sourced_id=f"p{at}", username=f"p{at}", **facts) for at, facts in enumerate(made.people)]
    roles = [
        Role(
            sourced_id=f"r{at}",
            person=one_of(people, person),
            organisation=one_of(places, place),
            name=name,
            begins=begins,
            ends=ends,
            is_primary=is_primary,
        )
        for at, (person, place, name, begins, ends, is_primary) in enumerate(made.roles)
    ]
    enrolments = [
        Enrolment(
            sourced_id=f"e{at}",
            person=one_of(people, person),
            school_class=one_of(classes, klass),
            role=role,
            begins=begins,
            ends=ends,
            number=number,
            is_primary=role == "teacher",
        )
        for at, (person, klass, role, begins, ends, number) in enumerate(made.enrolments)
    ]
    pairs = {(one % len(people), other % len(people)) for one, other in made.guardianships}
    guardianships = [
        Guardianship(guardian=people[one], child=people[other], begins=BEGIN)
        for one, other in sorted(pairs)
        if one != other
    ]
    for rows in (places, [year], terms, courses, classes, held, people, roles, enrolments, guardianships):
        writing.create(rows)
