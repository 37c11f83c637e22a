"""The easy way in: a clerk's own table, step by step. Nothing is written before the decision at the end."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.identity.api import for_administrators
from terakoya.kit import clock
from terakoya.kit.declaration import Use, declares, nothing

from . import corrections
from .changing import latest
from .findings import ERROR, NOTE, Finding, of_severity
from .models import Organisation, RosterImport, TableDraft
from .table_forms import ColumnsForm, LookForm, TableForm, TakeForm
from .tables import columns, corrected, drafts, headers, lists, reading, shown_plan
from .tables.drafts import Draft
from .tables.repairs import shown
from .tables.taking import NotTaken

View = Callable[..., HttpResponse]
A_TABLE = Use(("subject.identity", "subject.contact", "subject.guardianship"), "school_administration")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_TO_CHOOSE_FROM = 15
CELLS_SHOWN = 8


@declares(A_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def tables(request: HttpRequest) -> HttpResponse:
    """Choose a table; templates and lists to begin from, and tables that wait for a decision."""
    is_sent = request.method == "POST"
    form = TableForm(request.POST, request.FILES) if is_sent else TableForm()
    refusal = None
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            entry = drafts.begin(
                chosen["table"].read(), school=chosen["school"], kind=chosen["kind"],
                file_name=chosen["table"].name or "", by=_name(request),
            )  # fmt: skip
            return redirect(_next_step(Draft(entry)), entry.uuid)
        except reading.Refused as fault:
            refusal = Finding(fault.code, ERROR, file=chosen["table"].name or "", details=fault.details)
    schools = form.fields["school"].queryset  # type: ignore[attr-defined]
    values = {"form": form, "refusal": refusal, "steps": _steps(), "waiting": TableDraft.objects.order_by("-at")}
    status = 422 if refusal else 400 if form.is_bound else 200
    return render(request, "roster/tables.html", {**values, "schools": schools, "kinds": columns.KINDS}, status=status)


@declares(A_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def header_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Which sheet, and which row has the names of the columns."""
    draft = _draft(uuid)
    if request.method == "POST":
        sheet, row = _numbers(request, "sheet", "row")
        if sheet is not None and sheet < len(draft.book.sheets):
            found = headers.found(draft.book.sheets[sheet], draft.entry.kind)
            is_other = sheet != draft.entry.choices["sheet"]
            row = (found.row if found else 1) if is_other or row is None else row
            if 1 <= row <= len(draft.book.sheets[sheet].rows):
                draft.choose(sheet=sheet, header=row)
                return redirect("roster.table_header" if is_other else "roster.table_columns", uuid)
    rows = [
        {"number": number, "cells": [shown(cell) for cell in row[:CELLS_SHOWN]], "more": len(row) > CELLS_SHOWN}
        for number, row in enumerate(draft.sheet.rows[:ROWS_TO_CHOOSE_FROM], 1)
    ]
    values = {"draft": draft, "rows": rows, "steps": _steps(), "chosen": draft.entry.choices}
    return render(request, "roster/table_header.html", values, status=400 if request.method == "POST" else 200)


