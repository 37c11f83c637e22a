"""The list of who looked, page by page, and line by line."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from terakoya.access import api, lines, pages

from .school import School, make_school

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(rf) -> School:
    made = make_school()
    request = rf.get("/")
    request.user = made.teacher
    for _time in range(5):
        api.open_record(request, "activity.learning_school", "teaching", [made.pupils[0]], "pupil_records")
    return made


@pytest.fixture
def two_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "LINES_A_PAGE", 2)


def opened(client: Client, school: School, query: str = ""):
    client.force_login(school.guardian)
    return client.get(reverse("access.accesses", args=[school.pupils[0]]) + query)


def test_the_pages_together_are_the_whole_list_once(client: Client, school: School, two_a_page: None) -> None:
    seen, query = [], ""
    for _page in range(3):
        values = opened(client, school, query).context
        seen += [line.id for line in values["lines"]]
        query = values["older"]
    assert query == ""
    assert seen == [line.id for line in api.accesses_of(school.pupils[0])]


def test_the_first_page_leads_nowhere_newer(client: Client, school: School, two_a_page: None) -> None:
    assert opened(client, school).context["newest"] == ""
    assert opened(client, school, "?before=1").context["newest"] != ""


@pytest.mark.parametrize("place", ["", "-1", "x", "1e3", "٣", "9" * 40])
def test_an_address_that_names_no_place_shows_the_newest(client: Client, school: School, place: str) -> None:
    assert len(opened(client, school, f"?before={place}").context["lines"]) == 5


def test_alike_lines_are_one_row_that_tells_each_time(school: School) -> None:
    [day] = lines.by_day(api.accesses_of(school.pupils[0]))
    [row] = day.rows
    assert row.times == len(row.each) == 5
    assert [at for at, _records in row.each] == sorted((at for at, _records in row.each), reverse=True)


def test_the_list_says_who_confirms_that_nothing_was_changed(client: Client, school: School) -> None:
    html = opened(client, school).content.decode()
    assert re.search(r'class="tk-witness".*?href="/log/"', html, re.S)


@pytest.mark.django_db
def test_a_pupil_reads_the_clause_in_plain_words_with_readings(client: Client, school: School) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"
    client.force_login(school.pupil)
    of_the_pupil = client.get(reverse("access.accesses", args=[school.pupils[0]])).content.decode()
    of_a_guardian = opened(client, school).content.decode()
    assert "学校・教員" in re.sub("<rt>.*?</rt>|<[^>]*>", "", of_a_guardian)
    assert "学校・教員" not in re.sub("<rt>.*?</rt>|<[^>]*>", "", of_the_pupil)


@pytest.mark.django_db
def test_a_pupil_reads_what_for_in_plain_words_with_readings(client: Client, school: School) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "ja"
    opened(client, school)
    client.force_login(school.pupil)
    of_the_pupil = client.get(reverse("access.accesses", args=[school.pupils[0]])).content.decode()
    text = re.sub("<rt>.*?</rt>|<[^>]*>", "", of_the_pupil)
    assert "授業と指導" not in text and "授業" in text
