"""A family uses its rights with the keyboard alone, with scripts and without, over running nodes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from terakoya.node.demo import Demo
from terakoya.node.federation import Node
from tests.e2e.conftest import running
from tests.e2e.test_pages import AXE, AXE_SOURCE, NARROWEST, OVERFLOW, SIZES

PUPILS = 120
MOST_STOPS = 40  # so many presses of the tab key reach whatever a page is for
SUBMIT = "main form button[type=submit]"
FOCUSED = "selector => document.activeElement.matches(selector)"
SEEN = "() => getComputedStyle(document.activeElement).outlineStyle !== 'none'"


@dataclass
class Keyboard:
    """Somebody without a mouse."""

    page: Page

    def to(self, selector: str) -> None:
        """Go on with the tab key until something of this kind has the focus, and shows it."""
        for _stop in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(FOCUSED, selector):
                assert self.page.evaluate(SEEN), f"the focus on {selector} is not seen"
                return
        raise AssertionError(f"{MOST_STOPS} stops of {self.page.url} lead to no {selector}")

    def press(self, selector: str) -> None:
        """Follow a link or press a button."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def type(self, name: str, text: str) -> None:
        self.to(f"[name={name}]")
        self.page.keyboard.type(text)

    def choose(self, name: str, value: str = "") -> None:
        """Choose one of several, by its value or the first."""
        self.to(f"input[name={name}]")
        for _choice in range(10):
            if self.page.evaluate(FOCUSED, f"[value='{value}']" if value else "*"):
                break
            self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Space")
        assert self.page.evaluate(FOCUSED, f":checked[value='{value}']" if value else ":checked")

    def sign_in(self, username: str, password: str) -> None:
        self.type("username", username)
        self.type("password", password)
        self.press(SUBMIT)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A federation of its own: here it is agreed and stopped."""
    with running(tmp_path_factory.mktemp("keyboard"), PUPILS) as demo:
        yield demo


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def guardian(request: pytest.FixtureRequest, town: Demo, browser: Browser) -> Iterator[Keyboard]:
    """The guardian of two children, at a browser with or without scripts."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, java_script_enabled=request.param)
    for kind in ("city", "pds"):
        url = town.federation[kind].url
        context.add_cookies([{"name": f"terakoya_{kind}_language", "value": "ja", "url": url}])
    yield Keyboard(context.new_page())
    context.close()


def enter(guardian: Keyboard, town: Demo, kind: str) -> Node:
    """Sign in at a node; the page is then the family's first page."""
    node = town.federation[kind]
    guardian.page.goto(f"{node.url}/sign-in/")
    guardian.sign_in(_name(town), town.password)
    return node


def _name(town: Demo) -> str:
    return town.town.cast["guardian"].username


def main_of(guardian: Keyboard) -> str:
    return guardian.page.get_by_role("main").inner_text()


def connect(guardian: Keyboard, town: Demo) -> None:
    """From the store's first page to the city, yes, and back."""
    guardian.press("main a[href$='/connect/']")
    while not guardian.page.locator("input[name=holder]").count():  # the store has yet to hear who is in the federation
        guardian.page.wait_for_timeout(500)
        guardian.page.reload()
    guardian.choose("holder")
    guardian.press(SUBMIT)
    guardian.sign_in(_name(town), town.password)
    guardian.choose("child", str(town.town.cast["pupil"].person))
    guardian.press(SUBMIT)
    for words in ("渡す記録", "何のため", "いつまで", "同意しない場合", "やめるには"):
        assert words in main_of(guardian)
    guardian.press("button[name=answer][value=yes]")


