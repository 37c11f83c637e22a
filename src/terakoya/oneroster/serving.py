"""How an operation is served: who asks, may it, what is asked, the page or the object, its line in the log, the answer.

The rooms' lists come as :class:`Collection`; a service puts them at addresses by :class:`Operation`.
"""

import logging
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from terakoya.access.errors import NotPermitted
from terakoya.kit.declaration import NoUse, Use
from terakoya.roster import api as roster
from terakoya.standards.oneroster_query import Query, QueryFault, query_of, selected

from . import answers, counting, discovery, filtering, noting, paging
from .discovery import Described
from .errors import Refused, unknown
from .filtering import By
from .gone import gone_of
from .paging import Key
from .readers import Reader, reader_of

log = logging.getLogger(__name__)
Answer = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Collection:
    """A list of one kind of object.

    one, many: names of the object and of the list in JSON
    rows: what a reader may know of, as a query (of models, or of dicts by ``values``)
    documents: rows as JSON-ready values, for a reader; their names are among ``fields``
    by: what may be filtered and sorted by; key: the column with the sourcedId
    order: columns that name each row once, by an index: the order when none is asked for
    category: of the data, "" where it is about nobody; person: the column with the person whom a row is about
    changed: the column that a list since a moment goes by, before the last one of ``order``; "" for none
    version: what the count of all rows stays true for
    told: the category that documents turn out to be of, where they may hold more than ``category`` says
    gone: the table whose rows that are no more are told at the end of a list of changes; "" for none
    counts: the sourcedId that answers for one that is asked for, such as an old one of somebody
    """

    one: str
    many: str
    rows: Callable[[Reader], QuerySet[Any]]
    documents: Callable[[Sequence[Any], Reader], list[dict[str, Any]]]
    fields: tuple[str, ...]
    by: Mapping[str, By]
    key: str = "sourced_id"
    order: tuple[str, ...] = ("pk",)
    category: str = ""
    person: str = ""
    changed: str = ""
    version: Callable[[], Hashable] = field(default=roster.latest_change)
    told: Callable[[Sequence[dict[str, Any]]], str] | None = None
    gone: str = ""
    counts: Callable[[str, Reader], str] = lambda key, reader: key

    def category_of(self, documents: Sequence[dict[str, Any]]) -> str:
        """The category under which the log tells of documents that leave the node."""
        return self.told(documents) if self.told else self.category


@dataclass(frozen=True)
class Operation:
    """One method of an address: the scopes that open it (any of them), the use it declares, and what answers it."""

    method: str
    scopes: tuple[str, ...]
    answer: Answer


@dataclass(frozen=True)
class Service:
    """One of the services: where it stands, and the codes that its document has for a refusal."""

    name: str
    base: str
    codes: frozenset[str]
    described: list[Described] = field(default_factory=list, compare=False)

    def route(self, address: str, name: str, use: Use | NoUse, *operations: Operation) -> URLPattern:
        """The route of an address with all its methods."""
        by_method = {operation.method: operation for operation in operations}
        self.described.extend(Described(address, one.method, one.scopes, name) for one in operations)

        @csrf_exempt
        def view(request: HttpRequest, **keys: str) -> HttpResponse:
            return self._answered(request, by_method, keys)

        view.declared_use = use  # type: ignore[attr-defined]
        view.refuses_nul = _refuses_nul  # type: ignore[attr-defined]
        return path(f"{self.base}/{address}", view, name=f"oneroster.{name}")

    def discovered(self) -> URLPattern:
        """The route of the service's document, which anybody may read."""
        file = discovery.file_of(self.name)

        def document(request: HttpRequest) -> HttpResponse:
            origin = request.build_absolute_uri("/").rstrip("/")
            return answers.json_answer(discovery.document(self.name, self.base, origin, self.described))

        guarded = require_safe(document)
        guarded.declared_use = NoUse("says what the service offers")  # type: ignore[attr-defined]
        return path(f"{self.base}/discovery/{file}", guarded, name=f"oneroster.{self.name}.discovery")

    def elsewhere(self) -> URLPattern:
        """Whatever else stands below the base: nothing."""

        @csrf_exempt
        def view(request: HttpRequest) -> HttpResponse:
            return answers.status_info(404, "unknownobject", "There is no such address in this service.")

        view.declared_use = NoUse("says that there is nothing")  # type: ignore[attr-defined]
        view.refuses_nul = _refuses_nul  # type: ignore[attr-defined]
        return re_path(rf"^{self.base}/[\s\S]*$", view, name=f"oneroster.{self.name}.elsewhere")

    def _answered(self, request: HttpRequest, operations: dict[str, Operation], keys: dict[str, str]) -> HttpResponse:
        try:
            operation = operations.get("GET" if request.method == "HEAD" else request.method or "")
            if operation is None:
                return self._no_such_method(operations)
            reader = reader_of(request)
            if not reader.scopes & set(operation.scopes):
                needed = " or ".join(operation.scopes)
                raise Refused(403, "forbidden", f"The token has not the scope that this needs: {needed}.")
            return operation.answer(request, reader, **keys)
        except QueryFault as fault:
            return self._refusal(400, fault.code, str(fault))
        except NotPermitted as fault:
            return self._refusal(403, "forbidden", fault.sentence)
        except Refused as fault:
            return self._refusal(fault.status, fault.code, str(fault))
        except Exception:
            log.exception("an operation of %s failed", self.name)
            return self._refusal(500, "internal_server_error", "This failed here; whoever runs the server can see why.")

    def _refusal(self, status: int, code: str, sentence: str) -> HttpResponse:
        answer = answers.status_info(status, code if code in self.codes else "invaliddata", sentence)
        if status == 401:
            answer["WWW-Authenticate"] = 'Bearer realm="OneRoster"'
        if status == 429:
            answer["Retry-After"] = "60"
        return answer

    def _no_such_method(self, operations: Mapping[str, Operation]) -> HttpResponse:
        offered = [*operations, *(("HEAD",) if "GET" in operations else ())]
        answer = self._refusal(405, "invaliddata", f"Offered here: {', '.join(offered)}.")
        answer["Allow"] = ", ".join(offered)
        return answer