@declares(A_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def columns_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What each column means: proposed from its name, confirmed once, remembered for the school."""
    draft = _draft(uuid)
    form = ColumnsForm(draft, request.POST) if request.method == "POST" else ColumnsForm(draft)
    if form.is_valid():
        draft.choose(mapping=form.mapping, **{"class": form.cleaned_data.get("whole", "")})
        if not form.cleaned_data.get("whole"):
            draft.remember(by=_name(request))
        return redirect("roster.table", uuid)
    values = {"draft": draft, "form": form, "steps": _steps(), "remembered": draft.remembered}
    return render(request, "roster/table_columns.html", values, status=400 if form.is_bound else 200)


@declares(A_TABLE)
@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def table_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the table says and would change, what has to be decided, and the decision."""
    draft = _draft(uuid)
    if request.method == "POST" and "discard" in request.POST:
        draft.discard()
        messages.info(request, _("The table was put away; nothing has changed."))
        return redirect("roster.tables")
    look = _look(request, draft)
    if "look" in request.POST and look.is_valid():
        draft.choose(**_looked(look), decisions=_decisions(request, draft))
        return redirect("roster.table", uuid)
    take = _take(request, draft)
    if "take" in request.POST and take.is_valid() and draft.plan.is_ready:
        if request.POST.get("seen") != str(latest()):
            messages.warning(request, _("The roster has changed meanwhile. Please look once more."))
            return redirect("roster.table", uuid)
        try:
            entry = draft.take_over(by=_name(request))
            messages.success(request, _("The table was taken over."))
            return redirect("roster.import", entry.uuid)
        except NotTaken as refused:
            draft.choose()
            draft.more_faults = refused.faults
    return _preview(request, draft, look, take)


@declares(A_TABLE)
@require_safe
@for_administrators
def corrected_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The rows at fault with marked cells, what to do about each cause, and all repairs, as a workbook."""
    return _download(corrected.of_draft(_draft(uuid)), f"correct-{uuid}.xlsx")


@declares(A_TABLE)
@require_safe
@for_administrators
def corrected_package(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The rows at fault of a refused package with marked cells, and what to do about each cause."""
    entry = get_object_or_404(RosterImport, uuid=uuid)
    return _download(corrections.of(entry), f"correct-{uuid}.xlsx")


@nothing("an empty table with headings")
@require_safe
@for_administrators
def template_file(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty table to fill in."""
    if kind not in columns.KINDS:
        raise Http404
    return _download(lists.template(kind), f"{kind}.xlsx")


@declares(A_TABLE)
@require_safe
@for_administrators
def list_file(request: HttpRequest, school: UUID, kind: str, form: str) -> HttpResponse:
    """The pupils or the staff of a school today: ``xlsx``, ``utf-8`` or ``cp932``."""
    place = get_object_or_404(Organisation, uuid=school)
    if kind not in ("pupils", "staff") or form not in ("xlsx", *lists.ENCODINGS):
        raise Http404
    page = lists.listing(place, kind, clock.today())
    if form == "xlsx":
        lists.release(page, by=request.user.get_username())
        return _download(lists.as_workbook(page), f"{kind}.xlsx")
    data, lost = lists.as_csv(page, form)
    if lost and "anyway" not in request.GET:
        values = {"lost": lost[:50], "count": len(lost), "school": place, "kind": kind}
        return render(request, "roster/list_lost.html", values)
    lists.release(page, by=request.user.get_username())
    return _download(data, f"{kind}.csv", f"text/csv; charset={form}")


# --- parts of the preview ---


def _look(request: HttpRequest, draft: Draft) -> LookForm:
    first = {"day": draft.day, "extent": draft.entry.choices.get("extent", "some")}
    sent = request.POST if "look" in request.POST else None
    return LookForm(draft.school, draft.entry.kind, sent, initial=first)


def _looked(look: LookForm) -> dict[str, str]:
    return {"day": look.cleaned_data["day"].isoformat(), "extent": look.cleaned_data.get("extent", "some")}


def _take(request: HttpRequest, draft: Draft) -> TakeForm:
    sent = request.POST if "take" in request.POST else None
    plan = draft.plan
    return TakeForm(sent, classes=bool(plan.new_classes), removals=bool(plan.missing) and plan.ends_many)


def _decisions(request: HttpRequest, draft: Draft) -> dict[str, str]:
    """What was chosen for doubtful rows, and what had been chosen before for others."""
    said = {key.removeprefix("row_"): value for key, value in request.POST.items() if key.startswith("row_") and value}
    return draft.entry.choices.get("decisions", {}) | {
        row: one for row, one in said.items() if row.removeprefix("g").isdigit()
    }


def _preview(request: HttpRequest, draft: Draft, look: LookForm, take: TakeForm) -> HttpResponse:
    findings = draft.findings.list()
    values = {
        "draft": draft,
        "look": look,
        "take": take,
        "steps": _steps(),
        "errors": of_severity(findings, ERROR),
        "notes": of_severity(findings, NOTE),
        "plan": draft.plan,
        "seen": latest(),
        "remembered": draft.remembered,
        **shown_plan.of(draft),
    }
    return render(request, "roster/table.html", values, status=400 if look.errors or take.errors else 200)


# --- small things ---


def _draft(uuid: UUID) -> Draft:
    draft = Draft(get_object_or_404(TableDraft, uuid=uuid))
    try:
        draft.book  # noqa: B018  (read once, so that each page finds it)
    except FileNotFoundError:
        raise Http404 from None
    return draft


def _next_step(draft: Draft) -> str:
    """The first page on which there is something to do: what is plain or remembered is passed over."""
    if not draft.entry.choices["is_plain"]:
        return "roster.table_header"
    return "roster.table" if draft.remembered else "roster.table_columns"


def _numbers(request: HttpRequest, *names: str) -> list[int | None]:
    said = [request.POST.get(name, "") for name in names]
    return [int(one) if one.isascii() and one.isdigit() and len(one) < 6 else None for one in said]


def _download(data: bytes, name: str, kind: str = EXCEL) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _steps() -> list[str]:
    return [_("Choose the file"), _("Find the headings"), _("Say what the columns mean"), _("Look and decide")]


def _name(request: HttpRequest) -> str:
    return request.user.get_username()[:150]


routes: list[URLPattern] = [
    path("roster/tables/", tables, name="roster.tables"),
    path("roster/tables/<uuid:uuid>/", table_page, name="roster.table"),
    path("roster/tables/<uuid:uuid>/header/", header_page, name="roster.table_header"),
    path("roster/tables/<uuid:uuid>/columns/", columns_page, name="roster.table_columns"),
    path("roster/tables/<uuid:uuid>/corrected.xlsx", corrected_file, name="roster.table_corrected"),
    path("roster/imports/<uuid:uuid>/corrected.xlsx", corrected_package, name="roster.import_corrected"),
    path("roster/templates/<slug:kind>.xlsx", template_file, name="roster.table_template"),
    path("roster/schools/<uuid:school>/<slug:kind>/<slug:form>/", list_file, name="roster.list"),
]
