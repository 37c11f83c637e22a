"""Pages of the frame itself: the gallery of parts, the reader's preferences, and what is shown when something fails."""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from terakoya.kit import clock
from terakoya.kit.declaration import nothing

from . import icons, samples
from .reader import furigana_cookie, reader_of

log = logging.getLogger(__name__)
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
@nothing("shows the parts of pages with made-up texts")
def parts(request: HttpRequest) -> HttpResponse:
    """The gallery: every part of the house, as it looks in this node's colours."""
    values = {
        "form": samples.SampleForm(),
        "wrong": samples.SampleForm({"wrong-name": ""}, prefix="wrong"),
        "icons": sorted(icons.STROKES),
        "decision": samples.SampleDecision(),
        "flow": samples.FLOW,
        "tabs": samples.TABS,
        "sample_day": clock.today(),
    }
    return render(request, "ui/gallery.html", values)


@require_POST
@nothing("language and furigana are kept in the reader's own browser")
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language or furigana in a cookie and go back to the page."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    if (language := request.POST.get("language")) in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, str(language))
    if (furigana := request.POST.get("furigana")) in ("on", "off"):
        _keep(response, furigana_cookie(), str(furigana))
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


# --- what is shown when something fails: the node's handlers ---
def _failure(request: HttpRequest, status: int, title: str, **more: Any) -> HttpResponse:
    if not request.accepts("text/html"):
        return HttpResponse(f"{title}\n", status=status, content_type="text/plain; charset=utf-8")
    return render(request, "ui/failure.html", {"title": title, "status": status, **more}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # family
    title = gettext("This request could not be understood.")
    # family
    return _failure(request, 400, title, advice=gettext("Go back and try once more."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """With the reason when the exception brings one (``access.errors.NotPermitted.sentence``)."""
    # family
    title = gettext("You may not see this page.")
    # family
    advice = gettext("If you need it for your work or for your family, ask the school or the administrator.")
    return _failure(request, 403, title, reason=_reason(exception), advice=advice)


def _reason(exception: Exception | None) -> str:
    sentence = getattr(exception, "sentence", "")
    return str(sentence() if callable(sentence) else sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # family
    title = gettext("There is no such page.")
    # family
    return _failure(request, 404, title, advice=gettext("Perhaps the address is mistyped, or the page has moved."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    # family
    title = gettext("The page was open for too long.")
    # family
    advice = gettext("For your safety nothing was sent. Open the page anew and send it once more.")
    return _failure(request, 403, title, advice=advice)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither database nor session, as these may be what failed."""
    if not request.accepts("text/html"):
        return HttpResponse("internal error\n", status=500, content_type="text/plain; charset=utf-8")
    values = {"node_name": settings.NODE_NAME, "language": reader_of(request).html_language}
    return HttpResponse(render_to_string("ui/server_error.html", values), status=500)


routes: list[URLPattern] = [
    path("parts/", parts, name="ui.parts"),
    path("preferences/", preferences, name="ui.preferences"),
]
