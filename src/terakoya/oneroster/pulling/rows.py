"""Objects of the REST binding (1.2, and 1.1) as rows of the CSV binding: the same roster, by the other way."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Object = dict[str, Any]
Row = dict[str, str]
# lists in the order in which their rows may refer to each other; path and the name in the answer
LISTS = ("academicSessions", "orgs", "courses", "classes", "users", "enrollments", "demographics")


def rows(name: str, one: Object) -> Iterator[tuple[str, Row]]:
    """The rows that an object of a list becomes, each with the name of its file."""
    yield name, _base(one) | {column: value for column, value in _OF[name](one) if value}
    if name == "users":
        yield from (("roles", row) for row in roles(one))


def roles(user: Object) -> Iterator[Row]:
    """The roles of a user. The REST binding gives them no identifier; theirs follows from what they say."""
    for role in user.get("roles") or _roles_of_1_1(user):
        org = _to(role, "org")
        yield _base(user) | {
            "sourcedId": role_id(str(user["sourcedId"]), org, str(role.get("role", ""))),
            "userSourcedId": str(user["sourcedId"]),
            "roleType": str(role.get("roleType", "")),
            "role": str(role.get("role", "")),
            "beginDate": _text(role.get("beginDate")),
            "endDate": _text(role.get("endDate")),
            "orgSourcedId": org,
        }


def role_id(user: str, org: str, role: str) -> str:
    """The identifier of a role: always the same for the same user, organisation and role."""
    return str(uuid5(NAMESPACE_URL, f"oneroster:role:{user}:{org}:{role}"))


def _roles_of_1_1(user: Object) -> Iterator[Object]:
    """OneRoster 1.1 has one role a user, at one organisation or several."""
    role = str(user.get("role", ""))
    named = {"administrator": "siteAdministrator"}.get(role, role)
    for number, org in enumerate(user.get("orgs") or []):
        yield {"role": named, "roleType": "secondary" if number else "primary", "org": org}


def _base(one: Object) -> Row:
    return {
        "sourcedId": str(one["sourcedId"]),
        "status": _text(one.get("status")),
        "dateLastModified": _text(one.get("dateLastModified")),
    }


def _sessions(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "title", "type", "startDate", "endDate", "schoolYear")
    yield "parentSourcedId", _to(one, "parent")


def _orgs(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "name", "type", "identifier")
    yield "parentSourcedId", _to(one, "parent")


def _courses(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "title", "courseCode", "grades", "subjects", "subjectCodes")
    yield "schoolYearSourcedId", _to(one, "schoolYear")
    yield "orgSourcedId", _to(one, "org")


def _classes(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(
        one, "title", "grades", "classCode", "classType", "location", "subjects", "subjectCodes", "periods"
    )
    yield "courseSourcedId", _to(one, "course")
    yield "schoolSourcedId", _to(one, "school")
    yield "termSourcedIds", _all_to(one, "terms")
    yield "metadata.jp.specialNeeds", _japan(one, "specialNeeds")


def _users(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "enabledUser", "username", "givenName", "familyName", "middleName", "identifier")
    yield from _texts(one, "email", "sms", "phone", "grades", "userMasterIdentifier", "pronouns")
    yield (
        "userIds",
        ",".join(f"{{{each.get('type', '')}:{each.get('identifier', '')}}}" for each in one.get("userIds") or []),
    )
    yield "agentSourcedIds", _all_to(one, "agents")
    yield "primaryOrgSourcedId", _to(one, "primaryOrg")
    yield "preferredGivenName", _text(one.get("preferredFirstName"))
    yield "preferredMiddleName", _text(one.get("preferredMiddleName"))
    yield "preferredFamilyName", _text(one.get("preferredLastName"))
    for name in ("kanaGivenName", "kanaFamilyName", "kanaMiddleName", "homeClass"):
        yield f"metadata.jp.{name}", _japan(one, name)
    for name in ("kanaPreferredGivenName", "kanaPreferredFamilyName", "kanaPreferredMiddleName"):
        yield f"metadata.jp.{name}", _japan(one, name)


def _enrollments(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "role", "primary", "beginDate", "endDate")
    yield "classSourcedId", _to(one, "class")
    yield "schoolSourcedId", _to(one, "school")
    yield "userSourcedId", _to(one, "user")
    yield "metadata.jp.shussekiNo", _japan(one, "shussekiNo")
    yield "metadata.jp.publicFlg", _japan(one, "publicFlg")


def _demographics(one: Object) -> Iterator[tuple[str, str]]:
    yield from _texts(one, "birthDate", "sex")


_OF: dict[str, Callable[[Object], Iterator[tuple[str, str]]]] = {
    "academicSessions": _sessions,
    "orgs": _orgs,
    "courses": _courses,
    "classes": _classes,
    "users": _users,
    "enrollments": _enrollments,
    "demographics": _demographics,
}


def _texts(one: Object, *names: str) -> Iterator[tuple[str, str]]:
    for name in names:
        yield name, _text(one.get(name))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(_text(each) for each in value) if isinstance(value, list) else str(value)


def _to(one: Object, name: str) -> str:
    reference = one.get(name)
    return str(reference.get("sourcedId", "")) if isinstance(reference, dict) else ""


def _all_to(one: Object, name: str) -> str:
    return ",".join(str(each.get("sourcedId", "")) for each in one.get(name) or [] if isinstance(each, dict))


def _japan(one: Object, name: str) -> str:
    """What the Japan profile adds, however the server spells it."""
    metadata = one.get("metadata")
    if not isinstance(metadata, dict):
        return ""
    nested = metadata.get("jp")
    if isinstance(nested, dict) and name in nested:
        return _text(nested[name])
    capital = name[:1].upper() + name[1:]
    spellings = (f"{prefix}jp.{each}" for prefix in ("", "metadata.") for each in (name, capital))
    return next((_text(metadata[each]) for each in spellings if each in metadata), "")
