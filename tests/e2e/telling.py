"""Who is in the story and how it is told: people at browsers of their own, where nothing has happened yet."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Browser, Page, expect

from terakoya.demo_town.api import Guardian, Pupil
from terakoya.kit import clock
from terakoya.node.demo import Demo

from . import journeys
from .visitor import Family, Visitor, form_of, open_store

SECONDS = 1000
MINUTE = 60 * SECONDS
PUPILS = 120
AGREE, DISAGREE = "同意する", "同意しない"


@dataclass
class Reader:
    """A person at a browser of their own, with everything that the browser complained about."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self, own_hosts: set[str]) -> "Reader":
        """Note console errors, violations of the content policy, and requests to hosts outside the federation."""
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda fault: self.complaints.append(str(fault)))
        self.page.on(
            "request",
            lambda asked: (
                None
                if httpx.URL(asked.url).netloc.decode() in own_hosts or asked.url.startswith("data:")
                else self.complaints.append(f"request to {asked.url}")
            ),
        )
        self.page.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('CSP ' + e.violatedDirective))"
        )
        return self

    def sign_in(self, url: str, username: str, password: str) -> None:
        self.page.goto(f"{url}/sign-in/")
        self.fill_sign_in(username, password)
        journeys.give_second_factor(self.page, url)

    def fill_sign_in(self, username: str, password: str) -> None:
        self.page.get_by_label("ログイン").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.get_by_role("main").get_by_role("button").click()
        expect(self.page).not_to_have_url(re.compile("/sign-in/"))


class Story:
    """What the steps share: the federation, its people, and what they have learned on the way."""

    def __init__(self, demo: Demo, browser: Browser) -> None:
        self.demo, self.browser = demo, browser
        self.city, self.pds, self.juku, self.nation = (
            demo.federation[kind] for kind in ("city", "pds", "juku", "nation")
        )
        self.cast = demo.town.cast
        self.child = next(one for one in demo.town.pupils if one.username == self.cast["pupil"].username)
        self.hosts = {f"127.0.0.1:{node.port}" for node in demo.federation.nodes.values()}
        self.readers: dict[str, Reader] = {}
        self.code = ""

    def reader(self, name: str) -> Reader:
        """The reader of this name; a new one starts with an empty browser."""
        if name not in self.readers:
            context = self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="ja-JP")
            context.set_default_timeout(10 * SECONDS)
            self.readers[name] = Reader(context.new_page()).watch(self.hosts)
        return self.readers[name]

    def at(self, name: str, url: str, role: str) -> Page:
        """The page of one of the cast, signed in at a node."""
        return self.signed_in(name, url, self.cast[role].username)

    def signed_in(self, name: str, url: str, username: str) -> Page:
        """The page of somebody signed in at a node."""
        fresh = name not in self.readers
        reader = self.reader(name)
        if fresh:
            reader.sign_in(url, username, self.demo.password)
        return reader.page

    def close(self) -> None:
        for reader in self.readers.values():
            reader.page.context.close()

    def spare_child(self, fits: Callable[[Pupil], bool]) -> Pupil:
        """The youngest child outside the cast that fits, and from whose guardians nothing is hidden."""
        known = {login.username for login in self.cast.values()}
        free = [one for one in self.demo.town.pupils if one.username not in known and not one.hidden_from]
        return max(filter(fits, free), key=lambda one: one.birth_date or clock.today())

    def open_family(self, child: Pupil, guardian: Guardian) -> Family:
        """A guardian opens a store for a child; guardian and child can sign in at the city from now on."""
        password = self.demo.password
        self.city.command("passwords", "-", text=f"{guardian.username},{password}\n{child.username},{password}\n")
        login = {"name": guardian.display_name, "username": guardian.username, "password": password}
        visitor = Visitor()
        (key,) = open_store(visitor, self.pds, login, [form_of(child)])
        return Family(self.city, self.pds, guardian.username, password, str(child.uuid), key, visitor)

    def family(self) -> Page:
        return self.at("guardian", self.pds.url, "guardian")

    def open_child(self) -> Page:
        """The child's own page at the store, opened from the family's first page."""
        page = self.family()
        page.goto(self.pds.url)
        page.locator(f"a[href*='/children/']:has-text('{self.child.display_given}')").first.click()
        expect(page.locator("h1")).to_contain_text(self.child.display_given)
        return page

    def child_path(self) -> str:
        """Address of the child's page at the store."""
        page = self.family()
        page.goto(self.pds.url)
        card = page.locator("section, article, li").filter(has_text=self.child.display_given)
        href = card.locator("a[href*='/children/']").first.get_attribute("href") or ""
        return re.match(r"/children/[^/]+/", href)[0]  # type: ignore[index]

    def withdraw(self) -> None:
        """Stop the sharing with the cram school in two clicks from the list."""
        page = self.family()
        page.goto(f"{self.pds.url}{self.child_path()}sharing/")
        shared = page.locator(".tk-card").filter(has_text=self.juku.name)
        shared.get_by_role("link", name="やめる").click()
        page.get_by_role("button", name=re.compile("^はい")).click()

    def share(self, code: str) -> None:
        """Hand records on to the cram school by its code, up to the receipt."""
        page = self.family()
        page.goto(f"{self.pds.url}{self.child_path()}share/")
        page.get_by_label(self.juku.name).check()
        page.get_by_label("招待コード").fill(code)
        page.get_by_role("main").get_by_role("button").click()
        expect(page.locator("h1")).to_contain_text(self.juku.name)
        for box in page.locator("main input[type=checkbox]:not(:checked)").all():
            box.check()
        page.get_by_role("button", name=AGREE, exact=True).click()

    def invite(self) -> str:
        """The cram school's teacher makes an invitation: mathematics of two terms; the code on its slip."""
        page = self.at("juku", self.juku.url, "juku_teacher")
        page.goto(self.juku.url)
        name = next(one for one in self.demo.town.juku.pupils if one.of_town is self.child).display_name
        page.get_by_role("link", name=re.compile(f"^{name}")).first.click()
        page.get_by_role("link", name=re.compile("招待")).first.click()
        page.get_by_label("算数").check()
        page.get_by_role("main").get_by_role("button").click()
        return page.locator(".juku-code__value").inner_text()

    def accesses(self) -> str:
        """The text of 'who looked at my data' at the store."""
        page = self.family()
        page.goto(f"{self.pds.url}{self.child_path()}accesses/")
        return page.get_by_role("main").inner_text()
