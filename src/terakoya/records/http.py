"""The xAPI door: /xapi/about and /xapi/statements (IEEE 9274.1.1; 1.0.3 is spoken too)."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.http import http_date
from django.views.decorators.csrf import csrf_exempt

from terakoya.kit.declaration import Use, declares, nothing
from terakoya.standards.xapi import StatementRefused

from . import actions, credentials
from .adapters.xapi import asking, incoming, outgoing
from .errors import MayNotVoid, NotJson, RecordsError, RepeatedId, StatementConflict, TooMany
from .models import Statement, Tail

VERSIONS = ("2.0.0", "1.0.3")
LARGEST_BODY_BYTES = 10_000_000
_STATUS = {NotJson: 400, RepeatedId: 400, MayNotVoid: 403, StatementConflict: 409, TooMany: 413}


class Refused(Exception):
    """A request that is answered with a status and a reason."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members


@nothing("says which versions of the standard the store speaks")
def about(request: HttpRequest) -> HttpResponse:
    """The versions that are spoken (xAPI 2.0, 4.1.6.7)."""
    if request.method not in ("GET", "HEAD"):
        return _problem(Refused(405, "Only GET is offered here."), VERSIONS[0])
    return _json(200, {"version": list(VERSIONS), "extensions": {}}, VERSIONS[0])


@csrf_exempt
@declares(Use(("activity.learning_school", "activity.learning_private"), "operation"))
def statements(request: HttpRequest) -> HttpResponse:
    """Statements in and out, for sources with a credential."""
    version = VERSIONS[0]
    try:
        version = _version(request)
        answer = _METHODS.get(request.method or "")
        if answer is None:
            raise Refused(405, "GET, PUT and POST are offered here.")
        return answer(request, _source(request), version)
    except Refused as refused:
        return _problem(refused, version)
    except StatementRefused as refusal:
        detail = f"{refusal}."
        return _problem(Refused(400, detail, path=refusal.path, expected=refusal.expected), version)
    except RecordsError as error:
        return _problem(Refused(_STATUS[type(error)], str(error)), version)


def _version(request: HttpRequest) -> str:
    """The version of the request's header, as the one that is spoken for it."""
    asked_for = request.headers.get("X-Experience-API-Version", "")
    for spoken in VERSIONS:
        if asked_for == spoken[:3] or (asked_for.startswith(spoken[:4]) and asked_for[4:].isdigit()):
            return spoken
    raise Refused(
        400, f"The header X-Experience-API-Version must be one of {', '.join(VERSIONS)}; it is {asked_for!r}."
    )


def _source(request: HttpRequest) -> credentials.Source:
    source = credentials.source_of(request.headers.get("Authorization", ""))
    if source is None:
        raise Refused(401, "A valid key and secret are needed (HTTP Basic).")
    return source


def _post(request: HttpRequest, source: credentials.Source, version: str) -> HttpResponse:
    if request.GET:
        raise Refused(400, f"POST takes no parameters; found {', '.join(request.GET)}.")
    found, _ = incoming.incoming_of_body(_body(request, source), version, source.name)
    return _json(200, [str(each) for each in actions.store(found)], version)


def _put(request: HttpRequest, source: credentials.Source, version: str) -> HttpResponse:
    if set(request.GET) != {"statementId"}:
        raise Refused(400, "PUT takes the parameter statementId and no other.")
    statement_id = asking.checked_id(request.GET["statementId"], "statementId")
    found, is_list = incoming.incoming_of_body(_body(request, source), version, source.name)
    if is_list:
        raise Refused(400, "PUT takes one statement, not a list.")
    if "id" in found[0].statement and found[0].row.statement_id != statement_id:
        raise Refused(400, "The statement's id is not the one of the address.", path="id")
    found[0].row.statement_id = statement_id
    actions.store(found)
    return _headed(HttpResponse(status=204), version)


def _get(request: HttpRequest, source: credentials.Source, version: str) -> HttpResponse:
    readable = _readable(source)
    through = Tail.objects.values_list("last_stored", flat=True).first() or datetime(1970, 1, 1, tzinfo=UTC)
    question = asking.asked(request.GET.dict(), source.name)
    if isinstance(question, asking.AskedOne):
        row = asking.one_of(readable, question)
        if row is None:
            raise Refused(404, "No such statement.")
        answer = _json(200, outgoing.document(row), version)
        answer["Last-Modified"] = http_date(row.stored.timestamp())
    else:
        answer = _json(200, _page(readable, question, source), version)
    answer["X-Experience-API-Consistent-Through"] = through.isoformat(timespec="microseconds")
    return answer


def _readable(source: credentials.Source) -> QuerySet[Statement]:
    """What the source wrote itself, from which it learns nothing new: reading it back is no access to be logged.

    What other sources wrote is not offered. A tool is no primary user of learning records (roadmap, table 1), and
    neither a consent nor a law of the matrix covers one today.
    """
    if not source.may(credentials.READ_OWN):
        raise Refused(403, "This credential may not read statements.")
    return Statement.objects.filter(holder="", source=source.name)


def _page(readable: QuerySet[Statement], question: asking.Asked, source: credentials.Source) -> dict[str, Any]:
    rows, newest, more = asking.page_of(readable, question)
    token = asking.more_token(question, rows[-1].seq, newest, source.name) if more else ""
    address = f"/xapi/statements?{urlencode({'more': token})}" if more else ""
    return {"statements": [outgoing.document(row) for row in rows], "more": address}


def _body(request: HttpRequest, source: credentials.Source) -> bytes:
    if not source.may(credentials.WRITE):
        raise Refused(403, "This credential may not write statements.")
    if request.content_type != "application/json":
        raise Refused(400, f"Content-Type must be application/json; it is {request.content_type!r}.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:  # sent in chunks, of which a WSGI server tells no end
        raise Refused(411, "The header Content-Length is needed.")
    if not length.isdigit() or int(length) > LARGEST_BODY_BYTES:
        raise Refused(413, f"The body is larger than {LARGEST_BODY_BYTES} bytes; send it in parts.")
    return request.body


def _json(status: int, content: Any, version: str) -> HttpResponse:
    body = msgspec.json.encode(content)
    return _headed(HttpResponse(body, status=status, content_type="application/json"), version)


def _problem(refused: Refused, version: str) -> HttpResponse:
    """The reason of a refusal, as RFC 9457 has it."""
    problem = {"type": "about:blank", "status": refused.status, "detail": refused.detail, **refused.members}
    body = msgspec.json.encode(problem)
    answer = HttpResponse(body, status=refused.status, content_type="application/problem+json")
    if refused.status == 401:
        answer["WWW-Authenticate"] = 'Basic realm="learning records", charset="UTF-8"'
    return _headed(answer, version)


def _headed(answer: HttpResponse, version: str) -> HttpResponse:
    answer["X-Experience-API-Version"] = version
    answer["Cache-Control"] = "no-store"
    return answer


_METHODS: dict[str, Callable[[HttpRequest, credentials.Source, str], HttpResponse]] = {
    "GET": _get,
    "HEAD": _get,
    "POST": _post,
    "PUT": _put,
}

routes: list[URLPattern] = [
    path("xapi/about", about, name="records.xapi_about"),
    path("xapi/statements", statements, name="records.xapi_statements"),
]
