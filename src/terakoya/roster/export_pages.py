"""The page on which a clerk writes the roster out: choose, see what the profile cannot carry, take the file."""

from typing import cast

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import Use, declares
from terakoya.standards.oneroster_profiles import PROFILES

from . import export_words, exports
from .export_forms import ExportForm

THE_ROSTER = Use(
    ("subject.identity", "subject.official", "subject.contact", "subject.guardianship"), "school_administration"
)


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
        wanted = form.cleaned_data["demographics"]
        export, file = exports.written(profile, school, demographics=wanted, by=request.user.get_username()[:150])
        answer = FileResponse(file, as_attachment=True, filename=export.file_name, content_type="application/zip")
        return cast(HttpResponse, answer)
    found = exports.foreseen(profile, None if school is None else [school.pk])
    losses = [{"told": export_words.told(one), "mend": export_words.mend(one)} for one in found]
    values = {"form": form, "current": 2, "losses": losses, "profile": PROFILES[profile], "school": school}
    return _page(request, values)


def _page(request: HttpRequest, values: dict[str, object], *, status: int = 200) -> HttpResponse:
    steps = [_("Choose a profile"), _("See what the profile cannot carry"), _("Take the file")]
    return render(request, "roster/export.html", {"steps": steps, **values}, status=status)


routes: list[URLPattern] = [path("roster/export/", export_page, name="roster.export")]
