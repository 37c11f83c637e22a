"""People as the JSON of OneRoster 1.2.

The name is the one that people are called by; the official one and the address never leave here. How somebody is
reached goes out only where the matrix opens it, and never of anybody whose address is protected from anyone.
"""

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Q, TextField, Value, When

from terakoya.kit import clock
from terakoya.oneroster.readers import Reader, at
from terakoya.roster import api as roster
from terakoya.roster.api import tombstones

from .documents import Document, Row, base, lists, names, period, stamps, texts, truth, value
from .references import Names, reference

ROLES = (
    "aide", "counselor", "districtAdministrator", "guardian", "parent", "principal", "proctor", "relative",
    "siteAdministrator", "student", "systemAdministrator", "teacher",
)  # fmt: skip
COLUMNS = (
    "uuid", "sourced_id", "change_id", "ended", "username", "enabled", "display_family", "display_given",
    "display_middle", "official_family", "official_given", "official_middle", "kana_family", "kana_given",
    "kana_middle", "grade", "phone", "sms", "email", "identifier", "user_ids", "pronouns", "primary_organisation_id",
)  # fmt: skip
CONTACT, GUARDIANS, IDENTITY = "subject.contact", "subject.guardianship", "subject.identity"
REACHED = ("phone", "sms", "email")


def people(rows: Sequence[Row], reader: Reader) -> list[Document]:
    """Pupils, staff and guardians, with what they are at the schools that the reader may see."""
    known, stamp, keys = names(reader.change), stamps(rows), [row["uuid"] for row in rows]
    roles, homes = _roles(keys, reader), _homes(keys)
    agents = _agents(keys, reader) if reader.may(GUARDIANS).permitted and any_row(reader.change, "Guardianship") else {}
    profiles = _profiles(keys) if any_row(reader.change, "UserProfile") else {}
    hidden = _protected(reader.change, str(clock.today()))
    reached = reader.may(CONTACT).permitted

    def document(row: Row) -> Document:
        key = row["uuid"]
        return {
            **base(row, stamp, "ended"),
            "userMasterIdentifier": str(key),
            "enabledUser": truth(row["enabled"]),
            **_names(row),
            **texts(row, username="username", identifier="identifier", pronouns="pronouns"),
            **lists(row, grades="grade"),
            **({"userIds": user_ids} if (user_ids := _user_ids(row["user_ids"])) else {}),
            **(texts(row, **{name: name for name in REACHED}) if reached and key not in hidden else {}),
            "roles": [_role(role, reader, known) for role in roles[key]],
            **_primary(row, reader, known),
            **({"userProfiles": profiles[key]} if key in profiles else {}),
            **({"agents": agents[key]} if key in agents else {}),
            "metadata": _metadata(row, homes.get(key), known),
        }

    return [document(row) for row in rows]


def known_to_reach(reader: Reader) -> dict[str, Any]:
    """How people are reached as far as the reader is told, by ``reached_`` and the name: for filters and orders."""
    if not reader.may(CONTACT).permitted:
        return {f"reached_{name}": Value("", TextField()) for name in REACHED}
    hidden = When(pk__in=_protected(reader.change, str(clock.today())), then=Value(""))
    return {f"reached_{name}": Case(hidden, default=F(name), output_field=TextField()) for name in REACHED}


def category_of(documents: Sequence[Document]) -> str:
    """What a page of people is about: their names, or also how they are reached."""
    return CONTACT if any(name in document for document in documents for name in REACHED) else IDENTITY


def _names(row: Row) -> Document:
    called = "display" if row["display_family"] or row["display_given"] else "official"
    given, family, middle = (row[f"{called}_{part}"] for part in ("given", "family", "middle"))
    chosen = {"preferredFirstName": given, "preferredLastName": family, "preferredMiddleName": middle}
    return {
        "givenName": given,
        "familyName": family,
        **({"middleName": middle} if middle else {}),
        **({name: part for name, part in chosen.items() if part} if called == "display" else {}),
    }


def _metadata(row: Row, home: UUID | None, known: Names) -> Document:
    """What the Japan profiles add: readings of the name that is given, and the homeroom."""
    readings = {
        "jp.kanaGivenName": "kana_given",
        "jp.kanaFamilyName": "kana_family",
        "jp.kanaMiddleName": "kana_middle",
    }
    return {**texts(row, **readings), **({"jp.homeClass": known.classes[home][0]} if home in known.classes else {})}


