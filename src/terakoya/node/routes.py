"""Which routes a kind of node has: its home page, then those of each of its rooms.

A room's ``http.py`` and ``pages.py`` each hold a list ``routes``.
"""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import import_string

from .kinds import Kind

ERROR_PAGES = {
    "handler400": "terakoya.ui.pages.bad_request",
    "handler403": "terakoya.ui.pages.forbidden",
    "handler404": "terakoya.ui.pages.not_found",
    "handler500": "terakoya.ui.pages.server_error",
}


def url_map(kind: Kind) -> list[URLPattern | URLResolver]:
    """All routes of a kind of node."""
    routes: list[URLPattern | URLResolver] = [path("", import_string(f"terakoya.{kind.home}"), name="home")]
    for room in kind.rooms:
        for part in ("http", "pages"):
            name = f"terakoya.{room}.{part}"
            if find_spec(name) is not None:
                routes += getattr(import_module(name), "routes", [])
    return routes
