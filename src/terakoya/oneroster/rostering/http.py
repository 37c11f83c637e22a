"""The rostering service: 41 operations at the addresses and under the scopes of its document.

Source: 1EdTech OneRoster 1.2, rostering service, REST binding 1.0.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse

from terakoya.kit.declaration import NoUse, Use
from terakoya.oneroster.errors import unknown
from terakoya.oneroster.readers import Reader
from terakoya.oneroster.serving import Answer, Collection, Operation, Service, list_of, object_of
from terakoya.roster import api as roster

from . import lists
from .references import BASE

SERVICE = Service(
    "rostering",
    BASE,
    frozenset(
        {
            "fullsuccess", "invalid_filter_field", "invalid_selection_field", "invaliddata", "unauthorisedrequest",
            "forbidden", "server_busy", "unknownobject", "internal_server_error",
        }
    ),
)  # fmt: skip
CORE = ("roster.readonly", "roster-core.readonly")
NESTED = ("roster.readonly",)
BIRTHS = ("roster-demographics.readonly",)
PURPOSE = "entrusted_processing"
NOBODY = NoUse("schools, sessions, courses and classes are about nobody")
Given = dict[str, str]


def _both(place: str, name: str, collection: Collection, scopes: tuple[str, ...] = CORE) -> list[Any]:
    """The two routes of a list: all of it, and one of it."""
    use = Use((collection.category,), PURPOSE) if collection.category else NOBODY

    def every(request: HttpRequest, reader: Reader) -> HttpResponse:
        return list_of(collection, request, reader, place)

    def one(request: HttpRequest, reader: Reader, key: str) -> HttpResponse:
        return object_of(collection, request, reader, key)

    return [
        SERVICE.route(place, place, use, Operation("GET", scopes, every)),
        SERVICE.route(f"{place}/<path:key>", name, use, Operation("GET", scopes, one)),
    ]


def _nested(address: str, collection: Collection, answer: Answer) -> Any:
    use = Use((collection.category,), PURPOSE) if collection.category else NOBODY
    name = address.replace("<path:", "").replace(">", "").replace("/", ".")
    return SERVICE.route(address, name, use, Operation("GET", NESTED, answer))


def _key(collection: Collection, reader: Reader, sourced_id: str, name: str = "") -> Any:
    """The key of what an address names. Raises ``Refused`` (404) for what the system may not know of."""
    row = collection.rows(reader).filter(sourced_id=collection.counts(sourced_id, reader)).first()
    if row is None:
        raise unknown(name or collection.one, sourced_id)
    return row.get("pk", row.get("uuid"))


def _class_in_school(reader: Reader, school: str, klass: str) -> Any:
    key = _key(lists.SCHOOLS, reader, school, "school")
    return _key(lists.some(lists.CLASSES, school=key), reader, klass)


def people_of_class(role: str) -> Answer:
    """Those who are in a class in a role today or from a later day on."""

    def answer(request: HttpRequest, reader: Reader, klass: str, school: str = "") -> HttpResponse:
        key = _class_in_school(reader, school, klass) if school else _key(lists.CLASSES, reader, klass)
        there = Exists(lists.places(school_class=key, role=role, person=OuterRef("pk")))
        return list_of(lists.some(lists.PEOPLE, Q(there)), request, reader, role, "class", klass)

    return answer


def people_of_school(role: str) -> Answer:
    """Those who have a role at a school."""

    def answer(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
        key = _key(lists.SCHOOLS, reader, school, "school")
        roles = roster.rows_of("Role").filter(organisation=key, name=role, closed_by=None, person=OuterRef("pk"))
        return list_of(lists.some(lists.PEOPLE, Q(Exists(roles))), request, reader, role, "school", school)

    return answer


def classes_of_person(collection: Collection, role: str = "") -> Answer:
    """The classes that somebody is in, in a role or in any."""

    def answer(request: HttpRequest, reader: Reader, user: str) -> HttpResponse:
        facts = {"person": _key(collection, reader, user), **({"role": role} if role else {})}
        there = Exists(lists.places(school_class=OuterRef("pk"), **facts))
        return list_of(lists.some(lists.CLASSES, Q(there)), request, reader, role, "user", user)

    return answer


def classes_of_course(request: HttpRequest, reader: Reader, course: str) -> HttpResponse:
    """The classes of a course."""
    key = _key(lists.COURSES, reader, course)
    return list_of(lists.some(lists.CLASSES, course=key), request, reader, "course", course)


def classes_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """The classes of a school."""
    key = _key(lists.SCHOOLS, reader, school, "school")
    return list_of(lists.some(lists.CLASSES, school=key), request, reader, "school", school)


def classes_of_term(request: HttpRequest, reader: Reader, term: str) -> HttpResponse:
    """The classes that are held in a term."""
    key = _key(lists.TERMS, reader, term, "term")
    held = Exists(roster.rows_of("ClassTerm").filter(session=key, school_class=OuterRef("pk")))
    return list_of(lists.some(lists.CLASSES, Q(held)), request, reader, "term", term)


def grading_periods_of_term(request: HttpRequest, reader: Reader, term: str) -> HttpResponse:
    """The grading periods of a term."""
    key = _key(lists.TERMS, reader, term, "term")
    return list_of(lists.some(lists.GRADING_PERIODS, parent=key), request, reader, "term", term)


def courses_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """The courses of a school."""
    key = _key(lists.SCHOOLS, reader, school, "school")
    return list_of(lists.some(lists.COURSES, organisation=key), request, reader, "school", school)


def terms_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """The terms in which classes of a school are held."""
    key = _key(lists.SCHOOLS, reader, school, "school")
    held = Exists(roster.rows_of("ClassTerm").filter(school_class__school=key, session=OuterRef("pk")))
    return list_of(lists.some(lists.TERMS, Q(held)), request, reader, "school", school)


def enrolments_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """The enrolments in the classes of a school."""
    key = _key(lists.SCHOOLS, reader, school, "school")
    classes = roster.rows_of("SchoolClass").filter(school=key).values("pk")
    return list_of(lists.some(lists.ENROLMENTS, school_class__in=classes), request, reader, "school", school)


def enrolments_of_class(request: HttpRequest, reader: Reader, school: str, klass: str) -> HttpResponse:
    """The enrolments in a class of a school."""
    key = _class_in_school(reader, school, klass)
    return list_of(lists.some(lists.ENROLMENTS, school_class=key), request, reader, "class", klass)


SCHOOL, CLASS = "schools/<path:school>", "classes/<path:klass>"
routes = [
    # nested ones first: an identifier may hold a slash
    _nested(f"{SCHOOL}/{CLASS}/enrollments", lists.ENROLMENTS, enrolments_of_class),
    _nested(f"{SCHOOL}/{CLASS}/students", lists.PEOPLE, people_of_class("student")),
    _nested(f"{SCHOOL}/{CLASS}/teachers", lists.PEOPLE, people_of_class("teacher")),
    _nested(f"{SCHOOL}/classes", lists.CLASSES, classes_of_school),
    _nested(f"{SCHOOL}/courses", lists.COURSES, courses_of_school),
    _nested(f"{SCHOOL}/enrollments", lists.ENROLMENTS, enrolments_of_school),
    _nested(f"{SCHOOL}/students", lists.PEOPLE, people_of_school("student")),
    _nested(f"{SCHOOL}/teachers", lists.PEOPLE, people_of_school("teacher")),
    _nested(f"{SCHOOL}/terms", lists.TERMS, terms_of_school),
    _nested(f"{CLASS}/students", lists.PEOPLE, people_of_class("student")),
    _nested(f"{CLASS}/teachers", lists.PEOPLE, people_of_class("teacher")),
    _nested("courses/<path:course>/classes", lists.CLASSES, classes_of_course),
    _nested("students/<path:user>/classes", lists.CLASSES, classes_of_person(lists.STUDENTS, "student")),
    _nested("teachers/<path:user>/classes", lists.CLASSES, classes_of_person(lists.TEACHERS, "teacher")),
    _nested("users/<path:user>/classes", lists.CLASSES, classes_of_person(lists.PEOPLE)),
    _nested("terms/<path:term>/classes", lists.CLASSES, classes_of_term),
    _nested("terms/<path:term>/gradingPeriods", lists.GRADING_PERIODS, grading_periods_of_term),
    *_both("academicSessions", "academicSession", lists.SESSIONS),
    *_both("terms", "term", lists.TERMS),
    *_both("gradingPeriods", "gradingPeriod", lists.GRADING_PERIODS),
    *_both("orgs", "org", lists.ORGS),
    *_both("schools", "school", lists.SCHOOLS),
    *_both("courses", "course", lists.COURSES),
    *_both("classes", "class", lists.CLASSES),
    *_both("enrollments", "enrollment", lists.ENROLMENTS),
    *_both("users", "user", lists.PEOPLE),
    *_both("students", "student", lists.STUDENTS),
    *_both("teachers", "teacher", lists.TEACHERS),
    *_both("demographics", "demographics.one", lists.DEMOGRAPHICS, BIRTHS),
    SERVICE.elsewhere(),
]
