"""From the wire to rows: bodies are split, statements checked, and what pages ask for is drawn out of them."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from django.conf import settings

from terakoya.kit import clock
from terakoya.standards import xapi, xapi_japan

from ...errors import NotJson, RepeatedId, TooMany
from ...models import Statement

LARGEST_BATCH = 1000
DEEPEST = 64  # of a statement; what is much deeper can be read here but not everywhere
LONGEST_IRI_BYTES = 2000  # an index entry of PostgreSQL holds 2,704
_ONE_OR_MANY: msgspec.json.Decoder[msgspec.Raw] = msgspec.json.Decoder(msgspec.Raw)
_MANY: msgspec.json.Decoder[list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw])


@dataclass(frozen=True)
class Incoming:
    """A checked statement on its way in: decoded, and as the row that it will be (without ``stored``)."""

    statement: dict[str, Any]
    row: Statement
    has_timestamp: bool


def incoming_of_body(body: bytes, version: str, source: str) -> tuple[list[Incoming], bool]:
    """The statements of a request's body, and whether it was a list. All of them are right, or an error is raised."""
    raws, is_list = _split(body)
    if len(raws) > LARGEST_BATCH:
        raise TooMany(f"{len(raws)} statements in one request; at most {LARGEST_BATCH} are taken.")
    found: list[Incoming] = []
    for index, raw in enumerate(raws):
        try:
            found.append(incoming(raw, version, source))
        except xapi.StatementRefused as refusal:
            place = f"[{index}].{refusal.path}" if is_list else refusal.path
            raise xapi.StatementRefused(place, refusal.expected) from None
    ids = [item.row.statement_id for item in found]
    if len(set(ids)) != len(ids):
        raise RepeatedId("Two statements of the request have the same id.")
    return found, is_list


def _split(body: bytes) -> tuple[list[bytes], bool]:
    try:
        whole = bytes(_ONE_OR_MANY.decode(body)).lstrip()
        if whole[:1] == b"[":
            return [bytes(raw) for raw in _MANY.decode(whole)], True
        return [whole], False
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(f"The body is not JSON: {error}") from None


def incoming(raw: bytes, version: str, source: str) -> Incoming:
    """One statement, checked and turned into a row. ``StatementRefused`` or ``NotJson`` when it is not right."""
    try:
        statement = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotJson(f"The body is not JSON: {error}") from None
    return incoming_statement(statement, raw, version, source)


def incoming_statement(statement: Any, raw: bytes, version: str, source: str) -> Incoming:
    """One decoded statement, checked and turned into a row."""
    if _is_too_deep(raw, statement):
        raise NotJson(f"The statement is nested more than {DEEPEST} levels deep.")
    xapi.check_statement(statement, version)
    for index, attachment in enumerate(statement.get("attachments", ())):
        if "fileUrl" not in attachment:
            raise xapi.StatementRefused(f"attachments[{index}].fileUrl", "an address, as no file can be sent along")
    return Incoming(statement, _row(statement, raw, version, source), "timestamp" in statement)


def _is_too_deep(raw: bytes, statement: Any) -> bool:
    if raw.count(b"{") + raw.count(b"[") <= DEEPEST:  # true of nearly all, and quickly seen
        return False
    level = [statement]
    for _ in range(DEEPEST + 1):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _row(statement: dict[str, Any], raw: bytes, version: str, source: str) -> Statement:
    actor = statement["actor"]
    row = Statement(
        statement_id=UUID(statement["id"]) if "id" in statement else uuid4(),
        raw=raw,
        version=statement.get("version", version),
        source=source,
        agent=agent_digest(actor),
        person=_person(actor),
        verb=_bounded(statement["verb"]["id"], "verb.id"),
    )
    if "timestamp" in statement:
        set_timestamp(row, xapi.moment(statement["timestamp"]))
    if statement["verb"]["id"] == xapi.VOIDED:
        row.voids = UUID(statement["object"]["id"])
    elif statement["object"].get("objectType", "Activity") == "Activity":
        _set_activity(row, statement)
    result = statement.get("result", {})
    row.scaled = result.get("score", {}).get("scaled")
    row.success = result.get("success")
    return row


def set_timestamp(row: Statement, moment: datetime) -> None:
    """Set when it happened, as an instant and as a day in Japan."""
    row.timestamp = moment
    row.day = moment.astimezone(clock.JAPAN).date()


def agent_digest(actor: Mapping[str, Any]) -> str:
    """By which an actor is found without its identifier standing in a column; "" for an anonymous group."""
    identifier = xapi.agent_identifier(actor)
    return hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest() if identifier else ""


def _person(actor: Mapping[str, Any]) -> UUID | None:
    """The person of this node whom an account names: ``homePage`` is this node, ``name`` the person key."""
    account = actor.get("account")
    if account is None or account["homePage"].rstrip("/") != settings.NODE_URL:
        return None
    try:
        return UUID(account["name"])
    except ValueError:
        raise xapi.StatementRefused("actor.account.name", "a person's UUID, as homePage is this node") from None


def _set_activity(row: Statement, statement: dict[str, Any]) -> None:
    activity = statement["object"]
    row.activity = _bounded(activity["id"], "object.id")
    row.title = _in_japanese(activity.get("definition", {}).get("name", {}))
    tied = xapi_japan.ties(statement)
    row.codes = " ".join(tied.codes)
    row.unit = tied.codes[0] if tied.codes else ""
    row.unit_title = shown(tied.units[0]) if tied.units else ""
    if tied.codes:
        row.subject = tied.subjects[0][:20] if tied.subjects else ""
        row.grade = tied.grades[0][:4] if tied.grades else ""


def _in_japanese(names: Mapping[str, str]) -> str:
    for tag in ("ja-JP", "ja", "en", "en-US"):
        if tag in names:
            return shown(names[tag])
    return shown(next(iter(names.values()), ""))


def shown(text: str) -> str:
    """A text that a page may show: without control signs, of a bearable length."""
    return "".join(sign for sign in text[:300] if sign.isprintable())


def _bounded(iri: str, path: str) -> str:
    if len(iri.encode()) > LONGEST_IRI_BYTES:
        raise xapi.StatementRefused(path, f"an IRI of at most {LONGEST_IRI_BYTES} bytes")
    return iri
