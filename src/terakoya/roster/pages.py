"""Pages for the clerk: bring a package in, look at what it would do, decide, and see what was done before."""

import csv
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import Use, declares
from terakoya.kit.spreadsheets import harmless

from . import background, export_pages, queries, table_pages, uploads, words
from .errors import PackageRefused
from .findings import CONFIRM, ERROR, NOTE, Finding, of_severity
from .forms import DecisionForm, PackageForm
from .models import RosterImport

View = Callable[..., HttpResponse]
WHOLE_ROSTER = Use(("subject.identity", "subject.contact", "subject.guardianship"), "school_administration")
COUNTS = ("new", "changed", "unchanged", "ended")
ASKED_AGAIN_SECONDS = 3
WRITTEN = ("new", "changed", "ended")


@declares(WHOLE_ROSTER)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def imports(request: HttpRequest) -> HttpResponse:
    """Choose a package to be checked; what was imported before."""
    is_sent = request.method == "POST"
    form = PackageForm(request.POST, request.FILES) if is_sent else PackageForm()
    if form.is_valid():
        entry = uploads.check(
            form.cleaned_data["package"], by=_name(request), origin=form.cleaned_data.get("origin", "")
        )
        if entry.outcome == RosterImport.Outcome.REFUSED:  # nothing to decide: said at once, as for any wrong form
            return _page(request, entry, None, status=422)
        return redirect("roster.import", entry.uuid)
    entries = [{"entry": one, "numbers": _numbers(one), "tone": _tone(one)} for one in queries.imports()]
    values = {"form": form, "entries": entries, "steps": _steps()}
    return render(request, "roster/imports.html", values, status=400 if form.is_bound else 200)


@declares(WHOLE_ROSTER)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def import_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What a package says and would change, or what it changed; the decision about it."""
    if other := background.standing(uuid).became:
        return redirect("roster.import", other)
    entry = get_object_or_404(RosterImport, uuid=uuid)
    if entry.outcome == RosterImport.Outcome.RUNNING:
        return _under_way(request, entry)
    waits = entry.outcome == RosterImport.Outcome.CHECKED
    asks = any(one.get("severity") == CONFIRM for one in entry.findings)
    form = None if not asks else DecisionForm(request.POST) if request.method == "POST" else DecisionForm()
    if request.method == "POST" and waits:
        if "discard" in request.POST:
            uploads.discard(entry)
            messages.info(request, _("The package was put away; nothing has changed."))
            return redirect("roster.imports")
        if form is None or form.is_valid():
            return _take_over(request, entry, confirm_removals=asks)
    return _page(request, entry, form, status=400 if form and form.is_bound else 200)


@declares(WHOLE_ROSTER)
@require_safe
@for_administrators
def findings_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The findings as a table for a spreadsheet."""
    entry = get_object_or_404(RosterImport, uuid=uuid)
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="findings-{entry.uuid}.csv"'
    answer.write("\ufeff")  # so that Excel reads it as UTF-8
    table = csv.writer(answer)
    headings = (_("File"), _("Row"), _("Column"), _("Heading"), _("What is wrong"), _("Found"), _("Expected"))
    table.writerow([*headings, _("How to mend it"), _("How many rows"), _("First rows")])
    for one in _findings(entry):
        cells = (one.file, one.row or "", one.column, one.header, one.problem, one.found, one.expected, one.mend)
        table.writerow([harmless(str(cell)) for cell in (*cells, one.count, one.rows_shown)])
    return answer


def _page(request: HttpRequest, entry: RosterImport, form: DecisionForm | None, *, status: int) -> HttpResponse:
    waits = entry.outcome == RosterImport.Outcome.CHECKED
    values = {"entry": entry, "waits": waits, "form": form, "steps": _steps(), **_seen(entry)}
    return render(request, "roster/import.html", values, status=status)


def _under_way(request: HttpRequest, entry: RosterImport) -> HttpResponse:
    """How far a large package is: asked again every few seconds, by the browser itself."""
    is_at_work = background.is_at_work(entry.uuid)
    if request.method == "POST" and not is_at_work:
        uploads.begin_again(entry)
        return redirect("roster.import", entry.uuid)
    values = {"entry": entry, "is_at_work": is_at_work, "standing": background.standing(entry.uuid), "steps": _steps()}
    answer = render(request, "roster/under_way.html", values | {"current": 2})
    if is_at_work:
        answer["Refresh"] = str(ASKED_AGAIN_SECONDS)
    return answer


def _take_over(request: HttpRequest, entry: RosterImport, *, confirm_removals: bool) -> HttpResponseRedirect:
    if uploads.begin_taking_over(entry, by=_name(request), confirm_removals=confirm_removals):
        return redirect("roster.import", entry.uuid)
    try:
        report = uploads.take_over(entry, by=_name(request), confirm_removals=confirm_removals)
        messages.success(request, _("The roster was taken over."))
    except PackageRefused as refusal:
        report = refusal.report
    except FileNotFoundError:
        messages.error(request, _("The package waited too long and was put away. Please send it again."))
        return redirect("roster.imports")
    return redirect("roster.import", report.entry)


def _seen(entry: RosterImport) -> dict[str, Any]:
    findings = _findings(entry)
    counts = [
        {"name": words.kind_name(kind), "numbers": [numbers[name] for name in COUNTS]}
        for kind, numbers in entry.counts.items()
    ]
    return {
        "counts": counts,
        "count_names": [words.count_name(name) for name in COUNTS],
        "errors": of_severity(findings, ERROR),
        "confirms": of_severity(findings, CONFIRM),
        "notes": of_severity(findings, NOTE),
        "tone": _tone(entry),
        "current": 3 if entry.outcome == RosterImport.Outcome.IMPORTED else 2,
    }


def _findings(entry: RosterImport) -> list[Finding]:
    return [Finding.from_json(stored) for stored in entry.findings]


def _numbers(entry: RosterImport) -> list[tuple[str, int]]:
    """How many rows were or would be written, whatever their kind; nothing for a package with errors."""
    if of_severity(_findings(entry), ERROR):
        return []
    return [(words.count_name(name), sum(numbers[name] for numbers in entry.counts.values())) for name in WRITTEN]


def _tone(entry: RosterImport) -> str:
    tones = {"running": "info", "checked": "warning", "refused": "error", "imported": "success"}
    return tones[entry.outcome]


def _steps() -> list[str]:
    return [_("Choose the file"), _("Look at the check"), _("Take over")]


def _name(request: HttpRequest) -> str:
    return request.user.get_username()[:150]


routes: list[URLPattern] = [
    path("roster/imports/", imports, name="roster.imports"),
    path("roster/imports/<uuid:uuid>/", import_page, name="roster.import"),
    path("roster/imports/<uuid:uuid>/findings.csv", findings_file, name="roster.import_findings"),
    *table_pages.routes,
    *export_pages.routes,
]
