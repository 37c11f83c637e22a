"""Ways through the pages that several tests go: signing in, connecting the school, sharing, stopping."""

import io
import re
import zipfile
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, expect

from terakoya.node.demo import Demo
from terakoya.node.federation import Node

WITHIN = 60_000  # milliseconds for what the nodes do among themselves
SUBMIT = "main form button[type=submit]"


@dataclass(frozen=True)
class Shared:
    """Addresses at the family's store: the child's page and the agreement with the cram school."""

    child: str
    receipt: str


def new_context(browser: Browser, language: str = "ja", width: int = 1366, height: int = 768) -> BrowserContext:
    """A browser of somebody who reads this language, as far as a browser can say so."""
    locale = "en-GB" if language == "en" else "ja-JP"
    return browser.new_context(viewport={"width": width, "height": height}, locale=locale)


def sign_in(page: Page, node: Node, username: str, password: str) -> Page:
    """Sign in at a node; the page is then where the node leads."""
    page.goto(f"{node.url}/sign-in/")
    answer_sign_in(page, username, password)
    give_second_factor(page, node.url)
    return page


def give_second_factor(page: Page, url: str) -> None:
    """Staff give the second factor at once: a demo shows the code on the page. Others have none."""
    landed = page.url
    page.goto(f"{url}/second-factor/")
    if "/set-up/" not in page.url:
        page.click("form:has(#id_code) button[type=submit]")
        expect(page).not_to_have_url(re.compile("/second-factor/"))
    page.goto(landed)


def answer_sign_in(page: Page, username: str, password: str) -> None:
    """Fill in the form for signing in that is open now."""
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.click(SUBMIT)
    expect(page).not_to_have_url(re.compile("/sign-in/"))


def child_at_store(page: Page, demo: Demo, number: int = 0) -> str:
    """Address of a child's page at the store, elder child first, read from the family's first page."""
    page.goto(f"{demo.federation['pds'].url}/")
    href = page.locator("main .tk-card a[href*='/connect/'], main .tk-card a[href*='/share/']").nth(number)
    path = re.match(r"/children/[^/]+/", href.get_attribute("href") or "")
    assert path, "no child on the family's first page"
    return f"{demo.federation['pds'].url}{path[0]}"


def begin_connecting(page: Page, demo: Demo, child: str) -> None:
    """From the store to the city, up to its question about the pupil of the demo."""
    page.goto(f"{child}connect/")
    page.locator("input[name=holder]").first.check()
    page.click(SUBMIT)
    if "/sign-in/" in page.url:
        answer_sign_in(page, demo.town.cast["guardian"].username, demo.password)
    pupil = demo.town.cast["pupil"].person
    page.check(f"input[name=child][value='{pupil}']")
    page.click(SUBMIT)
    expect(page.locator("button[name=answer]").first).to_be_visible()


def connect_school(page: Page, demo: Demo, child: str) -> None:
    """Connect the school of the demo's pupil; returns when all records are there."""
    begin_connecting(page, demo, child)
    page.click("button[name=answer][value=yes]")
    expect(page).to_have_url(re.compile("/arriving/"))
    expect(page.locator("main .tk-card .tk-button--primary")).to_be_visible(timeout=WITHIN)


def invite(page: Page, demo: Demo) -> str:
    """The cram school's teacher invites the family of the demo's pupil; the code that stands on the slip."""
    page.goto(f"{juku_pupil(demo)}invite/")
    page.check("input[name=subjects][value=P030]")
    page.click(SUBMIT)
    return page.locator(".juku-code__value").inner_text()


def juku_pupil(demo: Demo) -> str:
    """Address of the demo's pupil at the cram school."""
    town = demo.town
    known = next(one for one in town.juku.pupils if one.of_town and one.of_town.uuid == town.cast["pupil"].person)
    return f"{demo.federation['juku'].url}/pupils/{known.uuid}/"


def begin_sharing(page: Page, child: str, code: str) -> None:
    """Enter the code of an invitation, up to the page that asks yes or no."""
    page.goto(f"{child}share/")
    page.locator("input[name=partner]").first.check()
    page.fill("input[name=code]", code)
    page.click(SUBMIT)
    expect(page.locator("button[name=answer]").first).to_be_visible()


def share(page: Page, child: str, code: str) -> Shared:
    """Hand the child's records on; returns when the cram school has them."""
    begin_sharing(page, child, code)
    for box in page.locator("main input[type=checkbox]:not(:checked)").all():
        box.check()
    page.click("button[name=answer][value=yes]")
    expect(page.locator("main .tk-notice--success")).to_be_visible(timeout=WITHIN)
    return Shared(child, page.url)


def withdraw(page: Page, shared: Shared) -> str:
    """Stop the sharing; returns the address of the deletion's page, once the cram school has confirmed."""
    page.goto(f"{shared.receipt}stop/")
    page.click(SUBMIT)
    expect(page.locator("main .tk-notice--success")).to_be_visible(timeout=WITHIN)
    return page.url


def import_wrong_package(page: Page, demo: Demo) -> str:
    """Upload a roster of the town with a wrong kind of class in it; the address of its findings."""
    good = next((demo.root / "town").glob("RO_*.zip"))
    wrong = io.BytesIO()
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(wrong, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content.replace(b"homeroom", b"homerom") if name == "classes.csv" else content)
    page.goto(f"{demo.federation['city'].url}/roster/imports/")
    package: FilePayload = {"name": good.name, "mimeType": "application/zip", "buffer": wrong.getvalue()}
    page.set_input_files("input[type=file]", package)
    page.click(SUBMIT)
    href = page.locator("main a[href$='/findings.csv']").first.get_attribute("href") or ""
    return f"{demo.federation['city'].url}{href.removesuffix('findings.csv')}"


def consent_at_city(page: Page, demo: Demo) -> str:
    """The page, at the city, of the consent by which the school was connected; the guardian is signed in there."""
    city = demo.federation["city"].url
    page.goto(f"{city}/consents/")
    href = page.locator("main a[href^='/consents/']").first.get_attribute("href")
    return f"{city}{href}"


def ask_as_pupil(page: Page, demo: Demo, consent: str) -> None:
    """The pupil of the demo has a question about an agreement, which brings it to the clerk."""
    sign_in(page, demo.federation["city"], demo.town.cast["pupil"].username, demo.password)
    page.goto(f"{consent}answer/")
    page.click("button[name=says][value=ask]")
