import re

import pytest
from django.urls import reverse

from tests.access.school import School

from .conftest import Open


def test_visitor_reads_what_this_place_is(db: None, open_page: Open) -> None:
    page = open_page(None, "home").content.decode()
    assert "The family decides who else may see them." in page
    assert reverse("sign-in") in page and reverse("access.matrix") in page and reverse("catalog.own") in page


def test_teacher_finds_the_classes_of_today(school: School, open_page: Open) -> None:
    page = open_page(school.teacher, "home").content.decode()
    assert reverse("portal.school_class", args=[school.homeroom.uuid]) in page and "理科5-2" not in page


def test_head_finds_the_homerooms_of_the_own_school(school: School, open_page: Open) -> None:
    page = open_page(school.head, "home").content.decode()
    assert "5年2組" in page and "1年1組" not in page


def test_guardian_finds_the_own_children_only(school: School, open_page: Open) -> None:
    page = open_page(school.guardian, "home").content.decode()
    assert reverse("portal.child", args=[school.pupils[0]]) in page and "井上" not in page
    assert reverse("access.accesses", args=[school.pupils[0]]) in page and reverse("access.consents") in page


@pytest.mark.parametrize("page", ["home", "portal.child"])
def test_guardian_from_whom_the_address_is_hidden_reads_neither_school_nor_class(
    school: School, open_page: Open, page: str
) -> None:
    about = school.pupils[:1] if page == "portal.child" else []
    other = open_page(school.guardian, page, *about).content.decode()
    hidden = open_page(school.second_guardian, page, *about).content.decode()
    assert "一小" in other and "5年2組" in other and "秋山" in hidden
    assert "一小" not in hidden and "5年2組" not in hidden


def test_pupil_finds_the_own_records_with_readings(school: School, open_page: Open) -> None:
    page = open_page(school.pupil, "home", language="ja").content.decode()
    assert reverse("portal.child", args=[school.pupils[0]]) in page and "<rt>あきやま</rt>" in page


def test_clerk_finds_the_imports_and_no_names_of_people(school: School, open_page: Open) -> None:
    page = open_page(school.clerk, "home").content.decode()
    assert reverse("roster.imports") in page and "一小" in page and "秋山" not in page


@pytest.mark.parametrize("who", ["teacher", "head", "guardian", "pupil", "clerk"])
def test_first_page_has_one_heading(school: School, open_page: Open, who: str) -> None:
    assert len(re.findall("<h1", open_page(getattr(school, who), "home").content.decode())) == 1


@pytest.mark.parametrize("who", ["teacher", "guardian", "pupil", "clerk"])
def test_english_first_page_names_no_japanese_but_names(school: School, open_page: Open, who: str) -> None:
    main = open_page(getattr(school, who), "home").content.decode().split("<main", 1)[1].split("</main", 1)[0]
    for name in ("秋山", "一", "二", "5年2組", "小", "姓", "職員"):
        main = main.replace(name, "")
    assert re.findall("[\u3040-\u30ff\u3400-\u9fff]+", main) == []
