"""What this room shows on other rooms' pages: the statistic on the nation's home, and its entry in the catalog."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.translation import get_language

from terakoya.catalog import api as catalog

from .models import Release
from .policy import rules
from .queries import statistic


def home_part(request: HttpRequest) -> dict[str, Any]:
    """What ``research/statistic.html`` is filled with."""
    basis = rules().basis["en" if get_language() == "en" else "ja"]
    return {"statistic": statistic(), "rules": rules(), "basis": basis}


def catalog_entries() -> list[catalog.Entry]:
    """The anonymised figures as a public data set, once there are any."""
    if not Release.objects.exists():
        return []
    return [
        catalog.Entry(
            id="statistics",
            title=dict(rules().title),
            category=catalog.ANONYMISED,
            standards=catalog.standards_of(catalog.ANONYMISED),
            purposes=("statistics",),
            access="public",
            placement="operation",
        )
    ]


routes: list[URLPattern] = []
