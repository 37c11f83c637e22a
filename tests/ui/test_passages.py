"""Japanese on a page in another language is marked as Japanese."""

import pytest
from django.test import Client
from pytest_django import Settings

from terakoya.ui.passages import marked


@pytest.mark.parametrize("language", ["en", "vi", "pt-BR"])
def test_a_name_in_a_sentence_is_marked_and_the_sentence_is_not(language: str) -> None:
    assert marked("<h1>Of 渡辺 光哲, 5年2組</h1>", language) == (
        '<h1>Of <span lang="ja">渡辺 光哲</span>, <span lang="ja">5年2組</span></h1>'
    )


@pytest.mark.parametrize(
    "html",
    [
        "<title>渡辺 光哲</title>",
        "<option>渡辺 光哲</option>",
        "<textarea>渡辺 光哲</textarea>",
        "<script>const name = '渡辺';</script>",
        '<a title="渡辺 光哲" href="/">x</a>',
        "<!-- 渡辺 -->",
    ],
)
def test_nothing_is_marked_where_no_element_may_stand(html: str) -> None:
    assert marked(html, "vi") == html


def test_a_text_that_says_its_language_is_left_as_it_is() -> None:
    html = '<button type="submit" value="zh-hans" lang="zh-Hans">中文<svg></svg></button>'
    assert marked(html, "vi") == html


def test_a_japanese_text_on_a_chinese_page_is_marked() -> None:
    assert marked("<p>順序よく書く ドリル1</p>", "zh-Hans") == '<p><span lang="ja">順序よく書く ドリル1</span></p>'


@pytest.mark.parametrize("text", ["谁看过", "学习记录", "若葉市立ひばり小学校5年2组的班主任"])
def test_a_text_that_may_be_chinese_is_left_on_a_chinese_page(text: str) -> None:
    assert marked(f"<p>{text}</p>", "zh-Hans") == f"<p>{text}</p>"


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "wanted"), [("vi", True), ("en", True), ("ja", False), ("ja-easy", False)])
def test_the_name_of_the_node_is_marked_on_pages_that_are_not_japanese(
    client: Client, settings: Settings, language: str, wanted: bool
) -> None:
    settings.NODE_NAME = "若葉市"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get("/sign-in/").content.decode()
    assert ('<span lang="ja">若葉市</span>' in page) is wanted
