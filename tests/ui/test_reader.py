import re
from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.translation import gettext

from terakoya.ui.middleware import ReaderMiddleware
from terakoya.ui.reader import Reader, read_preferences

JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
LANGUAGE = "terakoya_city_language"
FURIGANA = "terakoya_city_furigana"
NOTED = "｜分数《ぶんすう》"
Ask = Callable[..., HttpResponse]


@pytest.fixture
def ask() -> Ask:
    """What the middleware makes of an answer, for a request with the given cookies and headers."""

    def through(
        body: str, *, cookies: dict[str, str] | None = None, kind: str = "text/html", accept: str = "ja"
    ) -> HttpResponse:
        request = RequestFactory().get("/", headers={"Accept-Language": accept})
        request.COOKIES.update(cookies or {})
        answer = ReaderMiddleware(lambda _request: HttpResponse(body, content_type=f"{kind}; charset=utf-8"))(request)
        assert isinstance(answer, HttpResponse)
        return answer

    return through


def preferences(cookie: str = "", accept: str = "") -> Reader:
    request = RequestFactory().get("/", headers={"Accept-Language": accept} if accept else {})
    request.COOKIES.update({LANGUAGE: cookie} if cookie else {})
    return read_preferences(request)


def test_chosen_language_comes_before_the_browsers() -> None:
    assert preferences("ja-easy", "en-GB,en;q=0.9").language == "ja-easy"


def test_browsers_language_comes_before_japanese() -> None:
    assert preferences(accept="fr;q=0.9, en-GB;q=0.8, ja;q=0.2").language == "en"


def test_unknown_languages_end_in_japanese() -> None:
    assert preferences("xx", "fr,de").language == "ja"


@pytest.mark.parametrize(
    ("accept", "language"),
    [("pt-PT", "pt-br"), ("zh-CN,ja", "zh-hans"), ("fil-PH", "tl"), ("tl", "tl"), ("vi-VN", "vi"), ("es-PE", "es")],
)
def test_browsers_name_of_a_language_leads_to_the_one_that_is_here(accept: str, language: str) -> None:
    assert preferences(accept=accept).language == language


@pytest.mark.parametrize(
    ("language", "tag"), [("ja-easy", "ja"), ("pt-br", "pt-BR"), ("zh-hans", "zh-Hans"), ("vi", "vi")]
)
def test_page_bears_the_tag_that_browsers_know(language: str, tag: str) -> None:
    """Plain Japanese is Japanese to a browser."""
    assert Reader(language).html_language == tag


@pytest.mark.parametrize(
    ("reader", "audience", "shown"),
    [
        (Reader("ja"), "family", False),
        (Reader("ja"), "pupil", True),
        (Reader("ja", False), "pupil", False),
        (Reader("ja-easy"), "staff", True),
        (Reader("en"), "pupil", False),
        (Reader("en", True), "family", True),
        (Reader("vi", True), "family", False),
    ],
)
def test_furigana_is_as_chosen_else_for_plain_japanese_and_pupils(reader: Reader, audience: str, shown: bool) -> None:
    assert reader.wants_furigana(audience) is shown


def test_readings_are_taken_out_for_who_does_not_want_them(ask: Ask) -> None:
    assert ask(f"<p>{NOTED}</p>").content.decode() == "<p>分数</p>"


def test_pupils_page_shows_readings(ask: Ask) -> None:
    page = ask(f'<html data-audience="pupil"><p>{NOTED}</p></html>').content.decode()
    assert "<rt>ぶんすう</rt>" in page


def test_readings_can_be_switched_on(ask: Ask) -> None:
    assert "<rt>" in ask(f"<p>{NOTED}</p>", cookies={FURIGANA: "on"}).content.decode()


def test_download_never_holds_ruby(ask: Ask) -> None:
    assert ask(NOTED, kind="text/csv", cookies={FURIGANA: "on"}).content.decode() == "分数"


def test_data_are_left_as_they_are(ask: Ask) -> None:
    assert ask(NOTED, kind="application/json").content.decode() == NOTED


def test_signed_in_pages_leave_no_trace_in_caches(ask: Ask) -> None:
    assert ask("x", cookies={"terakoya_city_session": "s"}).headers["Cache-Control"] == "no-store"


def test_public_pages_vary_by_language(ask: Ask) -> None:
    answer = ask("x")
    assert "Cache-Control" not in answer.headers
    assert answer.headers["Vary"] == "Cookie, Accept-Language"


def test_content_length_follows_the_readings() -> None:
    def answer(request: HttpRequest) -> HttpResponse:
        return HttpResponse(f"<p>{NOTED}</p>", headers={"Content-Length": "99"})

    changed = ReaderMiddleware(answer)(RequestFactory().get("/"))
    assert changed.headers["Content-Length"] == str(len("<p>分数</p>".encode()))


def test_english_never_falls_back_to_japanese() -> None:
    with translation.override("en"):
        assert gettext("There is no such page.") == "There is no such page."


def test_plain_japanese_falls_back_to_japanese() -> None:
    with translation.override("ja-easy"):
        assert gettext("This view is recorded, and the pupils and their families can see the record.") == (
            "この閲覧は記録され、本人と家族に表示されます。"
        )


@pytest.mark.django_db
def test_english_gallery_holds_no_japanese_but_the_names_of_languages(client: Client) -> None:
    page = client.get("/parts/", headers={"Accept-Language": "en"}).content.decode()
    for name in ("日本語", "やさしい にほんご", "中文"):
        page = page.replace(name, "")
    assert JAPANESE.findall(page) == []


@pytest.mark.django_db
def test_preferences_are_kept_and_lead_back(client: Client) -> None:
    answer = client.post("/preferences/", {"language": "en", "furigana": "on", "next": "/parts/?a=1"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/parts/?a=1")
    assert (client.cookies[LANGUAGE].value, client.cookies[FURIGANA].value) == ("en", "on")


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_preferences_lead_nowhere_else(client: Client, target: str) -> None:
    assert client.post("/preferences/", {"language": "en", "next": target}).headers["Location"] == "/"


@pytest.mark.django_db
def test_unknown_preferences_are_not_kept(client: Client) -> None:
    client.post("/preferences/", {"language": "xx", "furigana": "maybe"})
    assert LANGUAGE not in client.cookies and FURIGANA not in client.cookies
