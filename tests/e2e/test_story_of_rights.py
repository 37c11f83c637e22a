"""The story goes on: who must say yes, who may ask for what, and who watches over the log; in Japanese.

In the federation of ``test_story``; each chapter (7 to 13) stands for itself, its steps follow one another.
"""

import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from terakoya.node.federation import Node

from . import databases, journeys
from .databases import arrived, until
from .operating import said
from .telling import MINUTE, SECONDS, Story
from .visitor import Family, age

YES = "button[name=says][value=yes]"
PDF_PAGE = re.compile(rb"/Type\s*/Page\b")


def consent_of(family: Family) -> str:
    """The number of the newest agreement about a family's child at the city."""
    sql = "SELECT uuid FROM access_consent WHERE subject = ? ORDER BY id DESC"
    return str(UUID(databases.value(family.city, sql, UUID(family.pupil))))


@pytest.fixture(scope="module")
def grown(story: Story) -> Family:
    """The family of a child of twelve, whose guardian has connected the school."""
    child = story.spare_child(lambda one: age(one) >= 12)
    assert age(child) == 12
    family = story.open_family(child, child.guardians[0])
    family.connect()
    return family


@pytest.fixture(scope="module")
def divided(story: Story) -> tuple[Family, Family]:
    """Two guardians of one child with a store each; the first has connected the school, and the records are there."""
    child = story.spare_child(lambda one: age(one) < 12 and len(one.guardians) > 1)
    first, second = (story.open_family(child, guardian) for guardian in child.guardians)
    first.connect()
    until(lambda: arrived(first.pds, first.child), "the first guardian's store has the records")
    return first, second


@pytest.fixture(scope="module")
def connected(story: Story) -> str:
    """Address of the child of the story at its store, which is connected to the school."""
    address = f"{story.pds.url}{story.child_path()}"
    page = story.family()
    page.goto(f"{address}sharing/")
    if not page.locator("main .tk-card").filter(has_text=story.city.name).count():
        journeys.connect_school(page, story.demo, address)
    return address


def child_of(story: Story, family: Family) -> Page:
    """The child's own browser, signed in at the city."""
    child = next(one for one in story.demo.town.pupils if str(one.uuid) == family.pupil)
    return story.signed_in(child.username, story.city.url, child.username)


def test_7_what_a_guardian_agreed_to_waits_for_the_yes_of_a_child_of_twelve(story: Story, grown: Family) -> None:
    page = child_of(story, grown)
    page.goto(f"{story.city.url}/consents/{consent_of(grown)}/answer/")
    expect(page.get_by_role("main")).to_contain_text(story.pds.name)
    expect(page.locator(YES)).to_be_visible()
    assert not databases.records(story.pds, grown.child)


def test_7_the_childs_yes_starts_the_transfer(story: Story, grown: Family) -> None:
    page = child_of(story, grown)
    page.goto(f"{story.city.url}/consents/{consent_of(grown)}/answer/")
    page.locator(YES).click()
    expect(page.locator(YES)).to_have_count(0)
    until(lambda: arrived(story.pds, grown.child), "the records are at the store")
    assert databases.records(story.pds, grown.child) == databases.records(story.city, grown.pupil)


def test_8_a_second_guardians_no_pauses_what_the_first_agreed_to(story: Story, divided: tuple[Family, Family]) -> None:
    first, second = divided
    number = consent_of(first)
    second.answer_at_city("no")
    page = story.signed_in(first.username, story.city.url, first.username)
    page.goto(f"{story.city.url}/consents/{number}/")
    expect(page.get_by_role("main")).to_contain_text("休止中")


def test_8_the_clerk_sees_that_two_guardians_disagree_and_who_said_what(
    story: Story, divided: tuple[Family, Family]
) -> None:
    child = next(one for one in story.demo.town.pupils if str(one.uuid) == divided[0].pupil)
    page = story.at("clerk", story.city.url, "clerk")
    page.goto(f"{story.city.url}/disagreements/")
    case = page.locator("main li").filter(has_text=child.display_given)
    expect(case).to_contain_text("保護者の意見が違う")
    case.get_by_role("link").click()
    for guardian in child.guardians:
        expect(page.get_by_role("main")).to_contain_text(guardian.display_given)


@pytest.fixture(scope="module")
def disclosure(story: Story) -> str:
    """The path of a request for everything that the city keeps about the child of the story."""
    page = story.at("guardian at the city", story.city.url, "guardian")
    page.goto(f"{story.city.url}/rights/")
    page.locator("main a[href='/rights/new/disclosure/']").click()
    page.locator(f"input[name=person][value='{story.child.uuid}']").check()
    page.click(journeys.SUBMIT)
    page.locator("input[name=categories][value=all]").check()
    page.click(journeys.SUBMIT)
    page.click(journeys.SUBMIT)
    expect(page).to_have_url(re.compile("/rights/requests/"))
    return page.url.removeprefix(story.city.url)


