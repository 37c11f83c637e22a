"""The catalog for programs: JSON-LD of this node; the table that the page shows, as CSV."""

import csv

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from terakoya.access.api import declares_nothing

from . import queries


@require_safe
@cache_control(public=True, max_age=15)
@declares_nothing("a catalog describes data sets, never persons")
def catalog_jsonld(request: HttpRequest) -> JsonResponse:
    """The node's own catalog (DCAT 3)."""
    from .api import own_catalog

    return JsonResponse(own_catalog(), content_type="application/ld+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@declares_nothing("a catalog describes data sets, never persons")
def catalog_csv(request: HttpRequest) -> HttpResponse:
    """The lines of the page as CSV: the nation's of all nodes, another node's of its own."""
    lines = queries.harvested_lines() if settings.NODE_KIND == "nation" else queries.own_lines()
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="catalog.csv"'
    rows = csv.writer(answer)
    rows.writerow(_header())
    for line in lines:
        rows.writerow(_safe(cell) for cell in _cells(line))
    return answer


def _header() -> list[str]:
    return [
        _("Held by"),
        _("Kind of node"),
        _("Address"),
        _("Data set"),
        _("Category"),
        _("Importance"),
        _("Standard"),
        _("Used for"),
        _("Who can get it"),
        _("Why it is kept there"),
    ]


def _cells(line: queries.Line) -> list[str]:
    return [
        line.node,
        str(line.kind_name),
        line.uri,
        line.title,
        line.category_name,
        line.importance,
        "; ".join(line.standards),
        "; ".join(line.purposes),
        str(line.access_name),
        str(line.placement_name),
    ]


def _safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


routes: list[URLPattern] = [
    path("catalog.jsonld", catalog_jsonld, name="catalog.jsonld"),
    path("catalog.csv", catalog_csv, name="catalog.csv"),
]
