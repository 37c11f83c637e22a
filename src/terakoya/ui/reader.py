"""Who reads the page, as far as its form goes: language and furigana. Nothing here says who the person is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

PLAIN_JAPANESE = "ja-easy"


@dataclass(frozen=True)
class Reader:
    """The reader's preferences.

    language: one of ``settings.LANGUAGES``
    furigana: the reader's own choice; None when none was made
    """

    language: str
    furigana: bool | None = None

    @property
    def html_language(self) -> str:
        """The language tag of the page: plain Japanese is Japanese to a browser."""
        return "ja" if self.language == PLAIN_JAPANESE else self.language

    def wants_furigana(self, audience: str) -> bool:
        """Whether readings are shown: as chosen, else to readers of plain Japanese and on pupils' pages."""
        if self.furigana is not None:
            return self.furigana
        return self.language == PLAIN_JAPANESE or (self.language == "ja" and audience == "pupil")


def reader_of(request: HttpRequest) -> Reader:
    """The reader of this request; of the language in force when the request never met the middleware."""
    known = getattr(request, "reader", None)
    return known if known is not None else Reader(get_language() or settings.LANGUAGE_CODE)


def read_preferences(request: HttpRequest) -> Reader:
    """The preferences that a request brings: cookies, then the browser's languages, then Japanese."""
    known = dict(settings.LANGUAGES)
    language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if language not in known:
        language = _accepted(request.headers.get("Accept-Language", ""), known)
    furigana = {"on": True, "off": False}.get(request.COOKIES.get(furigana_cookie(), ""))
    return Reader(language, furigana)


def _accepted(header: str, known: dict[str, str]) -> str:
    for tag, _weight in parse_accept_lang_header(header.lower()):
        if (language := tag.split("-")[0]) in known:
            return language
    return settings.LANGUAGE_CODE


def furigana_cookie() -> str:
    """Name of the cookie, told apart by node as the language cookie is."""
    return settings.LANGUAGE_COOKIE_NAME.replace("_language", "_furigana")
