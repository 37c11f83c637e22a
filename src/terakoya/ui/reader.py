"""Who reads the page, as far as its form goes: language and furigana. Nothing here says who the person is."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation.trans_real import parse_accept_lang_header

PLAIN_JAPANESE = "ja-easy"
# languages that readings are offered in; the others' texts hold none, and names would be torn
WITH_FURIGANA = ("ja", PLAIN_JAPANESE, "en")
# what browsers call a language (BCP 47) whose code here is another: the only kind of it that there is
NEAREST = {"pt": "pt-br", "zh": "zh-hans", "fil": "tl"}


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
        """The language tag of the page."""
        return html_tag(self.language)

    @property
    def may_have_furigana(self) -> bool:
        """Whether the reader is offered readings."""
        return self.language in WITH_FURIGANA

    def wants_furigana(self, audience: str) -> bool:
        """Whether readings are shown: as chosen, else to readers of plain Japanese and on pupils' pages."""
        if not self.may_have_furigana:
            return False
        if self.furigana is not None:
            return self.furigana
        return self.language == PLAIN_JAPANESE or (self.language == "ja" and audience == "pupil")


def html_tag(language: str) -> str:
    """The tag of a language (BCP 47) for ``lang`` and for documents: plain Japanese is Japanese to a browser."""
    return {PLAIN_JAPANESE: "ja", "pt-br": "pt-BR", "zh-hans": "zh-Hans"}.get(language, language)


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
        first = tag.split("-")[0]
        if (language := NEAREST.get(first, first)) in known:
            return language
    return settings.LANGUAGE_CODE


def furigana_cookie() -> str:
    """Name of the cookie, told apart by node as the language cookie is."""
    return settings.LANGUAGE_COOKIE_NAME.replace("_language", "_furigana")
