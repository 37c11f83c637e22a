"""Translates checked tables into what the roster calls things: a delivery."""

from datetime import date, timedelta
from uuid import UUID

from terakoya.roster import delivery as lines
from terakoya.roster.delivery import Delivery

from .chunks import ROW
from .checks import GUARDIAN_ROLES, Tables
from .table import Row, Table

ADDRESS = "metadata.terakoya.address"
HIDDEN_FROM = "metadata.terakoya.addressHiddenFrom"


def delivery_of(tables: Tables) -> Delivery:
    """What a package without errors says."""
    return Delivery(
        organisations=[_organisation(tables["orgs"], row) for row in tables["orgs"].rows()],
        sessions=[_session(tables["academicSessions"], row) for row in tables["academicSessions"].rows()],
        courses=[_course(tables["courses"], row) for row in tables["courses"].rows()],
        classes=[_class(tables["classes"], row, tables["academicSessions"]) for row in tables["classes"].rows()],
        people=[_person(tables["users"], row) for row in tables["users"].rows()],
        demographics=_demographics(tables),
        roles=[_role(tables["roles"], row) for row in tables["roles"].rows()],
        enrolments=[_enrolment(tables["enrollments"], row) for row in tables["enrollments"].rows()],
        guardianships=_guardianships(tables),
        protections=_protections(tables["users"]),
    )


def _organisation(table: Table, row: Row) -> lines.OrganisationLine:
    return lines.OrganisationLine(
        key=row["sourcedId"],
        name=row["name"],
        kind=row["type"],
        code=row["identifier"],
        parent=row["parentSourcedId"],
    )


def _session(table: Table, row: Row) -> lines.SessionLine:
    return lines.SessionLine(
        key=row["sourcedId"],
        title=row["title"],
        kind=row["type"],
        begins=date.fromisoformat(row["startDate"]),
        ends=_day_after(row["endDate"]),
        school_year=int(row["schoolYear"]),
        parent=row["parentSourcedId"],
    )


def _course(table: Table, row: Row) -> lines.CourseLine:
    return lines.CourseLine(
        key=row["sourcedId"],
        title=row["title"],
        code=row["courseCode"],
        grades=row["grades"],
        subjects=row["subjects"],
        organisation=row["orgSourcedId"],
        session=row["schoolYearSourcedId"],
    )


def _class(table: Table, row: Row, sessions: Table) -> lines.ClassLine:
    terms = set(row["termSourcedIds"].split(","))
    of = [one for one in sessions.rows() if one["sourcedId"] in terms]
    return lines.ClassLine(
        key=row["sourcedId"],
        title=row["title"],
        kind=row["classType"],
        code=row["classCode"],
        location=row["location"],
        grades=row["grades"],
        subjects=row["subjects"],
        subject_codes=row["subjectCodes"],
        special_needs=row["metadata.jp.specialNeeds"] == "true",
        school=row["schoolSourcedId"],
        course=row["courseSourcedId"],
        begins=min(date.fromisoformat(one["startDate"]) for one in of),
        ends=max(_day_after(one["endDate"]) for one in of),
    )


def _person(table: Table, row: Row) -> lines.PersonLine:
    def value(column: str) -> str:
        return str(row[column])

    return lines.PersonLine(
        key=value("sourcedId"),
        row=row[ROW],
        uuid=_uuid(value("userMasterIdentifier")),
        username=value("username"),
        enabled=value("enabledUser") == "true",
        official_family=value("familyName"),
        official_given=value("givenName"),
        official_middle=value("middleName"),
        display_family=value("preferredFamilyName"),
        display_given=value("preferredGivenName"),
        kana_family=value("metadata.jp.kanaPreferredFamilyName") or value("metadata.jp.kanaFamilyName"),
        kana_given=value("metadata.jp.kanaPreferredGivenName") or value("metadata.jp.kanaGivenName"),
        grade=value("grades"),
        phone=value("sms") or value("phone"),
        email=value("email"),
        address=value(ADDRESS) if table.has(ADDRESS) else None,
    )


def _demographics(tables: Tables) -> dict[str, lines.DemographicsLine] | None:
    """Birth date and sex by person; None where the package does not speak of them."""
    table = tables.get("demographics")
    if table is None:
        return None
    return {
        row["sourcedId"]: lines.DemographicsLine(
            _day(row["birthDate"]), row["sex"]
        )
        for row in table.rows()
    }


def _role(table: Table, row: Row) -> lines.RoleLine:
    return lines.RoleLine(
        key=row["sourcedId"],
        person=row["userSourcedId"],
        organisation=row["orgSourcedId"],
        name=row["role"],
        is_primary=row["roleType"] == "primary",
        begins=_day(row["beginDate"]),
        ends=_day_after_or_none(row["endDate"]),
    )


def _enrolment(table: Table, row: Row) -> lines.EnrolmentLine:
    role = row["role"]
    number = row["metadata.jp.shussekiNo"]
    return lines.EnrolmentLine(
        key=row["sourcedId"],
        person=row["userSourcedId"],
        school_class=row["classSourcedId"],
        role=role,
        is_primary=row["primary"] == "true" and role != "student",
        number=int(number) if number else None,
        is_public=row["metadata.jp.publicFlg"] != "false",
        begins=_day(row["beginDate"]),
        ends=_day_after_or_none(row["endDate"]),
    )


def _guardianships(tables: Tables) -> set[tuple[str, str]]:
    """Pairs (guardian, child): the agents of a user that have the role of a guardian."""
    users, roles = tables["users"], tables["roles"]
    guardians = {row["userSourcedId"] for row in roles.rows() if row["role"] in GUARDIAN_ROLES}
    return {
        (agent, row["sourcedId"])
        for row in users.rows()
        for agent in row["agentSourcedIds"].split(",")
        if agent in guardians
    }


def _protections(users: Table) -> set[tuple[str, str]] | None:
    """Pairs (person, who must not see the address); None where the package does not speak of it."""
    if not users.has(HIDDEN_FROM):
        return None
    return {
        (row["sourcedId"], other)
        for row in users.rows()
        if row[HIDDEN_FROM]
        for other in row[HIDDEN_FROM].split(",")
    }


def _uuid(value: str) -> UUID | None:
    """The person key; None in a base package that has other identifiers."""
    try:
        uuid = UUID(value)
    except ValueError:
        return None
    return uuid if uuid.version == 4 else None


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _day_after(value: str) -> date:
    """The packages name the last day; the roster keeps the first day after it."""
    return date.fromisoformat(value) + timedelta(days=1)


def _day_after_or_none(value: str) -> date | None:
    return _day_after(value) if value else None
