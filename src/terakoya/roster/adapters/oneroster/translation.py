"""Translates checked tables into what the roster calls things: a delivery."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

import polars as pl

from terakoya.roster import delivery as lines
from terakoya.roster.delivery import Delivery
from terakoya.roster.loading.kinds import PEOPLE

from .cells import PLAIN_UUID
from .checks import GUARDIAN_ROLES, Tables
from .chunks import ROW
from .held import Held
from .table import Row, Table

ADDRESS = "metadata.terakoya.address"
HIDDEN_FROM = "metadata.terakoya.addressHiddenFrom"
TEXTS = {
    "official_family": "familyName",
    "official_given": "givenName",
    "official_middle": "middleName",
    "display_family": "preferredFamilyName",
    "display_given": "preferredGivenName",
    "display_middle": "preferredMiddleName",
    "official_kana_family": "metadata.jp.kanaFamilyName",
    "official_kana_given": "metadata.jp.kanaGivenName",
    "official_kana_middle": "metadata.jp.kanaMiddleName",
    "username": "username",
    "grade": "grades",
    "phone": "phone",
    "sms": "sms",
    "email": "email",
    "identifier": "identifier",
    "user_ids": "userIds",
    "pronouns": "pronouns",
    "primary_organisation": "primaryOrgSourcedId",
}
BIRTHS = ("birth_date", "sex")


def col(name: str) -> pl.Expr:
    return pl.col(name)


def delivery_of(tables: Tables) -> Delivery:
    """What a package without errors says."""
    own = {row["sourcedId"]: row for row in tables["academicSessions"].rows()}
    is_part = any(table.mode != "bulk" for table in tables.values())
    held = Held(tables) if is_part else None
    sessions = own if held is None else held.sessions() | own
    return Delivery(
        organisations=[_organisation(row) for row in tables["orgs"].rows()],
        sessions=[_session(row) for row in own.values()],
        courses=[_course(row) for row in tables["courses"].rows()],
        classes=[_class(row, sessions) for row in tables["classes"].rows()],
        people=lambda: _people(tables, None if is_part else _births(tables)),
        roles=lambda: map(_roles, tables["roles"].frames()),
        enrolments=lambda: map(_enrolments, tables["enrollments"].frames()),
        guardianships=_guardianships(tables, held),
        protections=_protections(tables["users"]),
        profiles=(lambda: map(_profiles, tables["userProfiles"].frames())) if "userProfiles" in tables else None,
        facts_of_people=tuple(name for name in PEOPLE.facts if _speaks_of(name, tables, is_part=is_part)),
        part=_part(tables) if is_part else None,
        expected={"roles": tables["roles"].count, "enrolments": tables["enrollments"].count},
    )


def _part(tables: Tables) -> lines.Part:
    births, table = _births(tables), tables.get("demographics")
    gone = {name: table.gone() for name, table in tables.items()}
    if births is not None and table is not None:
        nothing = pl.DataFrame({"key": pl.Series(table.gone(), dtype=pl.String)})
        births = pl.concat([births, nothing.with_columns(sex=pl.lit(""))], how="diagonal")
    return lines.Part(frozenset(name for name, table in tables.items() if table.mode == "bulk"), gone, births)


def _organisation(row: Row) -> lines.OrganisationLine:
    return lines.OrganisationLine(
        key=row["sourcedId"],
        name=row["name"],
        kind=row["type"],
        code=row["identifier"],
        parent=row["parentSourcedId"],
    )


def _session(row: Row) -> lines.SessionLine:
    return lines.SessionLine(
        key=row["sourcedId"],
        title=row["title"],
        kind=row["type"],
        begins=date.fromisoformat(row["startDate"]),
        ends=_day_after(row["endDate"]),
        school_year=int(row["schoolYear"]),
        parent=row["parentSourcedId"],
    )


def _course(row: Row) -> lines.CourseLine:
    return lines.CourseLine(
        key=row["sourcedId"],
        title=row["title"],
        code=row["courseCode"],
        grades=row["grades"],
        subjects=row["subjects"],
        subject_codes=row["subjectCodes"],
        organisation=row["orgSourcedId"],
        session=row["schoolYearSourcedId"],
    )


def _class(row: Row, sessions: Mapping[str, Row]) -> lines.ClassLine:
    terms = [one for one in dict.fromkeys(row["termSourcedIds"].split(",")) if one in sessions]
    return lines.ClassLine(
        key=row["sourcedId"],
        title=row["title"],
        kind=row["classType"],
        code=row["classCode"],
        location=row["location"],
        grades=row["grades"],
        subjects=row["subjects"],
        subject_codes=row["subjectCodes"],
        hours=row["periods"],
        special_needs=row["metadata.jp.specialNeeds"] == "true",
        school=row["schoolSourcedId"],
        course=row["courseSourcedId"],
        terms=tuple(terms),
        begins=min(date.fromisoformat(sessions[one]["startDate"]) for one in terms),
        ends=max(_day_after(sessions[one]["endDate"]) for one in terms),
    )


def _people(tables: Tables, births: pl.DataFrame | None) -> Iterator[pl.DataFrame]:
    for frame in tables["users"].frames():
        uuid = col("userMasterIdentifier").str.to_lowercase()
        people = frame.select(
            key="sourcedId",
            row=ROW,
            uuid=pl.when(uuid.str.contains(PLAIN_UUID)).then(uuid),
            **TEXTS,
            kana_family=_first("metadata.jp.kanaPreferredFamilyName", "metadata.jp.kanaFamilyName"),
            kana_given=_first("metadata.jp.kanaPreferredGivenName", "metadata.jp.kanaGivenName"),
            kana_middle=_first("metadata.jp.kanaPreferredMiddleName", "metadata.jp.kanaMiddleName"),
            enabled=col("enabledUser") == "true",
            address=ADDRESS,
        )
        if not tables["users"].has(ADDRESS):
            people = people.drop("address")
        if births is not None:
            people = people.join(births, "key", "left", maintain_order="left").with_columns(col("sex").fill_null(""))
        yield people.with_columns(scope="key")


def _speaks_of(fact: str, tables: Tables, *, is_part: bool) -> bool:
    if fact == "address":
        return tables["users"].has(ADDRESS)
    return fact not in BIRTHS or ("demographics" in tables and not is_part)


def _births(tables: Tables) -> pl.DataFrame | None:
    """Birth date and sex by person; the rest of that file is read and not kept."""
    table = tables.get("demographics")
    if table is None:
        return None
    births = table.frame("sourcedId", "birthDate", "sex")
    return births.select(key="sourcedId", birth_date=_day("birthDate"), sex="sex")


def _roles(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        key="sourcedId",
        scope="orgSourcedId",
        person="userSourcedId",
        organisation="orgSourcedId",
        name="role",
        is_primary=col("roleType") == "primary",
        profile="userProfileSourcedId",
        begins=_day("beginDate"),
        ends=_day("endDate").dt.offset_by("1d"),
    )


def _profiles(frame: pl.DataFrame) -> pl.DataFrame:
    """The accounts in applications; their passwords are read and not kept."""
    return frame.select(
        key="sourcedId",
        person="userSourcedId",
        kind="profileType",
        vendor="vendorId",
        application="applicationId",
        description="description",
        credential_kind="credentialType",
        username="username",
    )


def _enrolments(frame: pl.DataFrame) -> pl.DataFrame:
    role = col("role")
    return frame.select(
        key="sourcedId",
        person="userSourcedId",
        school_class="classSourcedId",
        role=role,
        is_primary=(col("primary") == "true") & (role != "student"),
        number=col("metadata.jp.shussekiNo").cast(pl.Int64, strict=False),
        is_public=col("metadata.jp.publicFlg") != "false",
        begins=_day("beginDate"),
        ends=_day("endDate").dt.offset_by("1d"),
    )


def _guardianships(tables: Tables, held: Held | None) -> pl.DataFrame:
    """Pairs: the agents of a user that have the role of a guardian."""
    roles = tables["roles"].frame("userSourcedId", "role")
    guardians = roles.filter(col("role").is_in(GUARDIAN_ROLES))["userSourcedId"].unique()
    if held is not None:
        others = held.with_role(held.named.get("users", ()), GUARDIAN_ROLES)
        guardians = pl.concat([guardians, pl.Series("userSourcedId", others, pl.String)])
    pairs = _pairs(tables["users"], "agentSourcedIds", "child", "guardian").select("guardian", "child")
    return pairs.filter(col("guardian").is_in(guardians.implode()))


def _protections(users: Table) -> pl.DataFrame | None:
    """Pairs: a person, and who must not see the address; None where the package does not speak of it."""
    return _pairs(users, HIDDEN_FROM, "person", "hidden_from") if users.has(HIDDEN_FROM) else None


def _pairs(users: Table, column: str, one: str, other: str) -> pl.DataFrame:
    """A user, and each of those that a list of the user names."""
    parts = [
        frame.filter(col(column) != "").select(col("sourcedId").alias(one), col(column).str.split(",").alias(other))
        for frame in users.frames()
    ]
    pairs = pl.concat(parts) if parts else pl.DataFrame(schema={one: pl.String, other: pl.List(pl.String)})
    return pairs.explode(other).unique(maintain_order=True)


def _first(*columns: str) -> pl.Expr:
    """The first of some columns that is filled."""
    one, other = columns
    return pl.when(col(one) != "").then(col(one)).otherwise(col(other))


def _day(column: str) -> pl.Expr:
    return pl.when(col(column) != "").then(col(column)).str.to_date("%Y-%m-%d")


def _day_after(value: str) -> date:
    """The packages name the last day; the roster keeps the first day after it."""
    return date.fromisoformat(value) + timedelta(days=1)
