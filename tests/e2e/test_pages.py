"""Every page of every kind of node that the demo's roles can reach, as browsers of four sizes show it.

What each page must hold to stands in ``Looked.faults``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from terakoya.node.demo import Demo

from . import journeys

SIZES = ((390, 844), (1080, 810), (1366, 768), (1920, 1080))
NARROWEST = (320, 640)
AXE_SOURCE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"async () => (await axe.run({{runOnly: {TAGS}, resultTypes: ['violations'], preload: false}})).violations"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
TELL = "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
# kanji in text that stands outside ruby, but for proper names whose reading nobody gave (tk-proper)
BARE_KANJI = """() => {
  const bare = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (/[\\u4e00-\\u9fff々]/.test(node.data) && !parent.closest('ruby, option, script, .tk-proper, [name=language]'))
      bare.push(node.data.trim());
  }
  return bare;
}"""

Visit = tuple[str, str, str]  # node, role ("" for nobody), address below the node or whole


@dataclass
class Story:
    """The demo after its family has connected the school, shared, stopped, and shared again."""

    demo: Demo
    browser: Browser
    shared: journeys.Shared
    deletion: str
    slip: str
    links: dict[str, str]
    pages: dict[tuple[str, str, str], Page] = field(default_factory=dict)

    def page(self, kind: str, role: str, language: str) -> Page:
        """A browser of this role at this node, in this language; opened once and kept."""
        key = kind, role, language
        if key not in self.pages:
            context = journeys.new_context(self.browser, language)
            context.add_init_script(TELL)
            node = self.demo.federation[kind]
            context.add_cookies([{"name": f"terakoya_{kind}_language", "value": language, "url": node.url}])
            self.pages[key] = context.new_page()
            if role:
                journeys.sign_in(self.pages[key], node, self.demo.town.cast[role].username, self.demo.password)
        return self.pages[key]

    def address(self, kind: str, path: str) -> str:
        name, _, rest = path.partition("/")
        known = self.links[name] + rest if name else path
        return known if known.startswith("http") else f"{self.demo.federation[kind].url}{known}"


@pytest.fixture(scope="module")
def story(demo: Demo, browser: Browser) -> Iterator[Story]:
    family, tutor, teacher, clerk = (journeys.new_context(browser).new_page() for _ in range(4))
    city, pds, juku = (demo.federation[kind] for kind in ("city", "pds", "juku"))
    cast = demo.town.cast
    journeys.sign_in(family, pds, cast["guardian"].username, demo.password)
    journeys.sign_in(tutor, juku, cast["juku_teacher"].username, demo.password)
    child = journeys.child_at_store(family, demo)
    journeys.connect_school(family, demo, child)
    deletion = journeys.withdraw(family, journeys.share(family, child, journeys.invite(tutor, demo)))
    shared = journeys.share(family, child, journeys.invite(tutor, demo))
    journeys.sign_in(teacher, city, cast["teacher"].username, demo.password)
    journeys.sign_in(clerk, city, cast["clerk"].username, demo.password)
    refused = journeys.import_wrong_package(clerk, demo)
    consent = journeys.consent_at_city(family, demo)
    journeys.invite(tutor, demo)
    links = {
        "CHILD": child,
        "CLASS": teacher.locator("main a[href^='/classes/']").first.get_attribute("href") or "",
        "REFUSED": refused,
        "CONSENT": consent,
        "RECEIPT": shared.receipt,
        "DELETION": deletion,
        "SLIP": tutor.url,
        "TUTORED": journeys.juku_pupil(demo),
        "PUPIL": f"/pupils/{cast['pupil'].person}/",
        "OWN": f"/children/{cast['pupil'].person}/",
        "LOOKED": f"/accesses/{cast['pupil'].person}/",
    }
    for page in (tutor, teacher, clerk, family):
        page.context.close()
    told = Story(demo, browser, shared, deletion, links["SLIP"], links)
    yield told
    for page in told.pages.values():
        page.context.close()


NOBODY: list[Visit] = [
    *(("nation", "", path) for path in ("/", "/catalog/", "/sign-in/", "/nowhere/")),
    *(
        ("city", "", path)
        for path in ("/", "/sign-in/", "/card/", "/card/nowhere/", "/matrix/", "/catalog/", "/nowhere/")
    ),
    *(("pds", "", path) for path in ("/", "/sign-up/", "/sign-in/", "/catalog/", "/matrix/")),
    *(("juku", "", path) for path in ("/", "/sign-in/", "/catalog/", "/matrix/")),
]
STAFF: list[Visit] = [
    *(("city", "teacher", path) for path in ("/", "CLASS", "PUPIL", "/parts/")),
    *(("city", "other_teacher", path) for path in ("/", "PUPIL")),
    ("city", "head", "/"),
    *(
        ("city", "teacher", path)
        for path in ("/my-sign-in/", "/second-factor/", "/second-factor/set-up/", "CLASS/cards/")
    ),
    *(("city", "clerk", path) for path in ("/", "/roster/imports/", "REFUSED", "/matrix/", "/second-factor/reset/")),
    *(("juku", "juku_teacher", path) for path in ("/", "TUTORED", "TUTORED/invite/", "SLIP")),
]
FAMILY: list[Visit] = [
    *(("city", "guardian", f"/{path}") for path in ("my-sign-in/", "my-sign-in/password/", "second-factor/set-up/")),
    *(("city", "guardian", path) for path in ("/", "OWN", "LOOKED", "/consents/", "CONSENT", "CONSENT/withdraw/")),
    *(("pds", "guardian", path) for path in ("/", "/children/new/", "/sharing/", "/accesses/", "CHILD")),
    *(
        ("pds", "guardian", f"CHILD/{path}/")
        for path in ("connect", "arriving", "share", "sharing", "accesses", "sign-in")
    ),
    *(("pds", "guardian", path) for path in ("RECEIPT", "RECEIPT/stop/", "DELETION")),
]
PUPIL: list[Visit] = [("city", "pupil", path) for path in ("/", "OWN", "LOOKED", "/my-sign-in/")]
KEY: list[Visit] = [
    *PUPIL,
    *(("city", "guardian", path) for path in ("/", "OWN", "LOOKED", "CONSENT")),
    *(("pds", "guardian", path) for path in ("/", "CHILD", "CHILD/sharing/", "CHILD/accesses/", "DELETION")),
]


@dataclass
class Looked:
    """What was found wrong with one page at all sizes."""

    own_hosts: set[str]
    faults: list[str] = field(default_factory=list)

    def said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of 40" not in message.text:
            self.faults.append(f"console: {message.text}")

    def asked(self, request: Request) -> None:
        if httpx.URL(request.url).netloc.decode() not in self.own_hosts and not request.url.startswith("data:"):
            self.faults.append(f"request to {request.url}")

    def measure(self, page: Page, size: tuple[int, int]) -> None:
        page.set_viewport_size({"width": size[0], "height": size[1]})
        if (beyond := page.evaluate(OVERFLOW)) > 0:
            self.faults.append(f"{size}: {beyond} px wider than the screen")
        if size == NARROWEST:
            return
        for found in page.evaluate(AXE):
            self.faults.append(f"{size}: {found['id']}: {found['nodes'][0]['html'][:120]}")


def look(story: Story, visit: Visit, language: str, sizes: Iterable[tuple[int, int]] = SIZES) -> list[str]:
    """Open a page and say what is wrong with it at these sizes and on the narrowest phone."""
    kind, role, path = visit
    page = story.page(kind, role, language)
    looked = Looked({f"127.0.0.1:{node.port}" for node in story.demo.federation.nodes.values()})
    page.on("console", looked.said)
    page.on("pageerror", lambda fault: looked.faults.append(str(fault)))
    page.on("request", looked.asked)
    page.goto(story.address(kind, path))
    expect(page.locator("h1")).to_have_count(1)
    page.evaluate(AXE_SOURCE)
    for size in (*sizes, NARROWEST):
        looked.measure(page, size)
    page.remove_listener("console", looked.said)
    page.remove_listener("request", looked.asked)
    return looked.faults


@pytest.mark.parametrize("visit", [*NOBODY, *STAFF, *FAMILY, *PUPIL], ids=" ".join)
def test_a_page_is_without_fault_at_every_size(story: Story, visit: Visit) -> None:
    assert look(story, visit, "ja") == []


@pytest.mark.parametrize("language", ["ja-easy", "en"])
@pytest.mark.parametrize("visit", KEY, ids=" ".join)
def test_a_family_page_is_without_fault_in_its_other_languages(story: Story, visit: Visit, language: str) -> None:
    assert look(story, visit, language, SIZES[:1]) == []


@pytest.mark.parametrize("visit", [*PUPIL, ("pds", "guardian", "CHILD")], ids=" ".join)
def test_a_pupils_page_has_no_kanji_without_a_reading(story: Story, visit: Visit) -> None:
    kind, role, path = visit
    page = story.page(kind, role, "ja")
    page.goto(story.address(kind, path))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(BARE_KANJI) == []


@pytest.mark.parametrize("visit", KEY, ids=" ".join)
def test_plain_japanese_has_no_kanji_without_a_reading(story: Story, visit: Visit) -> None:
    kind, role, path = visit
    page = story.page(kind, role, "ja-easy")
    page.goto(story.address(kind, path))
    page.wait_for_load_state("networkidle")
    assert page.evaluate(BARE_KANJI) == []


def test_the_two_answers_to_a_question_for_consent_are_equally_large(story: Story) -> None:
    page = story.page("pds", "guardian", "ja")
    journeys.begin_connecting(page, story.demo, story.links["CHILD"])
    boxes = [button.bounding_box() for button in page.locator("button[name=answer]").all()]
    assert len(boxes) == 2
    assert boxes[0] and boxes[1]
    assert (boxes[0]["width"], boxes[0]["height"]) == (boxes[1]["width"], boxes[1]["height"])
