"""The resources service: five operations, all of them reads.

Source: 1EdTech OneRoster 1.2, resources service, REST binding 1.0.
"""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse

from terakoya.kit.declaration import NoUse, Use
from terakoya.materials import api as materials
from terakoya.oneroster import noting
from terakoya.oneroster.errors import unknown
from terakoya.oneroster.readers import Reader, people_of
from terakoya.oneroster.serving import Operation, Service, list_of, object_of, within
from terakoya.roster import api as roster

from .lists import RESOURCES

MATERIALS = "content.material_school"
SERVICE = Service(
    "resources",
    "ims/oneroster/resources/v1p2",
    frozenset(
        {
            "fullsuccess",
            "invalid_filter_field",
            "invalid_selection_field",
            "invalid_sort_field",
            "invaliddata",
            "unauthorisedrequest",
            "forbidden",
            "unknownobject",
            "unsupported",
            "server_busy",
            "internal_server_error",
        }
    ),
)
READ, READ_NESTED = ("resource.readonly", "resource-core.readonly"), ("resource.readonly",)
NO_USE = NoUse("says which materials there are, not who uses them")
LIVING = within(RESOURCES, lambda reader: RESOURCES.rows(reader).filter(is_gone=False))


def _used(request: HttpRequest, reader: Reader, kind: str, key: str, **facts: Any) -> HttpResponse:
    """The materials of which the rows of a kind with some facts say that they are used."""
    uses = materials.rows_of(kind).filter(resource=OuterRef("pk"), is_gone=False, **facts)
    some = within(RESOURCES, lambda who: RESOURCES.rows(who).filter(Exists(uses)))
    return list_of(some, request, reader, kind, key)


def of_class(request: HttpRequest, reader: Reader, klass: str) -> HttpResponse:
    """The materials of a class."""
    found = roster.rows_of("SchoolClass").filter(sourced_id=klass)
    if reader.schools is not None:
        found = found.filter(school__in=sorted(reader.schools))
    row = found.first()
    if row is None:
        raise unknown("class", klass)
    return _used(request, reader, "classResource", klass, school_class=row.pk)


def of_course(request: HttpRequest, reader: Reader, course: str) -> HttpResponse:
    """The materials that go with a course."""
    if not roster.keys_of("course", [course]):
        raise unknown("course", course)
    return _used(request, reader, "courseResource", course, course=course)


def of_user(request: HttpRequest, reader: Reader, user: str) -> HttpResponse:
    """The materials that somebody uses: this is about a person, and decided and logged as such."""
    person = people_of(reader.schools).filter(sourced_id=user).first()
    if person is None:
        raise unknown("user", user)
    noting.check(reader, MATERIALS)
    answer = _used(request, reader, "userResource", user, person__in=roster.also_known_as(person.uuid))
    noting.note_object(reader, MATERIALS, "materials", person.uuid)
    return answer


routes = [
    SERVICE.route("resources", "resources", NO_USE, Operation("GET", READ, lambda *of: list_of(RESOURCES, *of))),
    SERVICE.route(
        "resources/<str:key>",
        "resource",
        NO_USE,
        Operation("GET", READ, lambda request, reader, key: object_of(LIVING, request, reader, key)),
    ),
    SERVICE.route("classes/<str:klass>/resources", "class.resources", NO_USE, Operation("GET", READ_NESTED, of_class)),
    SERVICE.route(
        "courses/<str:course>/resources", "course.resources", NO_USE, Operation("GET", READ_NESTED, of_course)
    ),
    SERVICE.route(
        "users/<str:user>/resources",
        "user.resources",
        Use((MATERIALS,), "entrusted_processing"),
        Operation("GET", READ_NESTED, of_user),
    ),
    SERVICE.elsewhere(),
]
