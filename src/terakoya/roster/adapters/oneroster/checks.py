"""Checks across rows and files: identifiers, references, and what the profiles ask of values together."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from terakoya.kit import clock
from terakoya.roster.findings import NOTE, Findings
from terakoya.standards import ages, codes, oneroster

from .table import Row, Table

Tables = dict[str, Table]
GUARDIAN_ROLES = ("guardian", "parent")
UNIQUE = (
    *((name, "sourcedId") for name in (*oneroster.ROSTERING, *oneroster.OPTIONAL)),
    ("users", "username"),
    ("users", "userMasterIdentifier"),
)


def check_together(tables: Tables, findings: Findings, *, japan: bool) -> None:
    """Everything that cannot be seen in one cell alone."""
    for name, column in UNIQUE:
        if name in tables:
            _check_unique(tables[name], column, findings)
    for table in tables.values():
        _check_references(table, tables, findings)
    for name in ("academicSessions", "orgs"):
        _check_circles(tables[name], findings)
    _check_periods(tables, findings)
    _check_schools(tables, findings)
    _check_users(tables, findings)
    _check_subjects(tables, findings)
    _check_births(tables, findings)
    _check_guidance(tables, findings)
    if japan:
        _check_japan(tables, findings)


def _check_unique(table: Table, column: str, findings: Findings) -> None:
    seen: set[str] = set()
    for row, value in table.values(column):
        # user names are compared as people type them
        key = value.lower() if column != "sourcedId" else value
        if key in seen:
            _add(findings, "id.twice", table, row, column, value, cause=key)
        seen.add(key)


def _check_references(table: Table, tables: Tables, findings: Findings) -> None:
    for column in table.columns:
        if column.type not in ("reference", "references") or column.of not in tables:
            continue
        known = {value for _, value in tables[column.of].values("sourcedId")}
        for row, value in table.values(column.name):
            for one in value.split(",") if column.type == "references" else [value]:
                if one not in known:
                    target = f"{column.of}.csv"
                    _add(findings, "reference.missing", table, row, column.name, one, cause=one, to=target)


def _check_circles(table: Table, findings: Findings) -> None:
    parents = {table.value(row, "sourcedId"): table.value(row, "parentSourcedId") for row in table.rows}
    for row in table.rows:
        start = table.value(row, "sourcedId")
        seen, at = {start}, parents.get(start, "")
        while at and at not in seen:
            seen.add(at)
            at = parents.get(at, "")
        if at and at == start:
            _add(findings, "reference.circle", table, row, "parentSourcedId", parents[start])


def _check_periods(tables: Tables, findings: Findings) -> None:
    for name, begins, ends in (
        ("academicSessions", "startDate", "endDate"),
        ("roles", "beginDate", "endDate"),
        ("enrollments", "beginDate", "endDate"),
    ):
        table = tables[name]
        for row, end in table.values(ends):
            if end < table.value(row, begins):
                _add(findings, "dates.order", table, row, ends, end)


def _check_schools(tables: Tables, findings: Findings) -> None:
    classes, enrolments = tables["classes"], tables["enrollments"]
    schools = {classes.value(row, "sourcedId"): classes.value(row, "schoolSourcedId") for row in classes.rows}
    for row, school in enrolments.values("schoolSourcedId"):
        right = schools.get(enrolments.value(row, "classSourcedId"), school)
        if right != school:
            _add(findings, "enrolment.school", enrolments, row, "schoolSourcedId", school, school=right)


def _check_users(tables: Tables, findings: Findings) -> None:
    users, roles, classes = tables["users"], tables["roles"], tables["classes"]
    with_role = {value for _, value in roles.values("userSourcedId")}
    guardians = {roles.value(row, "userSourcedId") for row in roles.rows if roles.value(row, "role") in GUARDIAN_ROLES}
    others = {classes.value(row, "sourcedId") for row in classes.rows if classes.value(row, "classType") != "homeroom"}
    for row, user in users.values("sourcedId"):
        if user not in with_role:
            _add(findings, "role.none", users, row, "sourcedId", user)
    for row, agents in users.values("agentSourcedIds"):
        for agent in set(agents.split(",")) - guardians:
            _note(findings, "agent.no_guardian", users, row, "agentSourcedIds", agent)
    for row, home in users.values("metadata.jp.homeClass"):
        if home in others:
            _note(findings, "home_class.kind", users, row, "metadata.jp.homeClass", home)


def _check_subjects(tables: Tables, findings: Findings) -> None:
    for name in ("courses", "classes"):
        table = tables[name]
        for row, subjects in table.values("subjects"):
            codes_given = table.value(row, "subjectCodes")
            if codes_given and len(subjects.split(",")) != len(codes_given.split(",")):
                _add(findings, "lists.length", table, row, "subjectCodes", codes_given)


def _check_births(tables: Tables, findings: Findings) -> None:
    """Nobody is born tomorrow; a pupil older or younger than the year of school is only told of."""
    if "demographics" not in tables:
        return
    births, users, today = tables["demographics"], tables["users"], clock.today()
    grades = {users.value(row, "sourcedId"): users.value(row, "grades") for row in users.rows}
    for row, value in births.values("birthDate"):
        birth = _day(value)
        if birth is None:
            continue  # found cell by cell
        grade = ages.grade_of_code(grades.get(births.value(row, "sourcedId"), ""))
        if birth > today:
            _add(findings, "birth.future", births, row, "birthDate", value)
        elif grade is not None and not _fits(birth, grade, clock.school_year(today)):
            _note(findings, "birth.grade", births, row, "birthDate", value)


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def _fits(birth: date, grade: int, school_year: int) -> bool:
    youngest = ages.latest_birth(grade, school_year)
    return ages.latest_birth(grade + 1, school_year) < birth <= youngest


def _check_guidance(tables: Tables, findings: Findings) -> None:
    """What is strange but does no harm."""
    users, enrolments = tables["users"], tables["enrollments"]
    for column in ("preferredFamilyName", "preferredGivenName"):
        for row, name in users.values(column):
            if not _is_encodable(name, "euc_jis_2004"):
                _note(findings, "name.characters", users, row, column, name)
    for column in ("metadata.jp.kanaFamilyName", "metadata.jp.kanaGivenName"):
        for row, name in users.values(column):
            if any("\uff61" <= sign <= "\uff9f" or "\u3041" <= sign <= "\u3096" for sign in name):
                _note(findings, "name.half_width", users, row, column, name)
    for row, primary in enrolments.values("primary"):
        if primary == "true" and enrolments.value(row, "role") == "student":
            _note(findings, "student.primary", enrolments, row, "primary", primary)


def _check_japan(tables: Tables, findings: Findings) -> None:
    courses, orgs, sessions = tables["courses"], tables["orgs"], tables["academicSessions"]
    for row, code in courses.values("courseCode"):
        _note(findings, "cell.ignored", courses, row, "courseCode", code)
    for row, title in sessions.values("title"):
        if not oneroster.SCHOOL_YEAR_TITLE.fullmatch(title):
            _note(findings, "session.title", sessions, row, "title", title)
    for row, code in orgs.values("identifier"):
        if orgs.value(row, "type") == "school" and not codes.is_school_code(code):
            _note(findings, "school.code", orgs, row, "identifier", code)
        elif orgs.value(row, "type") == "district" and not codes.is_board_code(code):
            _note(findings, "board.code", orgs, row, "identifier", code)
    for row in _districts_with_parent(orgs):
        _add(findings, "district.parent", orgs, row, "parentSourcedId", orgs.value(row, "parentSourcedId"))


def _districts_with_parent(orgs: Table) -> Iterator[Row]:
    return (row for row, _ in orgs.values("parentSourcedId") if orgs.value(row, "type") == "district")


def _is_encodable(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _add(findings: Findings, code: str, table: Table, row: Row, column: str, found: str, **details: Any) -> None:
    findings.add(
        code,
        file=table.file,
        row=row.number,
        index=table.places.get(column),
        header=column,
        found=found,
        **details,
    )


def _note(findings: Findings, code: str, table: Table, row: Row, column: str, found: str) -> None:
    _add(findings, code, table, row, column, found, severity=NOTE)
