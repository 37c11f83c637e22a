"""What a granted request for disclosure gives, to read and to keep."""

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from terakoya.access import api as access
from terakoya.access.api import Use, declares
from terakoya.rights import disclosures, family, words
from terakoya.rights.holdings import Holding
from terakoya.rights.models import Disclosed

from .doors import own_request

HELD = Use(
    (
        "rights.request",
        "subject.identity",
        "subject.contact",
        "subject.guardianship",
        "activity.learning_school",
        "rights.consent",
        "rights.access_log",
    ),
    "rights",
)
MOST_SHOWN = 20


@require_safe
@login_required
@declares(HELD)
def page(request: HttpRequest, number: UUID) -> HttpResponse:
    """The disclosed, part by part, the first rows of each in words."""
    asked = own_request(request, number).request
    parts = _open(request, number)
    values = {
        "asked": asked,
        "subject": family.someone_of(access.actor_of(request), asked.subject),
        "parts": [_part(holding, one) for holding, one in parts],
        "until": max(one.until for _holding, one in parts),
    }
    return render(request, "rights/disclosed.html", values)


@require_safe
@login_required
@declares(HELD)
def file(request: HttpRequest, number: UUID) -> HttpResponse:
    """The same, whole, as a ZIP of JSON files."""
    asked = own_request(request, number).request
    answer = HttpResponse(disclosures.as_zip(asked, _open(request, number)), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="disclosed-{asked.uuid}.zip"'
    answer["Cache-Control"] = "no-store"
    return answer


def _open(request: HttpRequest, number: UUID) -> list[tuple[Holding, Disclosed]]:
    parts = disclosures.open_for(access.actor_of(request), own_request(request, number).request, "disclosure")
    if not parts:
        raise Http404
    return parts


def _part(holding: Holding, one: Disclosed) -> dict[str, Any]:
    heads, lines = words.table_words(one.rows[:MOST_SHOWN])
    return {
        "label": holding.label,
        "owner": holding.owner,
        "count": len(one.rows),
        "heads": heads,
        "lines": lines,
        "more": max(0, len(one.rows) - MOST_SHOWN),
    }
