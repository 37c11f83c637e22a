"""From rows to the wire: statements as a source reads them back, and as another node receives them."""

from typing import Any
from uuid import UUID

import msgspec

from terakoya.identity.api import node_uri
from terakoya.standards.xapi_japan import EXTENSIONS

from ...models import Statement

# what the store itself decides about a statement (xAPI 2.0, 4.1.1)
_OF_THE_STORE = ("id", "stored", "authority", "version", "timestamp")
_KEPT_OF_CONTEXT = ("language", "platform", "extensions")


def document(row: Statement) -> dict[str, Any]:
    """The statement as it was sent, completed with what the store knows."""
    statement: dict[str, Any] = msgspec.json.decode(bytes(row.raw))
    return {
        "timestamp": row.timestamp.isoformat(),
        "version": row.version,
        **statement,
        "id": str(row.statement_id),
        "stored": row.stored.isoformat(timespec="microseconds"),
        "authority": authority(row.source),
    }


def authority(source: str) -> dict[str, Any]:
    """The source of a statement as the agent that vouches for it."""
    return {"objectType": "Agent", "account": {"homePage": node_uri(), "name": source}}


def same_statement(row: Statement, statement: dict[str, Any]) -> bool:
    """Whether a statement that is sent again says the same as the stored one (xAPI 2.0, 4.1.4)."""
    stored: dict[str, Any] = msgspec.json.decode(bytes(row.raw))
    return _said(stored) == _said(statement)


def _said(statement: dict[str, Any]) -> dict[str, Any]:
    said = {name: value for name, value in statement.items() if name not in _OF_THE_STORE}
    said["verb"] = statement["verb"]["id"]
    said["object"] = {name: value for name, value in statement["object"].items() if name != "definition"}
    return said


def released(row: Statement, pairwise: UUID, statement_id: UUID) -> dict[str, Any]:
    """The statement as a partner receives it: about a pairwise id, and without anybody else.

    Kept are what was done, to which activity, with which result, and the Japan profile's ties. Teachers, groups,
    registrations, references and other sources' extensions stay behind: they are about others, or would let two
    recipients join what they hold.
    """
    statement: dict[str, Any] = msgspec.json.decode(bytes(row.raw))
    account = {"homePage": node_uri(), "name": str(pairwise)}
    kept = {
        "id": str(statement_id),
        "actor": {"objectType": "Agent", "account": account},
        "verb": statement["verb"],
        "object": _activity(statement["object"]),
        "result": _without_others(statement.get("result", {})),
        "context": _context(statement.get("context", {})),
        "timestamp": row.timestamp.isoformat(),
        "stored": row.stored.isoformat(timespec="microseconds"),
        "authority": authority(row.source),
        "version": row.version,
    }
    return {name: value for name, value in kept.items() if value != {}}


def _activity(activity: dict[str, Any]) -> dict[str, Any]:
    if "definition" not in activity:
        return activity
    return {**activity, "definition": _without_others(activity["definition"])}


def _context(context: dict[str, Any]) -> dict[str, Any]:
    return _without_others({name: value for name, value in context.items() if name in _KEPT_OF_CONTEXT})


def _without_others(part: dict[str, Any]) -> dict[str, Any]:
    """The part with the Japan profile's extensions alone."""
    extensions = {name: value for name, value in part.get("extensions", {}).items() if name.startswith(EXTENSIONS)}
    rest = {name: value for name, value in part.items() if name != "extensions"}
    return {**rest, "extensions": extensions} if extensions else rest
