"""References as the services write them: an address, a sourcedId and a word for what is there."""

from collections.abc import Iterable, Mapping
from typing import Any

from terakoya.oneroster.readers import Reader
from terakoya.roster import api as roster

ROSTERING, GRADEBOOK = "/ims/oneroster/rostering/v1p2", "/ims/oneroster/gradebook/v1p2"
PLACES = {
    "user": f"{ROSTERING}/users",
    "class": f"{ROSTERING}/classes",
    "org": f"{ROSTERING}/orgs",
    "course": f"{ROSTERING}/courses",
    "academicSession": f"{ROSTERING}/academicSessions",
    "category": f"{GRADEBOOK}/categories",
    "scoreScale": f"{GRADEBOOK}/scoreScales",
    "lineItem": f"{GRADEBOOK}/lineItems",
    "assessmentLineItem": f"{GRADEBOOK}/assessmentLineItems",
}


class References:
    """References for the rows of a page: the roster is asked once for each kind of thing."""

    def __init__(self, reader: Reader, rows: Iterable[Any], kinds: Mapping[str, str]) -> None:
        """kinds: by column of the rows the kind in the roster that its keys are of"""
        self.origin = reader.origin
        keys: dict[str, set[Any]] = {}
        for row in rows:
            for column, kind in kinds.items():
                if key := getattr(row, column):
                    keys.setdefault(kind, set()).add(key)
        self.known = {kind: roster.sourced_ids_of(kind, some) for kind, some in keys.items()}

    def to(self, kind: str, key: Any) -> dict[str, str] | None:
        """The reference to what the roster has under a key; None for no key."""
        found = self.known[kind].get(key) if key else None
        return self.under(kind, found) if found else None

    def under(self, kind: str, sourced_id: str) -> dict[str, str]:
        """The reference to what has a sourcedId."""
        return {"href": f"{self.origin}{PLACES[kind]}/{sourced_id}", "sourcedId": sourced_id, "type": kind}
