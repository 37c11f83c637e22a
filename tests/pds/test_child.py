from django.test import Client

from terakoya.access import api as access
from terakoya.pds.learned import Unit

from .conftest import Family, learned


def test_the_page_of_an_empty_store_says_how_records_come(family: Family) -> None:
    assert "Connect the school" in family.get("").content.decode()


def test_the_page_shows_what_was_learned_with_its_giver(family: Family) -> None:
    learned(family.child, 3)
    page = family.get("").content.decode()
    assert "80%" in page
    assert "3 records" in page


def test_guardian_and_child_see_the_same_records_under_their_own_title(family: Family) -> None:
    learned(family.child)
    page = family.childs_browser.get(f"/children/{family.child.person}/").content.decode()
    assert "Welcome back" in page
    assert "80%" in page
    assert "Share</span>" not in page


def test_each_look_is_one_line_in_the_log(family: Family) -> None:
    family.get("")
    family.childs_browser.get(f"/children/{family.child.person}/")
    lines = access.accesses_of(family.child.person)
    assert [(line.what, line.role) for line in lines] == [("own_page", "self"), ("child_page", "guardian")]


def test_a_stranger_leaves_no_line(family: Family) -> None:
    family.strangers_browser.get(f"/children/{family.child.person}/")
    assert access.accesses_of(family.child.person) == []


def test_names_of_units_carry_readings_where_japanese_is_read(family: Family) -> None:
    learned(family.child)
    browser = Client(headers={"Accept-Language": "ja"})
    browser.force_login(family.guardian)
    assert "<ruby>" in browser.get(f"/children/{family.child.person}/").content.decode()


def test_home_counts_records_without_opening_them(family: Family) -> None:
    learned(family.child, 4)
    assert "4 records" in family.browser.get("/").content.decode()
    assert access.accesses_of(family.child.person) == []


def test_kind_words_follow_the_mean() -> None:
    assert [Unit("", percent, 1).word for percent in (80, 79, 60, 59)] == ["well", "nearly", "nearly", "on_the_way"]
