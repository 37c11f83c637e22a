"""The public pages of the matrix: the roadmap's tables, what follows from them, and the reason behind every cell."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from terakoya.kit.declaration import nothing

from . import cell_tables, tables
from .cells import REGIMES

THE_SAME_FOR_ALL = "shows the rules, which hold for everybody alike"


@require_safe
@nothing(THE_SAME_FOR_ALL)
def matrix_page(request: HttpRequest) -> HttpResponse:
    """The roadmap's two tables, the parts of one group against all categories, and what is never permitted."""
    group = request.GET.get("group", "")
    group = group if group in cell_tables.GROUPS else next(iter(cell_tables.GROUPS))
    regime = _regime(request)
    groups = [
        {"href": f"?group={key}&regime={regime}#cells", "label": name, "current": key == group}
        for key, (name, _rows) in cell_tables.GROUPS.items()
    ]
    values = {**tables.as_read(), **cell_tables.worked_out(group, regime), **_switch(regime, f"group={group}&")}
    return render(request, "access/matrix.html", {**values, "groups": groups, "signs": cell_tables.SIGNS.values()})


@require_safe
@nothing(THE_SAME_FOR_ALL)
def part_page(request: HttpRequest, part: str) -> HttpResponse:
    """One part against all categories, as a list that fits a phone."""
    regime = _regime(request)
    try:
        values = cell_tables.of_part(part, regime)
    except KeyError:
        raise Http404 from None
    return render(request, "access/matrix_part.html", {**values, **_switch(regime)})


@require_safe
@nothing(THE_SAME_FOR_ALL)
def cell_page(request: HttpRequest, part: str, category: str) -> HttpResponse:
    """One cell: each purpose with its ground, clause, sentence and obligations."""
    regime = _regime(request)
    try:
        values = cell_tables.of_cell(part, category, regime)
    except KeyError:
        raise Http404 from None
    return render(request, "access/matrix_cell.html", {**values, **_switch(regime)})


def _regime(request: HttpRequest) -> str:
    wanted = request.GET.get("regime", "")
    return wanted if wanted in REGIMES else settings.NODE_REGIME


def _switch(regime: str, before: str = "") -> dict[str, object]:
    """The links to the same page under the one and the other chapter of the law."""
    names = {"public": _("Public bodies (chapter 5)"), "private": _("Private operators (chapter 4)")}
    links = [{"href": f"?{before}regime={key}", "label": name, "current": key == regime} for key, name in names.items()]
    return {"regime": regime, "own_regime": settings.NODE_REGIME, "regimes": links}


routes: list[URLPattern] = [
    path("matrix/", matrix_page, name="access.matrix"),
    path("matrix/<str:part>/", part_page, name="access.matrix_part"),
    path("matrix/<str:part>/<str:category>/", cell_page, name="access.matrix_cell"),
]
