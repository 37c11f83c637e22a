"""What every answer gets for its reader: language, readings, and no trace in caches once somebody is signed in."""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponse, HttpResponseBadRequest, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import notation, passages
from .known_words import known_words
from .reader import read_preferences

PLAIN = "text/plain; charset=utf-8"
_AUDIENCE = re.compile(rb'data-audience="([a-z]+)"')
_OPEN = notation.OPEN.encode()


class NoNulMiddleware:
    """Refuses a NUL in an address or a cookie: nobody means one, and PostgreSQL can neither keep nor look for it.

    A view that speaks to programs says it in their way (``refuses_nul``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        queries = (text for name, values in request.GET.lists() for text in (name, *values))
        if any("\0" in text for text in (request.path, *queries, *request.COOKIES.values())):
            return _told_of_nul(request)
        return self.get_response(request)


def _told_of_nul(request: HttpRequest) -> HttpResponseBase:
    try:
        refuse = getattr(resolve(request.path_info).func, "refuses_nul", None)
    except Resolver404:
        refuse = None
    if refuse is not None:
        answer: HttpResponseBase = refuse(request)
        return answer
    return HttpResponseBadRequest("A NUL stands in the address or in a cookie.\n", content_type=PLAIN)


class ReaderMiddleware:
    """Activates the reader's language; sets readings or takes them out; marks what is Japanese on other pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reader = read_preferences(request)
        request.reader = reader  # type: ignore[attr-defined]
        with translation.override(reader.language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", reader.html_language)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        if isinstance(response, HttpResponse) and response.headers.get("Content-Type", "").startswith("text/"):
            patch_vary_headers(response, ("Cookie", "Accept-Language"))
            _set_readings(response, reader.wants_furigana)
            _mark_japanese(response, reader.html_language)
        return response


def _set_readings(response: HttpResponse, wanted: Callable[[str], bool]) -> None:
    audience = _AUDIENCE.search(response.content)
    is_html = response.headers["Content-Type"].startswith("text/html")
    shown = is_html and wanted(audience[1].decode() if audience else "")
    if not shown and _OPEN not in response.content:
        return
    text = response.content.decode(response.charset)
    _write(response, notation.ruby(text, known_words()) if shown else notation.strip(text))


def _mark_japanese(response: HttpResponse, language: str) -> None:
    if language != "ja" and response.headers["Content-Type"].startswith("text/html"):
        _write(response, passages.marked(response.content.decode(response.charset), language))


def _write(response: HttpResponse, text: str) -> None:
    response.content = text.encode(response.charset)
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(response.content))
