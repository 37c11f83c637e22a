"""The lists of the rostering service: which rows a system may know of, and by what they are filtered and sorted."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from terakoya.kit import clock
from terakoya.oneroster.filtering import CHANGE, DATE, FLAG, KEY, LAST_DAY, LIST, NUMBER, STATUS, By
from terakoya.oneroster.readers import Reader, at, people_of, with_those_above
from terakoya.oneroster.serving import Collection, within
from terakoya.roster import api as roster

from . import documents, people
from .by import OfPerson, id_that_counts

IDENTITY, OFFICIAL = "subject.identity", "subject.official"
BASE_FIELDS = ("sourcedId", "status", "dateLastModified", "metadata")
# fields of the standard that may be asked for and are never there: they are kept nowhere here
NOT_KEPT = {
    "resources": ("resources",),
    "users": ("resources", "password"),
    "demographics": (
        "americanIndianOrAlaskaNative", "asian", "blackOrAfricanAmerican", "nativeHawaiianOrOtherPacificIslander",
        "white", "demographicRaceTwoOrMoreRaces", "hispanicOrLatinoEthnicity", "countryOfBirthCode",
        "stateOfBirthAbbreviation", "cityOfBirth", "publicSchoolResidenceStatus",
    ),
}  # fmt: skip


def _base(ended: str) -> dict[str, By]:
    return {
        "sourcedId": By("sourced_id"),
        "status": By(ended, STATUS),
        "dateLastModified": By("change_id", CHANGE),
    }


def _organisations(reader: Reader) -> QuerySet[Any]:
    return roster.rows_of("Organisation").filter(with_those_above(reader.schools)).values()


def _sessions(reader: Reader) -> QuerySet[Any]:
    return _with_key(roster.rows_of("AcademicSession"))


def _courses(reader: Reader) -> QuerySet[Any]:
    rows = roster.rows_of("Course")
    if reader.schools is not None:
        above = roster.rows_of("Organisation").filter(with_those_above(reader.schools)).values("uuid")
        rows = rows.filter(organisation__in=above)
    return _with_key(rows)


def _classes(reader: Reader) -> QuerySet[Any]:
    return roster.rows_of("SchoolClass").filter(**at(reader.schools, "school")).values()


def _enrolments(reader: Reader) -> QuerySet[Any]:
    rows = roster.newest_of("Enrolment")
    if reader.schools is not None:
        rows = rows.filter(school_class__in=roster.rows_of("SchoolClass").filter(school__in=sorted(reader.schools)))
    return _with_key(rows)


def _people(reader: Reader) -> QuerySet[Any]:
    return people_of(reader.schools).annotate(**people.known_to_reach(reader)).values(*people.COLUMNS)


def _demographics(reader: Reader) -> QuerySet[Any]:
    told = people_of(reader.schools).exclude(birth_date=None, sex="")
    return told.values("uuid", "sourced_id", "change_id", "ended", "birth_date", "sex")


def _with_key(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.values("pk", *(field.attname for field in rows.model._meta.concrete_fields))


ORGS = Collection(
    one="org",
    many="orgs",
    rows=_organisations,
    documents=documents.organisations,
    gone="Organisation",
    fields=(*BASE_FIELDS, "name", "type", "identifier", "parent", "children"),
    by={
        **_base("ended"),
        "name": By("name"),
        "type": By("kind"),
        "identifier": By("code"),
        "parent.sourcedId": By("parent__sourced_id"),
    },
    order=("uuid",),
)
SESSIONS = Collection(
    one="academicSession",
    many="academicSessions",
    rows=_sessions,
    documents=documents.sessions,
    gone="AcademicSession",
    fields=(*BASE_FIELDS, "title", "startDate", "endDate", "type", "parent", "children", "schoolYear"),
    by={
        **_base("ended"),
        "title": By("title"),
        "type": By("kind"),
        "startDate": By("begins", DATE),
        "endDate": By("ends", LAST_DAY),
        "schoolYear": By("school_year", NUMBER),
        "parent.sourcedId": By("parent__sourced_id"),
    },
)
COURSES = Collection(
    one="course",
    many="courses",
    rows=_courses,
    documents=documents.courses,
    gone="Course",
    fields=(
        *BASE_FIELDS,
        "title",
        "schoolYear",
        "courseCode",
        "grades",
        "subjects",
        "org",
        "subjectCodes",
        *NOT_KEPT["resources"],
    ),
    by={
        **_base("ended"),
        "title": By("title"),
        "courseCode": By("code", also="sourced_id"),
        "grades": By("grades", LIST),
        "subjects": By("subjects", LIST),
        "subjectCodes": By("subject_codes", LIST),
        "org.sourcedId": By("organisation__sourced_id"),
        "schoolYear.sourcedId": By("session__sourced_id"),
    },
)
CLASSES = Collection(
    one="class",
    many="classes",
    rows=_classes,
    documents=documents.classes,
    gone="SchoolClass",
    fields=(
        *BASE_FIELDS, "title", "classCode", "classType", "location", "grades", "subjects", "course", "school", "terms",
        "subjectCodes", "periods", *NOT_KEPT["resources"],
    ),
    by={
        **_base("ended"),
        "title": By("title"),
        "classCode": By("code"),
        "classType": By("kind"),
        "location": By("location"),
        "grades": By("grades", LIST),
        "subjects": By("subjects", LIST),
        "subjectCodes": By("subject_codes", LIST),
        "periods": By("hours", LIST),
        "course.sourcedId": By("course__sourced_id"),
        "school.sourcedId": By("school__sourced_id"),
        "metadata.jp.specialNeeds": By("special_needs", FLAG),
    },
    order=("uuid",),
)  # fmt: skip
ENROLMENTS = Collection(
    one="enrollment",
    many="enrollments",
    rows=_enrolments,
    documents=documents.enrolments,
    gone="Enrolment",
    fields=(*BASE_FIELDS, "user", "class", "school", "role", "primary", "beginDate", "endDate"),
    by={
        **_base("closed_by"),
        "user.sourcedId": OfPerson("person__sourced_id"),
        "class.sourcedId": By("school_class__sourced_id"),
        "school.sourcedId": By("school_class__school__sourced_id"),
        "role": By("role"),
        "primary": By("is_primary", FLAG),
        "beginDate": By("begins", DATE),
        "endDate": By("ends", LAST_DAY),
        "metadata.jp.shussekiNo": By("number", NUMBER),
        "metadata.jp.publicFlg": By("is_public", FLAG),
    },
    order=("person_id", "role", "pk"),
    category=IDENTITY,
    person="person_id",
    changed="change_id",
)
PEOPLE = Collection(
    one="user",
    many="users",
    rows=_people,
    documents=people.people,
    gone="Person",
    fields=(
        *BASE_FIELDS, "userMasterIdentifier", "username", "userIds", "enabledUser", "givenName", "familyName",
        "middleName", "preferredFirstName", "preferredMiddleName", "preferredLastName", "pronouns", "roles",
        "userProfiles", "primaryOrg", "identifier", "email", "sms", "phone", "agents", "grades",
        *NOT_KEPT["users"],
    ),
    by={
        **_base("ended"),
        "sourcedId": OfPerson("sourced_id"),
        "username": By("username"),
        "enabledUser": By("enabled", FLAG),
        "givenName": By("display_given", also="official_given"),
        "familyName": By("display_family", also="official_family"),
        "preferredFirstName": By("display_given"),
        "preferredLastName": By("display_family"),
        "identifier": By("identifier"),
        **{name: By(f"reached_{name}") for name in people.REACHED},
        "grades": By("grade", LIST),
        "userMasterIdentifier": By("uuid", KEY),
        "primaryOrg.sourcedId": By("primary_organisation__sourced_id"),
        "metadata.jp.kanaGivenName": By("kana_given"),
        "metadata.jp.kanaFamilyName": By("kana_family"),
    },
    order=("uuid",),
    category=IDENTITY,
    person="uuid",
    changed="change_id",
    told=people.category_of,
    counts=id_that_counts,
)  # fmt: skip
DEMOGRAPHICS = Collection(
    one="demographics",
    many="demographics",
    rows=_demographics,
    documents=documents.demographics,
    fields=(*BASE_FIELDS, "birthDate", "sex", *NOT_KEPT["demographics"]),
    by={**_base("ended"), "sourcedId": OfPerson("sourced_id"), "birthDate": By("birth_date", DATE), "sex": By("sex")},
    order=("uuid",),
    category=OFFICIAL,
    person="uuid",
    changed="change_id",
    counts=id_that_counts,
)


def having(role: str) -> Collection:
    """Those people of the reader's schools who have a role there."""

    def rows(reader: Reader) -> QuerySet[Any]:
        roles = roster.rows_of("Role").filter(name=role, closed_by=None, **at(reader.schools, "organisation"))
        return _people(reader).filter(Exists(roles.filter(person=OuterRef("pk"))))

    return within(PEOPLE, rows)


def some(collection: Collection, *conditions: Q, **facts: Any) -> Collection:
    """Those rows of a list to which conditions apply."""
    return within(collection, lambda reader: collection.rows(reader).filter(*conditions, **facts))


def places(on: Any = None, **facts: Any) -> QuerySet[Any]:
    """The enrolments that are not over today, such as those of a class."""
    day = on or clock.today()
    return roster.rows_of("Enrolment").filter(Q(ends=None) | Q(ends__gt=day), closed_by=None, **facts)


STUDENTS, TEACHERS = having("student"), having("teacher")
SCHOOLS = some(ORGS, kind="school")
# in the Japan profiles the sessions that classes name as their terms are school years
TERMS, GRADING_PERIODS = some(SESSIONS, ~Q(kind="gradingPeriod")), some(SESSIONS, kind="gradingPeriod")
