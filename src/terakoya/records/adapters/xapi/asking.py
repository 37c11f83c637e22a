"""What a source asks for by GET /xapi/statements, and the statements that answer it (xAPI 2.0, 4.1.6.1)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.core import signing
from django.db.models import Max, Q, QuerySet

from terakoya.standards import xapi, xapi_values

from ...models import Statement
from .incoming import agent_digest

LARGEST_PAGE = 500
_ONE = {"statementId", "voidedStatementId"}
_MANY = {"agent", "verb", "activity", "since", "until", "limit", "ascending"}
_FREE = {"format", "attachments"}


@dataclass(frozen=True)
class Asked:
    """A question for many statements. ``after`` and ``newest`` are sequence numbers: where to go on, what was last."""

    agent: str = ""
    verb: str = ""
    activity: str = ""
    since: str = ""
    until: str = ""
    limit: int = 100
    ascending: bool = False
    after: int | None = None
    newest: int | None = None


@dataclass(frozen=True)
class AskedOne:
    """A question for one statement, alive or voided."""

    statement_id: UUID
    voided: bool


def asked(parameters: Mapping[str, str], source: str) -> Asked | AskedOne:
    """The question of a query string; ``StatementRefused`` with the parameter's name when it is none."""
    if "more" in parameters:
        return _continued(parameters, source)
    for name in parameters:
        if name not in _ONE | _MANY | _FREE:
            known = ", ".join(sorted(_ONE | _MANY | _FREE | {"more"}))
            raise xapi.StatementRefused(name, f"no such parameter; known are {known}")
    if parameters.get("format", "exact") != "exact" or parameters.get("attachments", "false") != "false":
        raise xapi.StatementRefused("format", "format=exact and attachments=false, the only ones offered")
    one = _ONE & parameters.keys()
    if not one:
        return _many(parameters)
    if len(one) > 1 or _MANY & parameters.keys():
        raise xapi.StatementRefused("statementId", "no other condition beside a statement's id")
    name = one.pop()
    return AskedOne(checked_id(parameters[name], name), name == "voidedStatementId")


def checked_id(value: str, name: str) -> UUID:
    """A statement's id from a parameter; ``StatementRefused`` when it is none."""
    xapi_values.uuid(value, name)
    return UUID(value)


def _many(parameters: Mapping[str, str]) -> Asked:
    for name, check in (("verb", xapi_values.iri), ("activity", xapi_values.iri)):
        if name in parameters:
            check(parameters[name], name)
    for name in ("since", "until"):
        if name in parameters:
            xapi_values.lenient_timestamp(parameters[name], name)
    return Asked(
        agent=_agent(parameters["agent"]) if "agent" in parameters else "",
        verb=parameters.get("verb", ""),
        activity=parameters.get("activity", ""),
        since=parameters.get("since", ""),
        until=parameters.get("until", ""),
        limit=_limit(parameters.get("limit", "0")),
        ascending=_boolean(parameters.get("ascending", "false"), "ascending"),
    )


def _agent(value: str) -> str:
    try:
        agent = msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise xapi.StatementRefused("agent", "an agent as JSON") from None
    xapi.check_actor(agent, "agent")
    digest = agent_digest(agent)
    if not digest:
        raise xapi.StatementRefused("agent", "an agent with an identifier")
    return digest


def _limit(value: str) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > 9:
        raise xapi.StatementRefused("limit", "a whole number, 0 or more; 0 leaves it to the server")
    return min(int(value) or 100, LARGEST_PAGE)


def _boolean(value: str, name: str) -> bool:
    if value not in ("true", "false"):
        raise xapi.StatementRefused(name, "true or false")
    return value == "true"


def _continued(parameters: Mapping[str, str], source: str) -> Asked:
    try:
        return Asked(**signing.loads(parameters["more"], salt=f"records.more.{source}", max_age=24 * 3600))
    except signing.BadSignature:
        raise xapi.StatementRefused("more", "a token of this server, given to this source within a day") from None


def more_token(question: Asked, after: int, newest: int, source: str) -> str:
    """The token by which the next page is asked for; only its source can use it."""
    state: dict[str, Any] = {**asdict(question), "after": after, "newest": newest}
    return signing.dumps(state, salt=f"records.more.{source}", compress=True)


def one_of(readable: QuerySet[Statement], question: AskedOne) -> Statement | None:
    """The one statement that is asked for."""
    return readable.filter(statement_id=question.statement_id, voided=question.voided).first()


def page_of(readable: QuerySet[Statement], question: Asked) -> tuple[list[Statement], int, bool]:
    """The statements of a page, the newest sequence number when it was first asked, and whether there are more.

    What is stored while a source turns pages comes in its next question, not between the pages of this one.
    """
    newest = question.newest
    if newest is None:
        newest = readable.aggregate(newest=Max("seq"))["newest"] or 0
    rows = list(_found(readable, question, newest)[: question.limit + 1])
    return rows[: question.limit], newest, len(rows) > question.limit


def _found(readable: QuerySet[Statement], question: Asked, newest: int) -> QuerySet[Statement]:
    conditions = Q(seq__lte=newest, voided=False)
    for name in ("agent", "verb", "activity"):
        if value := getattr(question, name):
            conditions &= Q(**{name: value})
    if question.since:
        conditions &= Q(stored__gt=_moment(question.since))
    if question.until:
        conditions &= Q(stored__lte=_moment(question.until))
    if question.after is not None:
        conditions &= Q(seq__gt=question.after) if question.ascending else Q(seq__lt=question.after)
    return readable.filter(conditions).order_by("seq" if question.ascending else "-seq")


def _moment(value: str) -> datetime:
    return xapi.moment(value)
