"""What is asked for after the first time: what has changed since, and what a server does not say of it."""

from collections.abc import Iterator
from datetime import UTC, timedelta

from terakoya.kit.portions import portions
from terakoya.roster import api as roster

from . import rows
from .models import Pull
from .parts import DELETED, Parts

OVERLAP = timedelta(minutes=5)  # clocks differ; what comes twice changes nothing
ORDER = {"sort": "sourcedId", "orderBy": "asc"}  # so that a list read in pages holds each once
PEOPLE_AT_ONCE = 500


def asked_for(pull: Pull) -> dict[str, str]:
    """The query of a list: all of it, or what has changed since the last reading began."""
    if pull.is_whole or pull.origin.since is None:
        return ORDER
    since = (pull.origin.since - OVERLAP).astimezone(UTC)
    moment = since.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {**ORDER, "filter": f"dateLastModified>='{moment}'"}


def roles_given_up(parts: Parts) -> Iterator[tuple[str, rows.Row]]:
    """Rows that end the roles which changed users have no longer: a server tells those that they have.

    Only of roles that came by this way, as their identifiers say; what was entered here is not the server's to end.
    """
    told = {row["sourcedId"] for row in parts.rows("roles")}
    changed = {row["sourcedId"]: row["dateLastModified"] for row in parts.rows("users")}
    living = roster.rows_of("Role").filter(closed_by=None)
    columns = ("sourced_id", "person__sourced_id", "organisation__sourced_id", "name")
    for some in portions(sorted(changed), PEOPLE_AT_ONCE):
        for key, user, organisation, role in living.filter(person__sourced_id__in=some).values_list(*columns):
            if key not in told and key == rows.role_id(user, organisation, role):
                yield "roles", {"sourcedId": key, "status": DELETED, "dateLastModified": changed[user]}
