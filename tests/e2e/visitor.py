"""A person at a browser without scripts: fills in forms, follows where they lead, and tries again what failed."""

import re
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx

from terakoya.demo_town.api import Pupil
from terakoya.kit import clock
from terakoya.node.demo import grade_number
from terakoya.node.federation import Node

PATIENCE_SECONDS = 120
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
NOTICE = re.compile('name="notice" value="([^"]+)"')
CHILD = re.compile(r"/children/([0-9a-f-]{36})/")
SHOWN_CODE = re.compile(r'name="code" id="id_code" value="(\d{6})"')
LEADS_TO = re.compile(r'name="next" value="([^"]*)"')
CODE = re.compile(r'juku-code__value"><strong>([^<]+)<')


class GaveUp(AssertionError):
    """A node did not answer for so long that a person would have gone home."""


@dataclass
class Visitor:
    """One browser; its cookies are those of all nodes that it has visited."""

    client: httpx.Client = field(
        default_factory=lambda: httpx.Client(timeout=20, trust_env=False, headers={"Accept-Language": "en"})
    )

    def open(self, url: str) -> httpx.Response:
        """Go to a page; reload while the node is away."""
        return self._walk("GET", url)

    def press(self, page: httpx.Response, fields: dict[str, str | list[str]]) -> httpx.Response:
        """Send the form of a page back to where it came from; press again while the node is away."""
        token = TOKEN.search(page.text)
        assert token, f"no form on {page.url}: {page.status_code} {heading(page)}"
        shown = NOTICE.search(page.text)  # what was read travels with the answer
        read = {"notice": shown[1]} if shown else {}
        return self._walk("POST", str(page.url), {**fields, **read, "csrfmiddlewaretoken": token[1]})

    def _walk(self, method: str, url: str, fields: dict[str, str | list[str]] | None = None) -> httpx.Response:
        """Send a request and follow redirects; each of them is repeated by itself, as a reload does."""
        answer = self._send(method, url, fields)
        while answer.is_redirect:
            answer = self._send("GET", urljoin(str(answer.url), answer.headers["Location"]))
        return answer

    def _send(self, method: str, url: str, fields: dict[str, str | list[str]] | None = None) -> httpx.Response:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                answer = self.client.request(method, url, data=fields)
            except httpx.TransportError as fault:
                seen = type(fault).__name__
            else:
                if answer.status_code < 500:
                    return answer
                seen = str(answer.status_code)
            if time.monotonic() > until:
                raise GaveUp(f"{method} {urlsplit(url).path}: {seen}")
            time.sleep(0.3)


def heading(page: httpx.Response) -> str:
    """The h1 of a page, for messages."""
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.S)
    return re.sub(r"<[^>]+>|\s+", " ", found[1]).strip() if found else ""


def sign_in(visitor: Visitor, page: httpx.Response, username: str, password: str) -> httpx.Response:
    """Fill in the form for signing in, if that is where the visitor has been led."""
    if "/sign-in/" not in page.url.path:
        return page
    page = visitor.press(page, {"username": username, "password": password})
    assert "/sign-in/" not in page.url.path, f"{username} cannot sign in"
    return give_second_factor(visitor, page)


def give_second_factor(visitor: Visitor, page: httpx.Response) -> httpx.Response:
    """Send the code that the page of a demo shows, if that is where the visitor has been led."""
    if page.url.path == "/second-factor/" and (shown := SHOWN_CODE.search(page.text)):
        onward = LEADS_TO.search(page.text)
        page = visitor.press(page, {"code": shown[1], "next": unescape(onward[1]) if onward else "/"})
    return page


def open_store(visitor: Visitor, pds: Node, guardian: dict[str, str], children: list[dict[str, str]]) -> list[str]:
    """Sign a guardian up at the store and add children; the children's keys there, in the order of the list."""
    page = visitor.press(visitor.open(f"{pds.url}/sign-up/"), {**guardian, "adult": "on"})
    assert page.url.path == "/", f"{guardian['username']} was not signed up: {heading(page)}"
    keys: list[str] = []
    for child in children:
        page = visitor.press(visitor.open(f"{pds.url}/children/new/"), dict(child))
        assert page.url.path == "/", f"the child was not added: {heading(page)}"
        keys += [key for key in dict.fromkeys(CHILD.findall(page.text)) if key not in keys]
    return keys


def form_of(child: Pupil) -> dict[str, str]:
    """What a guardian fills in about a child of the town, to add it to a store."""
    return {
        "name": child.display_name,
        "kana": child.kana_name,
        "grade": str(grade_number(child.grade)),
        "birth_date": str(child.birth_date),
    }


def age(child: Pupil) -> int:
    """Full years of life today."""
    today, birth = clock.today(), child.birth_date
    assert birth is not None, "the town knows all birthdays"
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


@dataclass
class Family:
    """A guardian with one child, as they are known at the city and at the store; ``visitor`` is their browser."""

    city: Node
    pds: Node
    username: str
    password: str
    pupil: str  # key of the child at the city
    child: str  # key of the child at the store
    visitor: Visitor

    def page(self, part: str) -> httpx.Response:
        return self.visitor.open(f"{self.pds.url}/children/{self.child}/{part}")

    def connect(self) -> None:
        """From the store to the city, yes, and back; begun anew until the store lists the agreement."""
        while not self.agreements("comes in"):
            self.answer_at_city("yes")

    def answer_at_city(self, answer: str) -> None:
        """From the store to the city, and there yes or no, once."""
        page = self.visitor.press(self.page("connect/"), {"holder": self.city.url})
        page = sign_in(self.visitor, page, self.username, self.password)
        if page.url.path == "/authorise/":
            asked = self.visitor.open(str(page.url.copy_merge_params({"child": self.pupil})))
            self.visitor.press(asked, {"child": self.pupil, "answer": answer})

    def share(self, juku: Node, code: str, subjects: list[str]) -> None:
        """Hand records of some subjects on by an invitation code; begun anew until the store lists the agreement."""
        while not self.agreements("goes out"):
            page = self.visitor.press(self.page("share/"), {"partner": juku.url, "code": code})
            if page.url.path.endswith("/review/"):
                self.visitor.press(page, {"subjects": subjects, "answer": "yes"})

    def withdraw(self) -> None:
        """Stop what goes out; pressed again until the store lists none of it as living."""
        while living := self.agreements("goes out"):
            self.visitor.press(self.page(f"sharing/{living[0]}/stop/"), {})

    def agreements(self, way: str) -> list[str]:
        """Numbers of the living agreements by which records come in or go out, as the store lists them."""
        cards = [card for card in self.page("sharing/").text.split('<section class="tk-card">') if way in card]
        return [found[1] for card in cards if (found := re.search(r"/sharing/([0-9a-f-]{36})/stop/", card))]


def invite(visitor: Visitor, juku: Node, teacher: tuple[str, str], pupil: object, subjects: list[str]) -> str:
    """A cram school's teacher invites the family of a pupil, for two terms; the code on the slip."""
    page = sign_in(visitor, visitor.open(f"{juku.url}/pupils/{pupil}/invite/"), *teacher)
    since = re.search(r'<option value="([^"]+)" selected', page.text) or re.search(
        r'value="([^"]+)" checked', page.text
    )
    assert since, f"no terms on {page.url}"
    slip = visitor.press(page, {"subjects": subjects, "since": since[1]})
    code = CODE.search(slip.text)
    assert code, f"no code on {slip.url}: {heading(slip)}"
    return code[1]
