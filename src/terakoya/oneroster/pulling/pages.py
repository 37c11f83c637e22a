"""The administrators' pages of the servers that are read: which there are, how far one is read, what came of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import nothing

from . import pull, rows
from .forms import OriginForm
from .models import Origin, Pull

ABOUT_PROGRAMS = "shows which programs are read and how far, and nobody's data"
AGAIN_SECONDS = 3


@require_safe
@for_administrators
@nothing(ABOUT_PROGRAMS)
def every(request: HttpRequest) -> HttpResponse:
    """All servers, each with its last reading."""
    lines = [{"origin": one, "last": one.pulls.first()} for one in Origin.objects.all()]
    return render(request, "oneroster/origins.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@nothing(ABOUT_PROGRAMS)
def new(request: HttpRequest) -> HttpResponse:
    """Enter a server."""
    form = OriginForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.made:
        messages.success(request, _("Entered. Have it read when you are ready."))
        return redirect("oneroster.origin", form.made.uuid)
    return render(request, "oneroster/origin_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@for_administrators
@nothing(ABOUT_PROGRAMS)
def one(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One server and its readings; while one is under way the page comes again by itself."""
    origin = get_object_or_404(Origin, uuid=uuid)
    pulls = list(origin.pulls.all()[:20])
    under_way = next((each for each in pulls if each.state == Pull.State.READING), None)
    values = {"origin": origin, "pulls": pulls, "under_way": under_way, "lists": _lists(under_way)}
    answer = render(request, "oneroster/origin.html", values)
    if under_way:
        answer["Refresh"] = str(AGAIN_SECONDS)
    return answer


@require_POST
@for_administrators
@nothing(ABOUT_PROGRAMS)
def begin(request: HttpRequest, uuid: UUID) -> HttpResponseRedirect:
    """Have a server read, whole or what has changed; or forget it."""
    origin = get_object_or_404(Origin, uuid=uuid)
    step = request.POST.get("step", "")
    if step == "forget":
        origin.delete()
        messages.success(request, _("Forgotten. What was taken over from it stays."))
        return redirect("oneroster.origins")
    pull.begin(origin, by=request.user.get_username(), whole=step == "whole")
    return redirect("oneroster.origin", uuid)


def _lists(under_way: Pull | None) -> list[dict[str, object]]:
    if under_way is None:
        return []
    totals = under_way.place.get("total", {})
    return [
        {"name": name, "count": under_way.counts.get(name, 0), "total": totals.get(name)}
        for name in rows.LISTS
        if name in under_way.counts
    ]


routes: list[URLPattern] = [
    path("systems/read/", every, name="oneroster.origins"),
    path("systems/read/new/", new, name="oneroster.origin_new"),
    path("systems/read/<uuid:uuid>/", one, name="oneroster.origin"),
    path("systems/read/<uuid:uuid>/begin/", begin, name="oneroster.origin_begin"),
]
