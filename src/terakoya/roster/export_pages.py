"""The page on which a clerk writes the roster out: choose, see what the profile cannot carry, take the file."""

from typing import BinaryIO, cast
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import Use, declares
from terakoya.standards.oneroster_profiles import PROFILES

from . import background, export_words, export_work, exports
from .export_forms import ExportForm
from .models import Organisation

THE_ROSTER = Use(
    ("subject.identity", "subject.official", "subject.contact", "subject.guardianship"), "school_administration"
)


ASKED_AGAIN_SECONDS = 3


@declares(THE_ROSTER)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def export_page(request: HttpRequest) -> HttpResponse:
    """Choose a profile and a school; what would be lost; the package."""
    is_sent = request.method == "POST"
    form = ExportForm(request.POST) if is_sent else ExportForm()
    if not form.is_valid():
        return _page(request, {"form": form, "current": 1}, status=400 if is_sent else 200)
    profile, school = form.cleaned_data["profile"], form.cleaned_data["school"]
    if "write" in request.POST:
        return _write(request, profile, school, demographics=form.cleaned_data["demographics"])
    found = exports.foreseen(profile, None if school is None else [school.pk])
    losses = [{"told": export_words.told(one), "mend": export_words.mend(one)} for one in found]
    values = {"form": form, "current": 2, "losses": losses, "profile": PROFILES[profile], "school": school}
    return _page(request, values)


@declares(THE_ROSTER)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def under_way(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far a large package is: asked again every few seconds, by the browser itself; then the file."""
    order = _own(request, key)
    told = _told(key, order)
    if request.method == "POST" and not order.file_name and not told["is_at_work"]:
        export_work.begin_again(key, order)
        return redirect("roster.export_under_way", key)
    values = {"steps": _steps(), "current": 3, "standing": background.standing(key), **told}
    answer = render(request, "roster/export_under_way.html", values)
    if told["is_at_work"]:
        answer["Refresh"] = str(ASKED_AGAIN_SECONDS)
    return answer


@declares(THE_ROSTER)
@require_safe
@for_administrators
def package(request: HttpRequest, key: UUID) -> HttpResponse:
    """The package, for whoever asked for it."""
    order = _own(request, key)
    if not order.file_name:
        raise Http404
    return _sent(export_work.package(key).open("rb"), order.file_name)


def _write(request: HttpRequest, profile: str, school: Organisation | None, *, demographics: bool) -> HttpResponse:
    """The package at once; a large one is begun, and a page tells how far it is."""
    if export_work.is_large(school):
        key = export_work.begin(profile, school, demographics=demographics, by=_name(request))
        return redirect("roster.export_under_way", key)
    export, file = exports.written(profile, school, demographics=demographics, by=_name(request))
    return _sent(file, export.file_name)


def _own(request: HttpRequest, key: UUID) -> export_work.Order:
    """What this administrator asked for; nobody takes another's file, as the log names who wrote it out."""
    order = export_work.order_of(key)
    if order is None or order.by != _name(request):
        raise Http404
    return order


def _sent(file: BinaryIO, name: str) -> HttpResponse:
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    return cast(HttpResponse, answer)


def _page(request: HttpRequest, values: dict[str, object], *, status: int = 200) -> HttpResponse:
    orders = [_told(key, order) for key, order in export_work.orders_of(_name(request))]
    return render(request, "roster/export.html", {"steps": _steps(), "orders": orders, **values}, status=status)


def _told(key: UUID, order: export_work.Order) -> dict[str, object]:
    """What is told of a package that was asked for: of what, and whether somebody is at it."""
    school = Organisation.objects.filter(pk=order.school).first() if order.school else None
    return {
        "key": key,
        "order": order,
        "is_at_work": not order.file_name and background.is_at_work(key),
        "profile": PROFILES[order.profile].title,
        "school": school.name if school else "",
    }


def _steps() -> list[str]:
    return [_("Choose a profile"), _("See what the profile cannot carry"), _("Take the file")]


def _name(request: HttpRequest) -> str:
    return request.user.get_username()[:150]


routes: list[URLPattern] = [
    path("roster/export/", export_page, name="roster.export"),
    path("roster/export/<uuid:key>/", under_way, name="roster.export_under_way"),
    path("roster/export/<uuid:key>/package.zip", package, name="roster.export_package"),
]
