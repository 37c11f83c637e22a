"""Makes the homerooms that a table names and the school does not have yet, with what they need."""

from collections.abc import Iterable
from datetime import date
from uuid import uuid4

from terakoya.kit import clock
from terakoya.roster.changing import Writing
from terakoya.roster.models import AcademicSession, ClassTerm, Course, SchoolClass

from .columns import TITLES
from .school import ClassName, SchoolOn


def make(known: SchoolOn, wanted: Iterable[ClassName], writing: Writing) -> dict[ClassName, SchoolClass]:
    """Make homerooms for the school year around the day; by name those that were made."""
    names = list(wanted)
    if not names:
        return {}
    session = _session(known, writing)
    courses = {grade: _course(known, grade, session, writing) for grade in {grade for grade, _ in names}}
    made = {
        (grade, within): SchoolClass(
            sourced_id=str(uuid4()),
            title=title_of(grade, within),
            kind="homeroom",
            grades=grade,
            school=known.school,
            course=courses[grade],
            begins=session.begins,
            ends=session.ends,
        )
        for grade, within in names
    }
    writing.create(list(made.values()))
    writing.create([ClassTerm(school_class=one, session=session) for one in made.values()])
    return made


def title_of(grade: str, within: str) -> str:
    """What a homeroom is called: its year, and its name within the year."""
    form = TITLES["class"] if len(within) <= 2 else TITLES["named_class"]
    return form.format(year=grade[1:], within=within)


def _session(known: SchoolOn, writing: Writing) -> AcademicSession:
    rows = AcademicSession.objects.filter(kind="schoolYear", ended=None, begins__lte=known.day, ends__gt=known.day)
    session = rows.order_by("-begins", "pk").first()
    if session is None:
        year = clock.school_year(known.day)
        first, after = date(year, 4, 1), date(year + 1, 4, 1)
        title = TITLES["session"].format(year=year)
        session = AcademicSession(
            sourced_id=str(uuid4()), title=title, kind="schoolYear", begins=first, ends=after, school_year=year
        )
        writing.create([session])
    return session


def _course(known: SchoolOn, grade: str, session: AcademicSession, writing: Writing) -> Course:
    """The course of the school's homerooms of the grade; a new one where it has none in this school year."""
    like = SchoolClass.objects.filter(school=known.school, kind="homeroom", grades=grade, begins=session.begins)
    other = like.select_related("course").order_by("pk").first()
    if other is not None:
        return other.course
    title = TITLES["course"].format(session=session.title, year=grade[1:])
    course = Course(sourced_id=str(uuid4()), title=title, grades=grade, organisation=known.school, session=session)
    writing.create([course])
    return course
