"""What a delta tells: rows that were touched since a change, and those that are no more."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Exists, OuterRef, Q

from terakoya.roster import journal
from terakoya.roster.models import (
    AcademicSession,
    Before,
    ClassTerm,
    Course,
    Enrolment,
    Guardianship,
    Organisation,
    Person,
    Role,
    SchoolClass,
    UserProfile,
)
from terakoya.roster.rows import newest_of

from .people_rows import HOMEROOM, STUDENT
from .scope import Scope
from .stamps import Stamps
from .writing import Row

TABLES: Mapping[str, Any] = {
    "academicSessions": AcademicSession,
    "orgs": Organisation,
    "courses": Course,
    "classes": SchoolClass,
    "users": Person,
    "roles": Role,
    "enrollments": Enrolment,
    "demographics": Person,
    "userProfiles": UserProfile,
}


def touched(name: str, held: Any, since: int) -> Any:
    """Those of the rows of a file of which a package says something else than before a change."""
    later: Any = Q(change__gt=since)
    if name == "users":  # the row names guardians and homeroom too
        guardians = Guardianship.objects.filter(later, child=OuterRef("pk"))
        homes = Enrolment.objects.filter(later, person=OuterRef("pk"), role=STUDENT, school_class__kind=HOMEROOM)
        later = later | Exists(guardians) | Exists(homes)
    elif name == "classes":
        later = later | Exists(ClassTerm.objects.filter(later, school_class=OuterRef("pk")))
    return held.filter(later)


def gone(name: str, scope: Scope, since: int) -> Any:
    """Rows that have ended or left the scope since a change, and are not in the package under the same identifier."""
    later = Q(change__gt=since)
    if name in ("users", "demographics"):
        roles = Role.objects.filter(person=OuterRef("pk"), organisation__in=scope.inside)
        ended = later & ~Q(ended=None) & Exists(roles)
        left = Person.objects.filter(ended | Exists(roles.filter(later).exclude(closed_by=None)))
        return left.exclude(pk__in=scope.people().values("pk"))
    if name == "roles":
        return newest_of("Role").filter(later, organisation__in=scope.named).exclude(closed_by=None)
    if name == "enrollments":
        return newest_of("Enrolment").filter(later, school_class__school__in=scope.inside).exclude(closed_by=None)
    return TABLES[name].objects.filter(later, _place(name, scope)).exclude(ended=None)


def taken_back(name: str, scope: Scope, stamps: Stamps, width: int) -> Iterator[Row]:
    """Rows of which not even an end is left: what never was true. Only their identifiers are told, in their order."""
    table = TABLES[name]
    told: dict[str, int] = {}
    for part in Before.objects.filter(is_gone=True, change__gt=stamps.since, table=table.__name__).order_by("pk"):
        for key, facts in journal.images_of(part)[1]:
            if _was_inside(table, key, facts, scope):
                told[facts["sourced_id"]] = part.change_id
    still = set(table.objects.filter(sourced_id__in=list(told)).values_list("sourced_id", flat=True))
    for identifier in sorted(told.keys() - still):
        yield (identifier, *stamps(told[identifier]), *([""] * (width - 3)))


def _place(name: str, scope: Scope) -> Q:
    """The rows of organisations, courses, classes and profiles that belong to the chosen organisations."""
    if scope.organisations is None:
        return Q()
    fields = {
        "orgs": "pk",
        "courses": "organisation",
        "classes": "school",
        "userProfiles": "person__roles__organisation",
    }
    return Q(**{f"{fields[name]}__in": scope.organisations}) if name in fields else Q()


def _was_inside(table: type[Any], key: Any, facts: Mapping[str, Any], scope: Scope) -> bool:
    """Whether a row that was taken away belonged to the chosen organisations."""
    if scope.organisations is None:
        return True
    places: Mapping[type[Any], Callable[[], Any]] = {
        Organisation: lambda: key,
        Course: lambda: facts["organisation_id"],
        SchoolClass: lambda: facts["school_id"],
        Role: lambda: facts["organisation_id"],
    }
    if table in places:
        return places[table]() in scope.places.inside
    return table is AcademicSession or (key if table is Person else facts["person_id"]) in _people_taken_back(scope)


def _people_taken_back(scope: Scope) -> set[Any]:
    """People who had a role at the chosen organisations that was taken away."""
    parts = Before.objects.filter(is_gone=True, change__gt=scope.since, table=Role.__name__)
    images = (facts for part in parts for _, facts in journal.images_of(part)[1])
    return {facts["person_id"] for facts in images if facts["organisation_id"] in scope.places.inside}