def test_a_family_agrees_takes_the_receipt_home_and_stops_in_two_presses(guardian: Keyboard, town: Demo) -> None:
    pds = enter(guardian, town, "pds")
    connect(guardian, town)
    expect(guardian.page).to_have_url(re.compile(f"^{pds.url}/children/.*/arriving/"))
    guardian.page.goto(pds.url)
    guardian.press("main .tk-ways a[href$='/sharing/']")
    guardian.press("main .tk-button[href*='/sharing/']")
    receipt = guardian.page.locator("main a[href$='receipt.pdf']").get_attribute("href")
    assert guardian.page.request.get(f"{pds.url}{receipt}").body().startswith(b"%PDF")
    guardian.page.go_back()
    guardian.press("main a[href$='/stop/']")
    guardian.press(SUBMIT)
    expect(guardian.page).to_have_url(re.compile("/deletion/"))
    assert "新しい記録はもう届きません" in main_of(guardian)


def test_a_family_reads_who_looked_and_asks_why(guardian: Keyboard, town: Demo) -> None:
    enter(guardian, town, "city")
    pupil = town.town.cast["pupil"].person
    guardian.press(f"main a[href='/accesses/{pupil}/']")
    assert "教育委員会の職員" in main_of(guardian)
    guardian.press("main a[href^='/rights/questions/about/']")
    guardian.type("text", "どうしてですか")
    guardian.press(SUBMIT)
    expect(guardian.page).to_have_url(re.compile("/rights/questions/[0-9a-f-]{36}/"))
    assert re.search("までに.*答え", main_of(guardian))


def test_a_question_without_words_is_sent_back_to_its_field(guardian: Keyboard, town: Demo) -> None:
    enter(guardian, town, "city")
    guardian.press(f"main a[href='/accesses/{town.town.cast['pupil'].person}/']")
    guardian.press("main a[href^='/rights/questions/about/']")
    guardian.press(SUBMIT)
    assert guardian.page.title().startswith("エラー")
    guardian.to("main a[href='#id_text']")
    guardian.page.keyboard.press("Enter")
    assert guardian.page.evaluate(FOCUSED, "#id_text")


def test_a_family_asks_what_is_kept_and_gets_a_number_and_a_day(guardian: Keyboard, town: Demo) -> None:
    enter(guardian, town, "city")
    guardian.press("main a[href='/rights/']")
    guardian.press("main a[href='/rights/new/disclosure/']")
    for _step in range(4):
        if guardian.page.locator("main input[name=number]").count():
            break
        answer_step(guardian, town)
    guardian.press(SUBMIT)
    expect(guardian.page).to_have_url(re.compile("/rights/requests/[0-9a-f-]{36}/"))
    assert re.search("までに.*答え", main_of(guardian))


def answer_step(guardian: Keyboard, town: Demo) -> None:
    """One step of a request: for whom, or which data."""
    if guardian.page.locator("main input[type=radio]").count():
        name = guardian.page.locator("main input[type=radio]").first.get_attribute("name") or ""
        guardian.choose(name, str(town.town.cast["pupil"].person))
    elif guardian.page.locator("main input[type=checkbox]:checked").count() == 0:
        guardian.to("main input[type=checkbox]")
        guardian.page.keyboard.press("Space")
    guardian.press(SUBMIT)


@pytest.mark.parametrize(("role", "language"), [("guardian", "ja"), ("guardian", "pt-br"), ("pupil", "ja-easy")])
def test_who_holds_what_is_without_fault(town: Demo, browser: Browser, role: str, language: str) -> None:
    city, cast = town.federation["city"], town.town.cast
    context = browser.new_context(bypass_csp=True)
    context.add_cookies([{"name": "terakoya_city_language", "value": language, "url": city.url}])
    page = context.new_page()
    page.goto(f"{city.url}/sign-in/")
    Keyboard(page).sign_in(cast[role].username, town.password)
    page.goto(f"{city.url}/rights/who-holds/{cast['pupil'].person}/")
    expect(page.locator("h1")).to_have_count(1)
    page.evaluate(AXE_SOURCE)
    for width, height in (*SIZES, NARROWEST):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(OVERFLOW) <= 0, f"wider than {width}"
        assert [found["id"] for found in page.evaluate(AXE)] == []
    context.close()
