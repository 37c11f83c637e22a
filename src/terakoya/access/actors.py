"""Who acts: a signed-in person with a role, a registered program, the node itself, or a partner node."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest

from terakoya.identity.api import Account, account_named, node_uri

# the roles of the roster by which somebody is staff of a school, and what they are called here; the first one counts
STAFF = {
    "principal": "principal",
    "teacher": "teacher",
    "ext:nurse": "nurse",
    "counselor": "counselor",
    "siteAdministrator": "office",
    "aide": "aide",
    "proctor": "proctor",
}
ADMINISTRATORS = {"administrator", "districtAdministrator", "systemAdministrator"}
STAKEHOLDER_OF_KIND = {
    "city": "school",
    "pds": "student",
    "juku": "cram_school",
    "vendor": "material_company",
    "nation": "nation",
}


@dataclass(frozen=True)
class Actor:
    """Who uses data.

    stakeholder: the row of the matrix; role: a OneRoster role, "member", "administrator", "node" or "system"
    organisation: for whom; account, person: keys on this node; node: base URL when a node acts, else ""
    system: key of a registered program when one acts, else ""
    """

    stakeholder: str
    role: str
    name: str
    organisation: str
    account: int | None = None
    person: UUID | None = None
    node: str = ""
    system: str = ""


NOBODY = Actor("nobody", "none", "", "")


def actor_of(request: HttpRequest) -> Actor:
    """Who makes the request, found once a request."""
    known: Any = getattr(request, "_actor", None)
    if known is None:
        known = actor_of_account(request.user) if isinstance(request.user, Account) else NOBODY
        request._actor = known  # type: ignore[attr-defined]
    return known


def actor_of_account(account: Account, on: date | None = None) -> Actor:
    """The actor that a signed-in account is today, by its roles in the roster and the kind of node."""
    stakeholder, role, organisation = _part(account, on)
    return Actor(stakeholder, role, account.display_name, organisation, account=account.pk, person=account.person)


def actor_named(by: str) -> Actor:
    """Whoever acts under a name: the account of that name, or else who works at the node's own command line."""
    account = account_named(by)
    return actor_of_account(account) if account else _clerk(by)


def partner_actor(uri: str, name: str, kind: str) -> Actor:
    """A partner node that asks; ``kind`` is its kind of node, known from the registry."""
    return Actor(STAKEHOLDER_OF_KIND.get(kind, "outside_body"), "node", name, name, node=uri)


def node_actor() -> Actor:
    """This node itself: what it does by duty, such as carrying out a withdrawal or making a statistic."""
    return Actor("operator", "node", settings.NODE_NAME, settings.NODE_NAME, node=node_uri())


def _clerk(name: str) -> Actor:
    """Whoever works at the node's own command line acts as its clerk."""
    stakeholder = "establisher" if settings.NODE_KIND == "city" else settings.KIND.staff
    return Actor(stakeholder, "administrator", name, settings.NODE_NAME)


def has_roster() -> bool:
    """Whether this kind of node keeps a roster."""
    return "roster" in settings.KIND.rooms


def _part(account: Account, on: date | None) -> tuple[str, str, str]:
    kind = settings.NODE_KIND
    if kind == "pds" and not account.is_administrator:
        return "student", "member", settings.NODE_NAME
    if account.is_administrator:
        stakeholder = "establisher" if kind == "city" else settings.KIND.staff
        return stakeholder, "administrator", settings.NODE_NAME
    if account.person is None or not has_roster():
        return "nobody", "none", settings.NODE_NAME
    return _part_in_roster(account.person, on)


def _part_in_roster(person: UUID, on: date | None) -> tuple[str, str, str]:
    from terakoya.roster import api as roster

    roles = roster.roles_of(person, on)
    school = roster.school_of(person, on)
    organisation = school.name if school else settings.NODE_NAME
    if roles & ADMINISTRATORS and settings.NODE_KIND == "city":
        return "establisher", "administrator", organisation
    if held := [called for role, called in STAFF.items() if role in roles]:
        return settings.KIND.staff, held[0], organisation
    if "student" in roles:
        return "student", "student", organisation
    return ("student", "guardian", organisation) if roles else ("nobody", "none", organisation)
