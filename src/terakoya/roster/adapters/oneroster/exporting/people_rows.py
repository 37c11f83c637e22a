"""The rows of users.csv, demographics.csv, roles.csv, enrollments.csv and userProfiles.csv."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from terakoya.roster.models import Person

from .beside import Beside
from .cells import boolean, last_day, listed
from .scope import Scope, in_order, streamed
from .stamps import GONE, Stamps
from .writing import Row

STUDENT, HOMEROOM = "student", "homeroom"
USERS = (
    *("enabledUser", "username", "userIds", "givenName", "familyName", "middleName", "identifier", "email", "sms"),
    *("phone", "agentSourcedIds", "grades", "userMasterIdentifier", "preferredGivenName", "preferredMiddleName"),
    *("preferredFamilyName", "primaryOrgSourcedId", "pronouns", "metadata.jp.kanaGivenName"),
    *("metadata.jp.kanaFamilyName", "metadata.jp.kanaMiddleName", "metadata.jp.homeClass"),
    *("metadata.jp.kanaPreferredFamilyName", "metadata.jp.kanaPreferredGivenName"),
    *("metadata.jp.kanaPreferredMiddleName",),
)
DEMOGRAPHICS = ("birthDate", "sex")
ROLES = ("userSourcedId", "roleType", "role", "beginDate", "endDate", "orgSourcedId", "userProfileSourcedId")
ENROLMENTS = (
    *("classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary", "beginDate", "endDate"),
    *("metadata.jp.shussekiNo", "metadata.jp.publicFlg"),
)
PROFILES = (
    *("userSourcedId", "profileType", "vendorId", "applicationId", "description", "credentialType", "username"),
)
PARTS = ("given", "family", "middle")


def user_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    agents, homes = Beside(_agents(scope)), Beside(_homes(scope))
    for one in in_order(rows, "sourced_id").iterator(chunk_size=5_000):
        guardians = ",".join(guardian for _, guardian in agents.of(one.sourced_id))
        home = _home(homes.of(one.sourced_id), scope.day)
        kana = [getattr(one, f"kana_{part}") for part in ("family", "given", "middle")]
        official_kana = [getattr(one, f"official_kana_{part}") or getattr(one, f"kana_{part}") for part in PARTS]
        yield (
            *(one.sourced_id, *stamps(one.change_id), boolean(one.enabled), one.username, one.user_ids),
            *(*_official(scope, one), one.identifier, one.email, one.sms, one.phone, guardians),
            *(listed(scope.profile, "grade", one.grade), one.uuid, one.display_given, one.display_middle),
            *(one.display_family, scope.places.identifier(one.primary_organisation_id), one.pronouns),
            *(*official_kana, home, *kana),
        )


def demographics_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    told = rows.exclude(birth_date=None, sex="")
    for key, change, birth, sex in streamed(
        in_order(told, "sourced_id"), ("sourced_id", "change", "birth_date", "sex")
    ):
        yield key, *stamps(change), birth, sex


def role_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    fields = (
        *("person", "sourced_id", "change", "person__sourced_id", "is_primary", "name", "begins", "ends"),
        *("organisation__sourced_id", "profile__sourced_id"),
    )
    rank = ("secondary", "primary")
    for key, change, person, first, name, begins, ends, place, profile in _of_people(scope, rows, stamps, fields):
        if role := scope.profile.carried("role", name):
            yield key, *stamps(change), person, rank[first], role, begins, last_day(ends), place, profile


def enrolment_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    fields = (
        *("person", "sourced_id", "change", "school_class__sourced_id", "school_class__school__sourced_id"),
        "school_class__ends",
        *("person__sourced_id", "role", "is_primary", "begins", "ends", "number", "is_public"),
    )
    for key, change, klass, school, last, person, name, first, begins, ends, number, public in _of_people(
        scope, rows, stamps, fields
    ):
        if role := scope.profile.carried("enrolmentRole", name):
            is_first = boolean(first and role != STUDENT)
            days = (begins, last_day(ends or (last if last > begins else None)))  # nobody is in a class after its end
            yield key, *stamps(change), klass, school, person, role, is_first, *days, number, boolean(public)


def profile_rows(scope: Scope, rows: Any, stamps: Stamps) -> Iterator[Row]:
    fields = (
        *("person", "sourced_id", "change", "person__sourced_id", "kind", "vendor", "application", "description"),
        *("credential_kind", "username"),
    )
    for key, change, *cells in _of_people(scope, rows, stamps, fields):
        yield key, *stamps(change), *cells


def _of_people(scope: Scope, rows: Any, stamps: Stamps, fields: tuple[str, ...]) -> Iterator[list[Any]]:
    """Values of rows without the person, who comes first: those of people in the package, or whoever it was."""
    found = streamed(in_order(rows, "sourced_id"), fields)
    if stamps.status == GONE:
        return (values for _, *values in found)
    known = scope.keys_of_people
    return (values for person, *values in found if person in known)


def _official(scope: Scope, one: Person) -> Iterator[str]:
    """The official name; a part with characters that the profile has not is told as the one that is used."""
    for part in PARTS:
        official, used = getattr(one, f"official_{part}"), getattr(one, f"display_{part}")
        yield official if scope.profile.can_carry(official) else used or official


def _agents(scope: Scope) -> Iterable[tuple[str, str]]:
    """Pairs (child, guardian) in their order. An agent is told who is a guardian in the package too."""
    fields = ("child__sourced_id", "guardian__sourced_id")
    known, rows = scope.keys_of_guardians, in_order(scope.guardianships(), *fields)
    return ((child, agent) for child, agent, key in streamed(rows, (*fields, "guardian")) if key in known)


def _homes(scope: Scope) -> Iterable[tuple[str, str, date, date | None]]:
    """Pupils in their order, with their homerooms and the days for which they are theirs."""
    rows = scope.enrolments().filter(role=STUDENT, school_class__kind=HOMEROOM)
    fields = ("person__sourced_id", "school_class__sourced_id")
    found: Iterable[tuple[str, str, date, date | None]] = streamed(in_order(rows, *fields), (*fields, "begins", "ends"))
    return found


def _home(rows: list[tuple[Any, ...]], day: date) -> str:
    """The homeroom of a day; else the next one, else the last."""

    def distance(row: tuple[Any, ...]) -> tuple[int, int, str]:
        _, klass, begins, ends = row
        if begins <= day and (ends is None or ends > day):
            return 0, 0, klass
        return (1, (begins - day).days, klass) if begins > day else (2, (day - ends).days, klass)

    return min(rows, key=distance)[1] if rows else ""