def _primary(row: Row, reader: Reader, known: Names) -> Document:
    key = row["primary_organisation_id"]
    if key is None or (reader.schools is not None and key not in reader.schools):
        return {}
    return {"primaryOrg": reference(reader.origin, "org", known.organisations[key])}


def _roles(keys: list[UUID], reader: Reader) -> dict[UUID, list[Row]]:
    """The roles of people at the reader's schools: those that count, or for whom has none left the last ones."""
    rows = roster.rows_of("Role").filter(person__in=keys, **at(reader.schools, "organisation")).order_by("pk")
    columns = ("person_id", "organisation_id", "name", "is_primary", "begins", "ends", "closed_by_id")
    living, closed = defaultdict[UUID, list[Row]](list), defaultdict[UUID, list[Row]](list)
    for row in rows.values(*columns):
        (living if row["closed_by_id"] is None else closed)[row["person_id"]].append(row)
    known = {key: living[key] or closed[key] for key in keys}
    gone = tombstones.roles_of(key for key, some in known.items() if not some)
    inside = {key: [row for row in some if _is_at(row, reader)] for key, some in gone.items()}
    return known | inside


def _is_at(row: Row, reader: Reader) -> bool:
    return reader.schools is None or row["organisation_id"] in reader.schools


def _role(row: Row, reader: Reader, known: Names) -> Document:
    return {
        "roleType": "primary" if row["is_primary"] else "secondary",
        "role": value(row["name"], ROLES),
        "org": reference(reader.origin, "org", known.organisations[row["organisation_id"]]),
        **period(row),
    }


def _homes(keys: list[UUID]) -> dict[UUID, UUID]:
    day = clock.today()
    places = roster.rows_of("Enrolment").filter(person__in=keys, role="student", school_class__kind="homeroom")
    now = places.filter(Q(ends=None) | Q(ends__gt=day), closed_by=None, begins__lte=day)
    return dict(now.order_by("begins").values_list("person_id", "school_class_id"))


def _agents(keys: list[UUID], reader: Reader) -> dict[UUID, list[dict[str, str]]]:
    """The guardians of today who are people of the reader's schools too."""
    day = clock.today()
    rows = roster.rows_of("Guardianship").filter(child__in=keys, closed_by=None, begins__lte=day)
    held = rows.filter(Q(ends=None) | Q(ends__gt=day), **at(reader.schools, "guardian__roles__organisation"))
    found = defaultdict[UUID, list[dict[str, str]]](list)
    for child, guardian in (
        held.order_by("guardian__sourced_id").values_list("child_id", "guardian__sourced_id").distinct()
    ):
        found[child].append(reference(reader.origin, "user", guardian))
    return found


def _profiles(keys: list[UUID]) -> dict[UUID, list[Document]]:
    """Accounts in applications of vendors, never with a password."""
    found = defaultdict[UUID, list[Document]](list)
    for row in roster.rows_of("UserProfile").filter(person__in=keys, ended=None).order_by("pk").values():
        credential = {"type": row["credential_kind"], "username": row["username"]}
        found[row["person_id"]].append(
            {
                "profileId": f"urn:sourcedId:{row['sourced_id']}",
                "profileType": row["kind"],
                "vendorId": row["vendor"],
                **texts(row, applicationId="application", description="description"),
                **({"credentials": [credential]} if row["username"] else {}),
            }
        )
    return found


def _user_ids(text: str) -> list[dict[str, str]]:
    pairs = (part.strip().strip("{}").partition(":") for part in text.split(",") if part.strip())
    return [{"type": kind, "identifier": key} for kind, colon, key in pairs if colon]


@lru_cache(8)
def any_row(change: int, table: str) -> bool:
    """Whether a table has any row, as of a change."""
    return bool(roster.rows_of(table).exists())


@lru_cache(4)
def _protected(change: int, day: str) -> frozenset[Any]:
    """Those whose address is protected from anyone on a day, as of a change."""
    orders = roster.addresses_hidden_from(None, clock.today())
    return frozenset(orders.values_list("person_id", flat=True))
