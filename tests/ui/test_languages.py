"""The eight languages: the menu that leads to them, and what stands where a language has no text."""

from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from terakoya.ui.templatetags.parts import day

pytestmark = pytest.mark.django_db
FAMILIES = ("pt-br", "zh-hans", "tl", "vi", "es")


def test_menu_names_each_language_in_itself(client: Client) -> None:
    page = client.get("/parts/").content.decode()
    for name in ("日本語", "やさしい にほんご", "English", "Português", "中文", "Filipino", "Tiếng Việt", "Español"):
        assert f">{name}<" in page, name


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_chosen_language_is_remembered_and_leads_back(client: Client, language: str) -> None:
    answer = client.post("/preferences/", {"language": language, "next": "/parts/?a=1"})
    assert answer.status_code == 302 and answer["Location"] == "/parts/?a=1"
    assert client.get("/parts/")["Content-Language"].casefold() == language.replace("ja-easy", "ja")


@pytest.mark.parametrize("language", FAMILIES)
def test_page_says_its_language_and_offers_no_furigana(client: Client, language: str) -> None:
    page = client.get("/sign-in/", headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"'.casefold() in page.casefold() and "tk-tool--furigana" not in page


@pytest.mark.parametrize("language", FAMILIES)
def test_english_stands_where_a_language_has_no_text(language: str) -> None:
    with override(language):
        assert gettext("Sign in") != "Sign in"
        assert gettext("Roster") == "Roster"


def test_words_of_the_framework_fall_back_to_english_too() -> None:
    with override("tl"):
        assert gettext("This field is required.") == "This field is required."


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("pt-br", "1 de março de 2026"),
        ("zh-hans", "2026年3月1日"),
        ("tl", "Marso 1, 2026"),
        ("vi", "1 tháng 3 năm 2026"),
        ("es", "1 de marzo de 2026"),
    ],
)
def test_days_are_written_as_the_language_does(language: str, written: str) -> None:
    with override(language):
        assert day(date(2026, 3, 1)) == written
