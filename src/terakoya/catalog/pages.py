"""The catalog for people: a node's own page, and the nation's home."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from terakoya.access.api import declares_nothing
from terakoya.kit import clock

from . import queries

LINES_ON_A_PAGE = 50
_home_parts: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {}


def register_home_part(template: str, context: Callable[[HttpRequest], dict[str, Any]]) -> None:
    """Let an upper room show a part on the nation's home: a template, and what it is filled with."""
    _home_parts[template] = context


@require_safe
@declares_nothing("a catalog describes data sets, never persons")
def own(request: HttpRequest) -> HttpResponse:
    """What this node holds."""
    return render(request, "catalog/own.html", {"lines": queries.own_lines()})


@require_safe
@declares_nothing("the nation holds descriptions and anonymised figures, never persons")
def nation(request: HttpRequest) -> HttpResponse:
    """The nation's home: the map of the federation, the figures, and the table of what is held where."""
    lines = queries.harvested_lines()
    wanted = queries.Wanted(*(request.GET.get(name, "") for name in ("kind", "category", "standard")))
    taken = [line for line in lines if wanted.takes(line)]
    visits = queries.visits()
    context = {
        "node_count": sum(visit.kind != "nation" for visit in visits),
        "kinds": _map(visits),
        "faults": [visit for visit in visits if visit.fault],
        "harvested_at": max((visit.harvested_at for visit in visits if visit.harvested_at), default=None),
        "now": clock.now(),
        "all_lines": lines,
        "standards": {standard for line in lines for standard in line.standards},
        "lines": Paginator(taken, LINES_ON_A_PAGE).get_page(request.GET.get("page")),
        "filters": _filters(lines, wanted),
        "is_filtered": wanted != queries.Wanted(),
        "query": _query(request),
        "parts": [(template, context_of(request)) for template, context_of in _home_parts.items()],
    }
    return render(request, "catalog/nation.html", context)


def _map(visits: list[Any]) -> list[dict[str, Any]]:
    """The kinds of node that are registered, each with its nodes."""
    groups = [{"kind": kind, "nodes": [v for v in visits if v.kind == kind.id]} for kind in queries.KINDS]
    return [group for group in groups if group["nodes"]]


def _filters(lines: list[queries.Line], wanted: queries.Wanted) -> list[dict[str, Any]]:
    return [
        {"name": name, "choices": found, "chosen": getattr(wanted, name)}
        for name, found in queries.choices(lines).items()
    ]


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


routes: list[URLPattern] = [path("catalog/", own, name="catalog.own")]
