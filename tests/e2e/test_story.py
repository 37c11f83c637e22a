"""The whole story in a browser, step by step, over four running nodes, in Japanese as families read it.

The steps follow one another: a step that fails makes those after it fail too.
"""

import re
from uuid import uuid4

from playwright.sync_api import expect

from .telling import AGREE, DISAGREE, MINUTE, SECONDS, Story


def test_1_a_teacher_sees_the_class_and_a_pupils_records_and_why(story: Story) -> None:
    page = story.at("teacher", story.city.url, "teacher")
    page.locator("main .tk-card").filter(has_text="5年2組").get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("5年2組")
    page.locator("main table").get_by_role("link", name=story.child.display_name).click()
    expect(page.locator("h1")).to_contain_text(story.child.display_name)
    expect(page.get_by_role("main")).to_contain_text("なぜ見られるのですか")
    expect(page.get_by_role("main")).to_contain_text("5年2組の担任として")
    expect(page.locator("main li").first).to_be_visible()


def test_1_to_a_teacher_of_another_school_the_pupil_is_as_unknown_as_nobody(story: Story) -> None:
    address = story.at("teacher", story.city.url, "teacher").url
    page = story.at("other teacher", story.city.url, "other_teacher")
    told = []
    for person in (f"{story.city.url}/pupils/{uuid4()}/", address):
        answer = page.goto(person)
        told.append((answer and answer.status, page.get_by_role("main").inner_text()))
    assert told[0] == told[1]
    assert told[1][0] == 404
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
