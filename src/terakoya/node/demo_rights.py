"""What the demo's family asks of the city, and what the clerk has answered already: by the same pages as anybody."""

import re
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from terakoya.kit import clock
from terakoya.node.federation import FederationError

SAID: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
HIDDEN = r'name="{}"[^>]*value="([^"]*)"'


class Visitor:
    """A browser without JavaScript at one node, in which somebody is signed in; staff give the code that is shown."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.browser = httpx.Client(base_url=url, follow_redirects=True, headers={"Accept-Language": "en"})
        self.send("/sign-in/", username=username, password=password)

    def close(self) -> None:
        self.browser.close()

    def open(self, path: str) -> httpx.Response:
        """The page of a path; where a second factor is asked for, the one that the demo shows is given first."""
        page = self.browser.get(path).raise_for_status()
        if page.url.path.startswith("/second-factor/"):
            code = _value(page, "code")
            page = self._post(page, code=code, next=path)
            page = self.browser.get(path).raise_for_status()
        return page

    def send(self, path: str, **fields: str | list[str]) -> httpx.Response:
        """Fill in the form of a page; what stands hidden in it goes along. Raises when the page asks again."""
        page = self.open(path)
        number = _value(page, "number")
        return self._post(page, **({"number": number} if number else {}), **fields)

    def _post(self, page: httpx.Response, **fields: str | list[str]) -> httpx.Response:
        token = next(value for name, value in self.browser.cookies.items() if name.endswith("_csrf"))
        answer = self.browser.post(str(page.url), data={**fields, "csrfmiddlewaretoken": token})
        if answer.status_code >= 400:
            raise FederationError(f"{page.url} did not take what was filled in")
        return answer


def ask(guardian: Visitor, kind: str, person: UUID, categories: str | list[str], **words: str) -> str:
    """Ask for something, page by page; the address of the request at the desk."""
    guardian.open(f"/rights/new/{kind}/")
    for step, said in (("who", {"person": str(person)}), ("what", {"categories": categories}), ("words", words)):
        if said:
            guardian.send(f"/rights/new/{kind}/{step}/", **said)
    asked = guardian.send(f"/rights/new/{kind}/check/")
    return f"/rights/desk/requests/{asked.url.path.split('/')[3]}/"


def question(guardian: Visitor, person: UUID, text: str) -> str:
    """Ask about the first look of all, which was the teacher's; the address of the question at the desk."""
    lines = guardian.open(f"/accesses/{person}/").text
    found = re.findall(r'href="(/rights/questions/about/[^"]+)"', lines)
    if not found:
        raise FederationError("nobody has looked yet: there is nothing to ask about")
    asked = guardian.send(found[-1], text=text)
    return f"/rights/desk/questions/{asked.url.path.split('/')[3]}/"


def fill(url: str, people: dict[str, str], password: str, child: UUID | None) -> str:
    """A request that waits, one that is answered, an answered question and a register; ``people``: names by role."""
    if child is None:
        raise FederationError("the town's pupil is nobody of its roster")
    with (
        closing(Visitor(url, people["guardian"], password)) as guardian,
        closing(Visitor(url, people["clerk"], password)) as clerk,
        closing(Visitor(url, people["teacher"], password)) as teacher,
    ):
        teacher.open(f"/pupils/{child}/")
        answered = ask(guardian, "disclosure", child, ["all"])
        clerk.send(answered, step="checking")
        clerk.send(answered, step="decide", decision="granted")
        ask(guardian, "correction", child, "subject.contact", **SAID["correction"])
        asked = question(guardian, child, SAID["question"]["asked"])
        clerk.send(asked, text=SAID["question"]["answered"])
        _entrust(clerk)
    return "a request waits at the desk, one is answered, and so is a question about an access"


def _entrust(clerk: Visitor) -> None:
    begins = f"{clock.school_year(clock.today())}-04-01"
    for entrusted in SAID["entrustments"]:
        clerk.send("/registers/entrustments/new/", **entrusted, begins=begins)
    first = re.search(r'href="(/registers/entrustments/[0-9a-f-]{36}/)"', clerk.open("/registers/entrustments/").text)
    if first:
        said = {"audit-day": clock.today().isoformat(), "audit-finding": SAID["audit"]["finding"]}
        clerk.send(first[1], step="audit", **said)


def _value(page: httpx.Response, name: str) -> str:
    found = re.search(HIDDEN.format(name), page.text)
    return found[1] if found else ""