def test_9_a_clerk_decides_a_request_for_disclosure(story: Story, disclosure: str) -> None:
    number = disclosure.split("/")[3]
    page = story.at("clerk", story.city.url, "clerk")
    page.goto(f"{story.city.url}/rights/desk/")
    page.locator(f"main a[href='/rights/desk/requests/{number}/']").click()
    page.locator("button[name=step][value=checking]").click()
    page.locator("input[name=decision][value=granted]").check()
    page.locator("button[name=step][value=decide]").click()
    expect(page.locator("button[name=step][value=decide]")).to_have_count(0)


def test_9_the_guardian_reads_what_is_kept_and_takes_it_home_as_a_file(story: Story, disclosure: str) -> None:
    page = story.at("guardian at the city", story.city.url, "guardian")
    page.goto(f"{story.city.url}{disclosure}")
    page.locator("main a[href$='/disclosed/']").click()
    expect(page.get_by_role("main")).to_contain_text(story.child.display_given)
    expect(page.get_by_role("main")).to_contain_text(story.child.address)
    answer = page.context.request.get(f"{story.city.url}{disclosure}disclosed.zip")
    with zipfile.ZipFile(io.BytesIO(answer.body())) as file:
        parts = {name: json.loads(file.read(name)) for name in file.namelist() if name.endswith(".json")}
    assert len(parts) > 3
    assert story.child.display_given in json.dumps(parts, ensure_ascii=False)


@pytest.fixture(scope="module")
def question(story: Story, connected: str) -> str:
    """Asked at the store, about a line of the city: the address of the question there."""
    page = story.family()
    page.goto(f"{connected}accesses/?from={quote(story.city.name)}")
    page.locator("main a[href*='/rights/questions/about/'][href*='at=']").first.click()
    page.locator("textarea[name=text]").fill("この日に見たのは、なぜですか。")
    page.click(journeys.SUBMIT)
    expect(page).to_have_url(re.compile(r"/rights/questions/[0-9a-f-]{36}/$"))
    return page.url


def test_10_a_question_at_the_store_reaches_the_citys_clerk(story: Story, question: str) -> None:
    page = story.at("clerk", story.city.url, "clerk")
    path = f"/rights/desk/questions/{question.split('/')[-2]}/"
    until(lambda: page.goto(f"{story.city.url}{path}").status == 200, "the question is at the city")  # type: ignore[union-attr]
    story.readers["clerk"].complaints.clear()  # the browser notes each look that came too early
    page.goto(f"{story.city.url}/rights/desk/")
    page.locator(f"main a[href='{path}']").click()
    expect(page.get_by_role("main")).to_contain_text("この日に見たのは")
    page.locator("textarea[name=text]").fill("担任が、算数の授業の準備のために見ました。")
    page.click(journeys.SUBMIT)
    expect(page).to_have_url(f"{story.city.url}/rights/desk/")


def test_10_the_answer_arrives_at_the_store(story: Story, question: str) -> None:
    page = story.family()

    def there() -> bool:
        page.goto(question)
        return "算数の授業の準備" in page.content()

    until(there, "the answer is at the store")


def test_11_the_receipt_of_a_consent_is_a_sheet_of_paper(story: Story, connected: str) -> None:
    page = story.at("guardian at the city", story.city.url, "guardian")
    page.goto(journeys.consent_at_city(page, story.demo))
    with page.expect_download() as waiting:
        page.locator("main a[href$='/receipt.pdf']").click()
    sheet = waiting.value.path().read_bytes()
    assert sheet.startswith(b"%PDF")
    assert len(PDF_PAGE.findall(sheet)) == 1


@pytest.mark.parametrize("kind", ["city", "pds", "juku", "nation"])
def test_12_each_log_is_confirmed_by_the_other_organisations(story: Story, kind: str) -> None:
    node = story.demo.federation[kind]
    page = story.reader("visitor").page

    def confirmed() -> bool:
        page.goto(f"{node.url}/log/")
        return page.locator("main .tk-notice--success").count() == 1

    until(confirmed, f"the log of the {kind} is confirmed", 2 * MINUTE / SECONDS)
    for other in {"city", "pds", "juku", "nation"} - {kind}:
        expect(page.get_by_role("main")).to_contain_text(story.demo.federation[other].name)


@contextmanager
def bent(node: Node) -> Iterator[int]:
    """One letter of one line in the database of a stopped node is another one, and then again what it was."""
    node.kill()
    with sqlite3.connect(node.folder / "node.sqlite3") as database:
        (index, body) = database.execute('SELECT "index", body FROM audit_logentry ORDER BY "index"').fetchone()
        change = 'UPDATE audit_logentry SET body = ? WHERE "index" = ?'
        database.execute(change, (body.replace("0", "1", 1), index))
        database.commit()
        yield index
        database.execute(change, (body, index))
    node.start(prepare=False)
    node.wait()


def test_13_a_changed_line_is_found(story: Story) -> None:
    with bent(story.juku) as line:
        assert re.search(rf"\b{line}\b", said(story.juku, "log", "verify"))
    assert "WRONG" not in said(story.juku, "log", "verify")
