"""The whole story in a browser, step by step, over four running nodes, in Japanese as families read it.

The steps follow one another: a step that fails makes those after it fail too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from terakoya.node.demo import Demo
from tests.e2e import journeys
from tests.e2e.conftest import running

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
        """The page of somebody signed in at a node."""
        fresh = name not in self.readers
        reader = self.reader(name)
        if fresh:
            reader.sign_in(url, self.cast[role].username, self.demo.password)
        return reader.page

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


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Story]:
    """The story begins in a federation where nothing has happened yet."""
    with running(tmp_path_factory.mktemp("story"), PUPILS) as demo:
        told = Story(demo, browser)
        yield told
    complaints = {name: reader.complaints for name, reader in told.readers.items() if reader.complaints}
    assert not complaints, f"the browsers complained: {complaints}"


def test_1_a_teacher_sees_the_class_and_a_pupils_records_and_why(story: Story) -> None:
    page = story.at("teacher", story.city.url, "teacher")
    page.locator("main .tk-card").filter(has_text="5年2組").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("5年2組")
    page.locator("main table").get_by_role("link", name=story.child.display_name).click()
    expect(page.locator("h1")).to_contain_text(story.child.display_name)
    expect(page.get_by_role("main")).to_contain_text("なぜ見られるのですか")
    expect(page.get_by_role("main")).to_contain_text("5年2組の担任として")
    expect(page.locator("main li").first).to_be_visible()


def test_1_a_teacher_of_another_school_is_refused_with_the_reason(story: Story) -> None:
    address = story.at("teacher", story.city.url, "teacher").url
    page = story.at("other teacher", story.city.url, "other_teacher")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 403
    assert story.child.display_given not in page.content()
    story.readers["other teacher"].complaints.clear()  # the browser notes the refusal itself


def test_2_a_guardian_says_no_at_first_and_nothing_is_sent(story: Story) -> None:
    page = story.family()
    path = story.child_path()
    page.goto(f"{story.pds.url}{path}connect/")
    page.get_by_label(story.city.name).check()
    page.get_by_role("main").get_by_role("button").click()
    expect(page).to_have_url(re.compile(f"^{story.city.url}/sign-in/"))
    story.reader("guardian").fill_sign_in(story.cast["guardian"].username, story.demo.password)
    page.get_by_label(story.child.display_name).check()
    page.get_by_role("main").get_by_role("button").click()
    for words in (
        "学習の記録",
        story.pds.name,
        "いつまで",
        "断ったとき" if "断ったとき" in page.content() else "同意しない",
    ):
        expect(page.get_by_role("main")).to_contain_text(words)
    page.get_by_role("button", name=DISAGREE).click()
    expect(page).to_have_url(re.compile(f"^{story.pds.url}/"))
    page.goto(f"{story.pds.url}{path}arriving/")
    expect(page.locator(".tk-bar")).to_have_count(0)


def test_2_then_the_guardian_agrees_and_the_records_arrive(story: Story) -> None:
    page = story.family()
    page.goto(f"{story.pds.url}{story.child_path()}connect/")
    page.get_by_label(story.city.name).check()
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_label(story.child.display_name).check()
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("button", name=AGREE, exact=True).click()
    expect(page).to_have_url(re.compile(f"^{story.pds.url}/children/.*/arriving/"))
    page.get_by_role("link", name="記録を見る").click(timeout=MINUTE)
    expect(page.locator("h1")).to_contain_text(story.child.display_given)
    expect(page.get_by_role("main")).to_contain_text("算数")
    expect(page.locator("main ruby").first).to_be_visible()


def test_3_the_cram_school_sees_exactly_what_was_shared(story: Story) -> None:
    code = story.invite()
    story.share(code)
    page = story.family()
    expect(page.get_by_role("main")).to_contain_text(story.juku.name)
    expect(page.get_by_role("main")).to_contain_text("届きました", timeout=MINUTE)
    teacher = story.at("juku", story.juku.url, "juku_teacher")
    teacher.goto(story.juku.url)
    shared = teacher.locator("main tbody tr").filter(has_text=story.child.display_given)
    number = int(shared.locator(".tk-number").inner_text())
    assert number > 0
    assert teacher.locator("main tbody .tk-number", has_text=re.compile(r"\d")).count() == 1
    shared.get_by_role("link").first.click()
    expect(teacher.get_by_role("main")).to_contain_text("算数")
    for other in ("国語", "理科", "外国語"):
        expect(teacher.get_by_role("main")).not_to_contain_text(other)


def test_3_the_other_teacher_of_the_cram_school_sees_nothing(story: Story) -> None:
    address = story.at("juku", story.juku.url, "juku_teacher").url
    page = story.at("other juku teacher", story.juku.url, "other_juku_teacher")
    answer = page.goto(address)
    assert answer is not None
    assert answer.status in (403, 404)
    story.readers["other juku teacher"].complaints.clear()


def test_4_the_family_reads_who_looked_at_all_three_nodes(story: Story) -> None:
    seen = story.accesses()
    for words in (story.city.name, story.pds.name, story.juku.name, "担任", "授業"):
        assert words in seen, f"{words} is missing in: {seen}"


def test_4_the_city_shows_the_same_to_the_guardian(story: Story) -> None:
    page = story.at("guardian at the city", story.city.url, "guardian")
    page.goto(f"{story.city.url}/accesses/{story.child.uuid}/")
    expect(page.get_by_role("main")).to_contain_text("担任")
    expect(page.get_by_role("main")).to_contain_text(story.pds.name)


def test_5_withdrawn_while_the_cram_school_is_away_it_is_not_confirmed_yet(story: Story) -> None:
    teacher = story.at("juku", story.juku.url, "juku_teacher")
    story.juku.kill()
    story.withdraw()
    page = story.family()
    expect(page.get_by_role("main")).to_contain_text("確認")
    expect(page.get_by_role("main")).to_contain_text("まだ")
    story.juku.start()
    story.juku.wait()
    expect(page.get_by_role("main")).to_contain_text("削除されました", timeout=MINUTE)
    teacher.reload()
    expect(teacher.get_by_role("main")).not_to_contain_text("%")


def test_5_the_family_sees_the_receipt_of_the_deletion(story: Story) -> None:
    page = story.family()
    page.goto(f"{story.pds.url}{story.child_path()}sharing/")
    page.locator("a[href$='/deletion/']").first.click()
    expect(page.get_by_role("main")).to_contain_text("SHA-256")
    expect(page.locator("main .tk-tag--success").first).to_be_visible()


def test_5_the_cram_school_is_refused_from_that_moment(story: Story) -> None:
    story.share(story.invite())
    page = story.family()
    expect(page.get_by_role("main")).to_contain_text("届きました", timeout=MINUTE)
    story.withdraw()
    expect(page.get_by_role("main")).to_contain_text("削除されました", timeout=MINUTE)
    teacher = story.at("juku", story.juku.url, "juku_teacher")
    teacher.goto(story.juku.url)
    expect(teacher.locator("main tbody .tk-number", has_text=re.compile(r"\d"))).to_have_count(0)


def test_6_the_nation_shows_the_catalog_and_one_statistic_with_small_cells_hidden(story: Story) -> None:
    page = story.reader("visitor").page
    for _ in range(40):
        page.goto(story.nation.url)
        if "非表示" in page.content():
            break
        page.wait_for_timeout(2 * SECONDS)
    main = page.get_by_role("main")
    for words in (story.city.name, story.pds.name, story.juku.name, "OneRoster 1.2", "xAPI 2.0", "非表示"):
        expect(main).to_contain_text(words)
