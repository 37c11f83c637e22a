"""'Who looked at my data': a person's part of the log, line by line."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from terakoya.audit import api as audit

from . import machine_reads
from .keys import all_keys


@dataclass(frozen=True)
class AccessLine:
    """One line of 'who looked at my data'. Ids are those of the matrix and ``standards``; ``id`` is the log's index.

    ``role`` is the relation, or the role of whoever has none; ``detail`` what the relation is to, such as a class.
    ``name`` is empty for members of the family: what one guardian does is not told to the other by name.
    ``node`` and ``node_kind`` say at which node of the federation it happened; empty on the node itself.
    """

    id: int
    at: datetime
    stakeholder: str
    organisation: str
    role: str
    name: str
    category: str
    purpose: str
    basis: str
    rule: str
    clause: str
    what: str
    count: int
    reference: str
    detail: str = ""
    node: str = ""
    node_kind: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The line as JSON-ready values, for a partner node."""
        return {**asdict(self), "at": self.at.isoformat()}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "AccessLine":
        """The line that :meth:`as_dict` made; raises ``KeyError``, ``TypeError`` or ``ValueError`` on another shape."""
        known = {name: raw[name] for name in cls.__dataclass_fields__ if name in raw}
        return cls(
            **{**known, "at": datetime.fromisoformat(raw["at"]), "id": int(raw["id"]), "count": int(raw["count"])}
        )


def accesses_of(
    person: UUID, since: datetime | None = None, *, before: int | None = None, limit: int | None = None
) -> list[AccessLine]:
    """The person's part of the node's log, newest first.

    For pages of it: ``limit`` lines at most, those ``before`` a line's ``id``. What was done in somebody else's case,
    or in a case of child protection that is not opened yet, is not among them. Of somebody who was entered twice it is
    the part of both entries.
    """
    asked: dict[str, Any] = {"before": before, "limit": limit}
    found: dict[int, AccessLine] = {}
    for key in all_keys([person]):
        found |= {entry.index: _line(entry) for entry in audit.entries_about(key, since, **asked)}
        found |= {entry.index: _line_of_a_list(entry) for entry in machine_reads.reads_about(key, since, **asked)}
    return sorted(found.values(), key=lambda line: line.id, reverse=True)[:limit]


def _line_of_a_list(entry: audit.Entry) -> AccessLine:
    """A page of a list that a machine read: of its many records one was the person's; which list it was is detail."""
    return replace(_line(entry), count=1)


def _line(entry: audit.Entry) -> AccessLine:
    facts = entry.facts
    actor = facts["actor"]
    return AccessLine(
        id=entry.index,
        at=entry.at,
        stakeholder=actor["stakeholder"],
        organisation=actor["organisation"],
        role=facts["relation"] or actor["role"],
        name="" if actor["stakeholder"] == "student" else actor["name"],
        category=facts["category"],
        purpose=facts["purpose"],
        basis=facts["basis"],
        rule=facts["rule"],
        clause=facts["clause"],
        what=facts["what"],
        count=facts["count"],
        reference=facts["reference"],
        detail=facts["detail"],
    )
