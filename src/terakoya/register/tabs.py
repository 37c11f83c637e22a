"""The places of the desk, as tabs on each of its pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from .desk import is_board


def desk_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs, ``current`` is the route whose place the page belongs to."""
    places = [
        ("register.start", _("Today")),
        ("register.people", _("People")),
        ("register.classes", _("Class lists")),
        ("register.relocations", _("Other municipalities")),
        ("register.years", _("New school year")),
        ("register.days", _("Days written down")),
    ]
    if is_board(request):
        places.append(("register.changes", _("History")))
    return [{"href": reverse(name), "label": label, "current": name == current} for name, label in places]
