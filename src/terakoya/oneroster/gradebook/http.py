"""The gradebook service: 35 operations at the addresses and under the scopes of its document.

Source: 1EdTech OneRoster 1.2, gradebook service, REST binding 1.0.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse

from terakoya.gradebook import api as gradebook
from terakoya.kit.declaration import NoUse, Use
from terakoya.oneroster.errors import unknown
from terakoya.oneroster.readers import Reader, people_of
from terakoya.oneroster.serving import Answer, Collection, Operation, Service, list_of, object_of, within
from terakoya.roster import api as roster

from . import lists, writes
from .lists import MARKS

SERVICE = Service(
    "gradebook",
    "ims/oneroster/gradebook/v1p2",
    frozenset(
        {
            "fullsuccess",
            "invalid_filter_field",
            "invalid_selection_field",
            "invaliddata",
            "unauthorisedrequest",
            "forbidden",
            "unknownobject",
            "deletefailure",
            "server_busy",
            "internal_server_error",
        }
    ),
)
READ = ("gradebook.readonly", "gradebook-core.readonly")
READ_NESTED = ("gradebook.readonly",)
PUT, POST, DELETE = ("gradebook.createput",), ("gradebook.createpost",), ("gradebook.delete",)
READ_ASSESSED, PUT_ASSESSED, DELETE_ASSESSED = (
    ("assessment.readonly",),
    ("assessment.createput",),
    ("assessment.delete",),
)
USE = Use((MARKS,), "entrusted_processing")
NO_USE = NoUse("says what is marked, not of whom")
Rows = Callable[[Reader], QuerySet[Any]]


def _all(collection: Collection) -> Answer:
    return lambda request, reader: list_of(collection, request, reader)


def _one(collection: Collection) -> Answer:
    """The object under a sourcedId; what was taken away is told of in lists only."""
    living = within(collection, lambda reader: collection.rows(reader).filter(is_gone=False))
    return lambda request, reader, key: object_of(living, request, reader, key)


def _class(reader: Reader, key: str) -> UUID:
    """The key of a class that the system may see. Raises ``Refused`` (404)."""
    found = roster.rows_of("SchoolClass").filter(sourced_id=key)
    if reader.schools is not None:
        found = found.filter(school__in=sorted(reader.schools))
    return _known(found, "class", key)


def _school(reader: Reader, key: str) -> UUID:
    found = roster.rows_of("Organisation").filter(sourced_id=key)
    if reader.schools is not None:
        found = found.filter(uuid__in=sorted(reader.schools))
    return _known(found, "school", key)


def _known(found: QuerySet[Any], what: str, key: str) -> UUID:
    known: UUID | None = found.values_list("uuid", flat=True).first()
    if known is None:
        raise unknown(what, key)
    return known


def _of(collection: Collection, request: HttpRequest, reader: Reader, *context: object, **facts: Any) -> HttpResponse:
    """The list of those rows that have some facts."""
    some = within(collection, lambda who: collection.rows(who).filter(**facts))
    return list_of(some, request, reader, *context)


def of_class(collection: Collection) -> Answer:
    """The list of what belongs to a class."""

    def answer(request: HttpRequest, reader: Reader, klass: str) -> HttpResponse:
        return _of(collection, request, reader, "class", klass, school_class=_class(reader, klass))

    return answer


def categories_of_class(request: HttpRequest, reader: Reader, klass: str) -> HttpResponse:
    """The categories in which something is marked in a class."""
    key = _class(reader, klass)
    used = gradebook.rows_of("lineItem").filter(category=OuterRef("pk"), school_class=key, is_gone=False)
    some = within(lists.CATEGORIES, lambda who: lists.CATEGORIES.rows(who).filter(Exists(used)))
    return list_of(some, request, reader, "class", klass)


def results_of_item(request: HttpRequest, reader: Reader, klass: str, item: str) -> HttpResponse:
    """The results for a line item of a class."""
    key = _class(reader, klass)
    if not gradebook.rows_of("lineItem").filter(sourced_id=item, school_class=key).exists():
        raise unknown("lineItem", item)
    return _of(lists.RESULTS, request, reader, "item", klass, item, item__sourced_id=item, school_class=key)


def results_of_student(request: HttpRequest, reader: Reader, klass: str, student: str) -> HttpResponse:
    """The results of somebody in a class."""
    key = _class(reader, klass)
    person = _known(people_of(reader.schools).filter(sourced_id=student), "student", student)
    keys = sorted(roster.also_known_as(person))
    return _of(lists.RESULTS, request, reader, "student", klass, student, student__in=keys, school_class=key)


def scales_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """The score scales of the classes of a school."""
    classes = roster.rows_of("SchoolClass").filter(school=_school(reader, school)).values("uuid")
    return _of(lists.SCORE_SCALES, request, reader, "school", school, school_class__in=classes)


def post_items_of_class(request: HttpRequest, reader: Reader, klass: str) -> HttpResponse:
    """Create line items of a class."""
    _class(reader, klass)
    return writes.post("lineItem", request, reader, {"school_class": klass})


def post_items_of_school(request: HttpRequest, reader: Reader, school: str) -> HttpResponse:
    """Create line items of a school."""
    _school(reader, school)
    return writes.post("lineItem", request, reader, {"school": school})


def post_results_of_item(request: HttpRequest, reader: Reader, item: str) -> HttpResponse:
    """Create results for a line item."""
    if not lists.rows("lineItem", reader).filter(sourced_id=item, is_gone=False).exists():
        raise unknown("lineItem", item)
    return writes.post("result", request, reader, {"item": item})


def post_results_of_session(request: HttpRequest, reader: Reader, klass: str, session: str) -> HttpResponse:
    """Create results of a class for line items of an academic session."""
    _class(reader, klass)
    if not roster.keys_of("academicSession", [session]):
        raise unknown("academicSession", session)
    return writes.post("result", request, reader, {"school_class": klass}, {"item.session": session})


def _object(collection: Collection, read: tuple[str, ...], put: tuple[str, ...], delete: tuple[str, ...]) -> Any:
    """The two routes of a list: all of it, and one of it."""
    use = USE if collection.category else NO_USE
    kind = collection.one
    return [
        SERVICE.route(collection.many, collection.many, use, Operation("GET", read, _all(collection))),
        SERVICE.route(
            f"{collection.many}/<str:key>",
            kind,
            use,
            Operation("GET", read, _one(collection)),
            Operation("PUT", put, writes.put(kind)),
            Operation("DELETE", delete, writes.delete(kind)),
        ),
    ]


def _nested(address: str, name: str, answer: Answer, *, post: Answer | None = None, use: Any = USE) -> Any:
    operations = [Operation("GET", READ_NESTED, answer)]
    if post is not None:
        operations.append(Operation("POST", POST, post))
    return SERVICE.route(address, name, use, *operations)


CLASS, SCHOOL = "classes/<str:klass>", "schools/<str:school>"
routes = [
    *_object(lists.CATEGORIES, READ, PUT, DELETE),
    *_object(lists.SCORE_SCALES, READ, PUT, DELETE),
    *_object(lists.LINE_ITEMS, READ, PUT, DELETE),
    *_object(lists.RESULTS, READ, PUT, DELETE),
    *_object(lists.ASSESSMENT_LINE_ITEMS, READ_ASSESSED, PUT_ASSESSED, DELETE_ASSESSED),
    *_object(lists.ASSESSMENT_RESULTS, READ_ASSESSED, PUT_ASSESSED, DELETE_ASSESSED),
    _nested(f"{CLASS}/categories", "class.categories", categories_of_class, use=NO_USE),
    _nested(f"{CLASS}/lineItems", "class.lineItems", of_class(lists.LINE_ITEMS), post=post_items_of_class, use=NO_USE),
    _nested(f"{CLASS}/scoreScales", "class.scoreScales", of_class(lists.SCORE_SCALES), use=NO_USE),
    _nested(f"{CLASS}/results", "class.results", of_class(lists.RESULTS)),
    _nested(f"{CLASS}/lineItems/<str:item>/results", "item.results", results_of_item),
    _nested(f"{CLASS}/students/<str:student>/results", "student.results", results_of_student),
    SERVICE.route(
        f"{CLASS}/academicSessions/<str:session>/results",
        "session.results",
        USE,
        Operation("POST", POST, post_results_of_session),
    ),
    SERVICE.route("lineItems/<str:item>/results", "posted.results", USE, Operation("POST", POST, post_results_of_item)),
    _nested(f"{SCHOOL}/scoreScales", "school.scoreScales", scales_of_school, use=NO_USE),
    SERVICE.route(f"{SCHOOL}/lineItems", "school.lineItems", NO_USE, Operation("POST", POST, post_items_of_school)),
]
routes.append(SERVICE.elsewhere())
