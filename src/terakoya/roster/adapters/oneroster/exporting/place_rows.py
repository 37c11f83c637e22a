"""The rows of academicSessions.csv, orgs.csv, courses.csv and classes.csv."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from terakoya.roster.models import ClassTerm

from .cells import boolean, last_day, listed, paired
from .scope import Scope, in_order
from .stamps import Stamps
from .writing import Row

AT_ONCE = 5_000
SESSIONS = ("title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear")
ORGANISATIONS = ("name", "type", "identifier", "parentSourcedId")
COURSES = ("schoolYearSourcedId", "title", "courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes")
CLASSES = (
    *("title", "grades", "courseSourcedId", "classCode", "classType", "location", "schoolSourcedId"),
    *("termSourcedIds", "subjects", "subjectCodes", "periods", "metadata.jp.specialNeeds"),
)


def session_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    profile, places = scope.profile, scope.places
    for one in in_order(rows, "sourced_id"):
        kind = profile.carried("sessionType", one.kind)
        if kind != one.kind:
            continue  # the year that it belongs to stands for it
        year = profile.year_of(one.begins)
        title = profile.session_title.format(year=year) or one.title
        days = (one.begins.isoformat(), last_day(one.ends))
        yield (one.sourced_id, *stamps(one.change_id), title, kind, *days, places.above_session(one), year)


def organisation_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    for one in in_order(rows, "sourced_id"):
        if kind := scope.places.kind(one):
            yield one.sourced_id, *stamps(one.change_id), one.name, kind, one.code, scope.places.above(one)


def course_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    for one in in_order(rows.select_related("organisation"), "sourced_id").iterator(AT_ONCE):
        year = scope.places.year_of_course(one.session_id)
        grades = listed(scope.profile, "grade", one.grades)
        subjects = paired(one.subjects, one.subject_codes)
        place = one.organisation.sourced_id
        yield one.sourced_id, *stamps(one.change_id), year, one.title, one.code, grades, place, *subjects


def class_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    terms = _terms(scope)
    for one in in_order(rows.select_related("course", "school"), "sourced_id").iterator(AT_ONCE):
        kind = scope.profile.carried("classType", one.kind)
        held = sorted(terms.get(one.pk, ())) or scope.places.spanning(one)
        yield (
            *(one.sourced_id, *stamps(one.change_id), one.title, listed(scope.profile, "grade", one.grades)),
            *(one.course.sourced_id, one.code, kind, one.location, one.school.sourced_id, ",".join(held)),
            *(*paired(one.subjects, one.subject_codes), one.hours, boolean(one.special_needs)),
        )


def _terms(scope: Scope) -> dict[UUID, set[str]]:
    """By class the identifiers of the sessions in which it is held, as the profile has them."""
    terms: dict[UUID, set[str]] = defaultdict(set)
    for key, session in ClassTerm.objects.values_list("school_class", "session").iterator(AT_ONCE):
        if identifier := scope.places.of_session(session):
            terms[key].add(identifier)
    return terms
