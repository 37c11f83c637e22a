"""What a granted request for disclosure gives: everything held of its categories, for 30 days."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.kit import clock

from .holdings import Holding, Rows, given_to, holdings
from .models import Disclosed, RightsRequest
from .policy import PURPOSE

KEPT = timedelta(days=30)
CONTACT = "subject.contact"


def make(request: RightsRequest) -> None:
    """Write down what is held now, in the caller's transaction; made already, it stays as it was."""
    until = clock.today() + KEPT
    for holding in holdings(request.categories):
        rows = holding.export(request.subject)
        given = {"category": holding.category, "rows": rows, "until": until}
        Disclosed.objects.get_or_create(request=request, name=holding.name, defaults=given)


@transaction.atomic
def open_for(asker: access.Actor, request: RightsRequest, what: str) -> list[tuple[Holding, Disclosed]]:
    """What was disclosed, as far as the asker may be given it today; each category is an entry of the log.

    What the asker may not be given looks like what was never kept. Empty once it is gone.
    """
    found = list(request.disclosed.filter(until__gte=clock.today()))
    decisions = given_to(asker, request.subject, sorted({one.category for one in found}))
    for category, decision in decisions.items():
        count = sum(len(one.rows) for one in found if one.category == category)
        access.record_access(
            asker, decision, [request.subject], category, PURPOSE, what, count=count, reference=str(request.uuid)
        )
    known = {holding.name: holding for holding in holdings()}
    parts = [(known[one.name], one) for one in found if one.name in known]
    near = access.may(asker, CONTACT, PURPOSE, request.subject).permitted
    for holding, one in parts:
        one.rows = _without(() if near else holding.where, one.rows) if one.category in decisions else []
    return parts


def _without(columns: tuple[str, ...], rows: Rows) -> Rows:
    return [{name: value for name, value in row.items() if name not in columns} for row in rows]


def as_zip(request: RightsRequest, parts: list[tuple[Holding, Disclosed]]) -> bytes:
    """The disclosed as a ZIP of JSON files, with a list of them."""
    contents = [
        {"file": f"{one.name}.json", "what": str(holding.label), "category": one.category, "records": len(one.rows)}
        for holding, one in parts
    ]
    cover = {
        "number": str(request.uuid),
        "organisation": settings.NODE_NAME,
        "title": _("What is kept, as disclosed"),
        "files": contents,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("contents.json", _json(cover))
        for _holding, one in parts:
            package.writestr(f"{one.name}.json", _json(one.rows))
    return made.getvalue()


def forget_old() -> int:
    """Delete what was disclosed more than 30 days ago; the number of parts."""
    return Disclosed.objects.filter(until__lt=clock.today()).delete()[0]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2)
