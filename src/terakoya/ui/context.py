"""What every template finds under ``ui``: the node, the reader, the navigation. Worked out only when asked for."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import pgettext

from . import navigation, notices
from .reader import Reader, html_tag, reader_of


class Page:
    """The frame of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.path = request.get_full_path() if request.method == "GET" else request.path

    @cached_property
    def reader(self) -> Reader:
        return reader_of(self._request)

    @cached_property
    def nav(self) -> list[navigation.NavLink]:
        """Nobody needs a navigation of one place; a request that failed before it had a user gets none."""
        if not hasattr(self._request, "user"):
            return []
        links = list(navigation.links(self._request))
        return links if len(links) > 1 else []

    @cached_property
    def staff_notices(self) -> list[notices.StaffNotice]:
        return list(notices.staff_notices(self._request))

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """The languages to choose from: code, own name, tag for ``lang``."""
        return [(code, name, html_tag(code)) for code, name in settings.LANGUAGES]

    @property
    def node_name(self) -> str:
        return settings.NODE_NAME

    @property
    def kind(self) -> str:
        return settings.NODE_KIND

    @property
    def kind_label(self) -> str:
        """A word or two on what this node is, so that whoever walks from node to node knows where she is."""
        return {
            # family
            "city": pgettext("kind of node", "City"),
            # family
            "pds": pgettext("kind of node", "PDS"),
            # family
            "juku": pgettext("kind of node", "Cram school"),
            # family
            "vendor": pgettext("kind of node", "Materials"),
            # family
            "nation": pgettext("kind of node", "Nation"),
        }.get(settings.NODE_KIND, "")

    @cached_property
    def kana(self) -> str:
        return navigation.kana_of(self._request)

    @cached_property
    def affiliation(self) -> str:
        return navigation.affiliation_of(self._request)


def page(request: HttpRequest) -> Mapping[str, Any]:
    """The context processor."""
    return {"ui": Page(request)}
