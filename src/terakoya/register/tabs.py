"""The places of the desk, as tabs on each of its pages."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def desk_tabs(request: HttpRequest, current: str) -> list[dict[str, Any]]:
    """The tabs, ``current`` is the route whose place the page belongs to."""
    places = [("register.start", _("Today")), ("register.classes", _("Class lists"))]
    return [{"href": reverse(name), "label": label, "current": name == current} for name, label in places]
