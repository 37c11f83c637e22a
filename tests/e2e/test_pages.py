"""Every page of every kind of node that the demo's roles can reach, as browsers of four sizes show it.

What each page must hold to stands in ``Looked.faults``.
"""

import re
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

KEY_OF = "[0-9a-f-]{36}"
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
    family, tutor, teacher, clerk, pupil = (journeys.new_context(browser).new_page() for _ in range(5))
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
    journeys.ask_as_pupil(pupil, demo, consent)
    links = {
        **rights_of_family(family, city.url, f"/accesses/{cast['pupil'].person}/"),
        **desk_of_clerk(clerk, city.url),
        **rules(clerk, city.url),
        "CHILD": child,
        "CLASS": teacher.locator("main a[href^='/classes/']").first.get_attribute("href") or "",
        "REFUSED": refused,
        "CONSENT": consent,
        "RECEIPT": shared.receipt,
        "DELETION": deletion,
        "SLIP": tutor.url,
        "TUTORED": journeys.juku_pupil(demo),
        "PUPIL": f"/pupils/{cast['pupil'].person}/",
        "HELD": f"/rights/who-holds/{cast['pupil'].person}/",
        "KEPT": child.replace("/children/", "/rights/who-holds/"),
        "OWN": f"/children/{cast['pupil'].person}/",
        "LOOKED": f"/accesses/{cast['pupil'].person}/",
    }
    for page in (tutor, teacher, clerk, pupil, family):
        page.context.close()
    told = Story(demo, browser, shared, deletion, links["SLIP"], links)
    yield told
    for page in told.pages.values():
        page.context.close()


def addresses(page: Page, url: str, path: str, pattern: str) -> list[str]:
    """The addresses of a form that a page leads to."""
    page.goto(f"{url}{path}")
    hrefs = page.eval_on_selector_all("main a[href]", "links => links.map(link => link.getAttribute('href'))")
    found = [match[0] for href in hrefs if (match := re.match(pattern, href))]
    assert found, f"{path} leads to no {pattern}"
    return found


def first(page: Page, url: str, path: str, pattern: str) -> str:
    """The first address of a form that a page leads to."""
    return addresses(page, url, path, pattern)[0]


def rights_of_family(page: Page, url: str, looked: str) -> dict[str, str]:
    """What the demo's guardian asked the city: the answered, the waiting, the question; and a line to ask about."""
    asked = addresses(page, url, "/rights/", f"/rights/requests/{KEY_OF}/")
    answered = next(path for path in asked if page.request.get(f"{url}{path}disclosed/").ok)
    return {
        "REQUEST": answered,
        "WAITING": next(path for path in asked if path != answered),
        "QUESTION": first(page, url, "/rights/", f"/rights/questions/{KEY_OF}/"),
        "LINE": first(page, url, looked, "/rights/questions/about/.*"),
    }


def desk_of_clerk(page: Page, url: str) -> dict[str, str]:
    """What waits for the clerk, and one entrustment."""
    return {
        "DESKREQUEST": first(page, url, "/rights/desk/", "/rights/desk/requests/.*"),
        "CASE": first(page, url, "/disagreements/", f"/disagreements/{KEY_OF}/"),
        "ENTRUSTED": first(page, url, "/registers/entrustments/", f"/registers/entrustments/{KEY_OF}/"),
    }


def rules(page: Page, url: str) -> dict[str, str]:
    """A part of the matrix, and one of its cells."""
    part = first(page, url, "/matrix/", r"/matrix/[^/?]+/")
    return {"PART": part, "CELL": first(page, url, part, r"/matrix/[^/?]+/[^/?]+/")}


NOBODY: list[Visit] = [
    *(("nation", "", path) for path in ("/", "/catalog/", "/log/", "/sign-in/", "/nowhere/")),
    *(("city", "", path) for path in ("/", "/sign-in/", "/card/", "/card/nowhere/", "/catalog/", "/log/", "/nowhere/")),
    *(("city", "", path) for path in ("/matrix/", "PART", "CELL", "/registers/")),
    *(("city", "", f"/registers/{path}/") for path in ("files", "entrustments", "notices")),
    *(("pds", "", path) for path in ("/", "/sign-up/", "/sign-in/", "/catalog/", "/matrix/", "/log/", "/registers/")),
    *(("juku", "", path) for path in ("/", "/sign-in/", "/catalog/", "/matrix/", "/log/", "/registers/files/")),
]
STAFF: list[Visit] = [
    *(("city", "teacher", path) for path in ("/", "CLASS", "PUPIL", "/people/", "/parts/")),
    *(("city", "other_teacher", path) for path in ("/", "PUPIL")),
    ("city", "head", "/"),
    *(("city", "teacher", f"/people/{query}") for query in ("?q=5-2", "?q=?", f"?q={'5-2' * 30}")),
    *(("city", "clerk", f"/people/?q=5-2&who={who}") for who in ("pupils", "staff")),
    *(
        ("city", "teacher", path)
        for path in ("/my-sign-in/", "/second-factor/", "/second-factor/set-up/", "CLASS/cards/")
    ),
    *(("city", "clerk", path) for path in ("/", "/roster/imports/", "REFUSED", "/matrix/", "/second-factor/reset/")),
    *(("city", "clerk", path) for path in ("/roster/export/", "/systems/", "/systems/new/", "/systems/read/")),
    *(("city", "clerk", path) for path in ("/rights/desk/", "DESKREQUEST", "/disagreements/", "CASE")),
    *(("city", "clerk", path) for path in ("/registers/entrustments/new/", "ENTRUSTED", "/my-sign-in/")),
    *(("juku", "juku_teacher", path) for path in ("/", "TUTORED", "TUTORED/invite/", "SLIP")),
]
FAMILY: list[Visit] = [
    *(("city", "guardian", f"/{path}") for path in ("my-sign-in/", "my-sign-in/password/", "second-factor/set-up/")),
    *(("city", "guardian", path) for path in ("/", "OWN", "LOOKED", "/consents/", "CONSENT", "CONSENT/withdraw/")),
    *(
        ("city", "guardian", path)
        for path in ("/rights/", "REQUEST", "REQUEST/disclosed/", "WAITING", "QUESTION", "LINE")
    ),
    *(("city", "guardian", path) for path in ("WAITING/take-back/", "/rights/new/correction/", "CONSENT/answer/")),
    *(("pds", "guardian", path) for path in ("/", "/children/new/", "/sharing/", "/accesses/", "CHILD")),
    *(("pds", "guardian", path) for path in ("/rights/", "KEPT", "/my-sign-in/")),
    *(
        ("pds", "guardian", f"CHILD/{path}/")
        for path in ("connect", "arriving", "share", "sharing", "accesses", "sign-in")
    ),
    *(("pds", "guardian", path) for path in ("RECEIPT", "RECEIPT/stop/", "DELETION")),
]
PUPIL: list[Visit] = [
    ("city", "pupil", path)
    for path in ("/", "OWN", "LOOKED", "CONSENT", "CONSENT/answer/", "/consents/", "/my-sign-in/")
]
KEY: list[Visit] = [
    *PUPIL,
    *(("city", "guardian", path) for path in ("/", "OWN", "LOOKED", "CONSENT", "/rights/", "REQUEST", "QUESTION")),
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