def list_of(collection: Collection, request: HttpRequest, reader: Reader, *context: object) -> HttpResponse:
    """The page of a list that is asked for. ``context`` tells a nested list from others, such as the class."""
    noting.check(reader, collection.category)
    query = query_of(dict(request.GET.lists()), filters=collection.by, fields=collection.fields)
    order, rows, list_ = _asked(collection, reader, query, context)
    total = counting.total_of(rows, (list_, reader.system.schools_digest, collection.version()))
    page = _page(collection, reader, query, (rows, order, list_), total)
    found = page.rows
    documents = [_chosen(document, query.fields) for document in collection.documents(found, reader)]
    if category := collection.category_of(documents):
        _note(collection, category, reader, page, query, order, context)
    answer = answers.json_answer({collection.many: documents})
    answer["X-Total-Count"] = str(page.total)
    asked = {name: request.GET[name] for name in ("sort", "orderBy", "filter") if name in request.GET}
    if query.fields:
        asked["fields"] = ",".join(query.fields)
    answer["Link"] = paging.links(page, query, order, list_, request.build_absolute_uri(request.path), asked)
    return answer


def object_of(collection: Collection, request: HttpRequest, reader: Reader, key: str) -> HttpResponse:
    """The object under an identifier. Raises ``Refused`` (404)."""
    noting.check(reader, collection.category)
    chosen = selected(request.GET.getlist("fields"), collection.fields) if "fields" in request.GET else ()
    row = collection.rows(reader).filter(**{collection.key: collection.counts(key, reader)}).first()
    if row is None:
        raise unknown(collection.one, key)
    document = _chosen(collection.documents([row], reader)[0], chosen)
    if category := collection.category_of([document]):
        noting.note_object(reader, category, collection.many, value_of(row, collection.person))
    return answers.json_answer({collection.one: document})


def _page(
    collection: Collection, reader: Reader, query: Query, list_: tuple[QuerySet[Any], list[Key], str], total: int
) -> paging.Page:
    rows, order, name = list_
    walk, gone = paging.walk_of(query, name), gone_of(collection.gone, reader, query.filter, collection.by)
    if not gone.total:
        found, more = paging.rows_of(rows, order, query, name)
        return paging.Page(found, query.offset, total, more, walk)
    found, more, told = paging.rows_with_gone(rows, order, query, name, total, gone)
    return paging.Page(found, query.offset, total + gone.total, more, walk, told)


def _note(
    collection: Collection,
    category: str,
    reader: Reader,
    page: paging.Page,
    query: Query,
    order: Sequence[Key],
    context: tuple[object, ...],
) -> None:
    """The line of a page. Its people follow one another where the list goes by them and nothing is asked about it."""
    by_person = order[0] == Key(collection.person) and not context
    noting.note_list(
        reader,
        category,
        collection.many,
        people_on(collection, page.rows),
        count=len(page.rows),
        asked=" ".join(str(part) for part in (*context, query.filter or "") if part),
        walk=page.walk if by_person else None,
    )


def _refuses_nul(request: HttpRequest) -> HttpResponse:
    return answers.status_info(400, "invaliddata", "A NUL stands in the address. Expected: text without it.")


def within(collection: Collection, rows: Callable[[Reader], QuerySet[Any]]) -> Collection:
    """The same list of other rows: those of a class, a school, a term."""
    return replace(collection, rows=rows, gone="")


def value_of(row: Any, column: str) -> Any:
    """What a row of a query holds in a column."""
    return row[column] if isinstance(row, dict) else getattr(row, column)


def people_on(collection: Collection, rows: Sequence[Any]) -> list[UUID]:
    """The persons whom rows are about, each once."""
    return list(dict.fromkeys(value_of(row, collection.person) for row in rows))


def _asked(
    collection: Collection, reader: Reader, query: Query, context: tuple[object, ...]
) -> tuple[list[Key], QuerySet[Any], str]:
    """The order, the rows and the name of the list that a question means."""
    rows, last = collection.rows(reader), [Key(column, query.descending) for column in collection.order]
    if query.filter:
        rows = rows.filter(filtering.condition_of(query.filter, collection.by))
    list_ = paging.digest(collection.many, context, reader.system.client_id, query.filter, query.sort, query.descending)
    if query.sort:
        rows = rows.annotate(sorted_by=collection.by[query.sort].order())
        return [Key("sorted_by", query.descending), *last], rows, list_
    if collection.changed and filtering.since(query.filter, collection.by):
        return [Key(collection.changed, query.descending), last[-1]], rows, list_
    return last, rows, list_


def _chosen(document: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: document[name] for name in fields if name in document} if fields else document
