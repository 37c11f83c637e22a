"""The public registers: files of personal information, entrustments, notices shown."""

import csv
from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import declares_nothing
from terakoya.identity.api import is_administrator
from terakoya.kit.spreadsheets import harmless
from terakoya.rights import registers

OF_NOBODY = "a register tells what is held and by whom, never about whom; no number below ten"


@require_safe
@declares_nothing(OF_NOBODY)
def index(request: HttpRequest) -> HttpResponse:
    """Which registers there are."""
    return render(request, "rights/registers.html", {"regime": settings.NODE_REGIME})


@require_safe
@declares_nothing(OF_NOBODY)
def files(request: HttpRequest) -> HttpResponse:
    """The register of personal-information files (APPI art. 75; what art. 32 publishes at private operators)."""
    values = {"files": registers.personal_files(), "regime": settings.NODE_REGIME, "fewest": registers.FEWEST}
    return render(request, "rights/files.html", values)


@require_safe
@declares_nothing(OF_NOBODY)
def files_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    heads = (_("Name of the file"), _("Organisation"), _("Used for"), _("What is recorded"), _("Ground"), _("Kept for"))
    more = (_("Passed on to"), _("Class"), _("Sensitive information"), _("Persons"))
    rows = (
        [
            one.name,
            settings.NODE_NAME,
            *(" / ".join(part) for part in (one.purposes, one.items, one.bases, one.retentions, one.recipients)),
            one.importance,
            _("contained") if one.sensitive else _("not contained"),
            one.persons or "",
        ]
        for one in registers.personal_files()
    )
    return _table("files", [*heads, *more], rows)


@require_safe
@declares_nothing(OF_NOBODY)
def entrustments(request: HttpRequest) -> HttpResponse:
    """Who handles personal data for this organisation, and since when (APPI art. 66 (2), 25)."""
    values = {
        "entrustments": [_in_words(one) for one in registers.entrustments()],
        "may_edit": is_administrator(request),
    }
    return render(request, "rights/entrustments.html", values)


@require_safe
@declares_nothing(OF_NOBODY)
def entrustments_csv(request: HttpRequest) -> HttpResponse:
    """The same as a table for a spreadsheet."""
    heads = [_("Entrusted to"), _("What it does"), _("Kinds of data"), _("Contract number"), _("From"), _("To")]
    rows = (
        [
            one.partner,
            one.task,
            " / ".join(map(access.category_name, one.categories)),
            one.contract,
            one.begins.isoformat(),
            one.ends.isoformat() if one.ends else "",
            " / ".join(f"{audit.day.isoformat()} {audit.finding}" for audit in one.audits.all()),
        ]
        for one in registers.entrustments()
    )
    return _table("entrustments", [*heads, _("Audits")], rows)


@require_safe
@declares_nothing(OF_NOBODY)
def notices(request: HttpRequest) -> HttpResponse:
    """Which versions of the notice were shown before a consent, and since when."""
    return render(request, "rights/notices.html", {"notices": registers.notices_shown(), "fewest": registers.FEWEST})


def _in_words(one: registers.Entrustment) -> dict:
    return {"one": one, "categories": [access.category_name(category) for category in one.categories]}


def _table(name: str, heads: list[str], rows: Iterable[list]) -> HttpResponse:
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    answer.write("\ufeff")  # tells spreadsheets that this is UTF-8
    table = csv.writer(answer)
    table.writerow(heads)
    for row in rows:
        table.writerow([harmless(str(cell)) for cell in row])
    return answer
