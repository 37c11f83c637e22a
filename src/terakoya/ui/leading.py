"""Letting the forms of one page lead to another node."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http import HttpResponse


def let_forms_lead_to(response: HttpResponse, addresses: Iterable[str]) -> HttpResponse:
    """Let the forms of this one page lead to these nodes, and nowhere else but here.

    Browsers hold redirects after a post to ``form-action`` too (Content Security Policy 3, section 6.4.1).
    """
    origins = sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, addresses)})
    response._csp_update = {"form-action": origins}  # type: ignore[attr-defined]
    return response
