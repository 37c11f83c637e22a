"""The public pages of the matrix."""

import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from terakoya.access.cell_tables import GROUPS, group_of
from terakoya.access.matrix import matrix
from terakoya.standards.categories import CATEGORIES

pytestmark = pytest.mark.django_db


def read(client: Client, name: str, *args: str, query: str = "", language: str = "ja") -> str:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_roadmap_s_table_is_open_to_everybody_with_every_circle(client: Client) -> None:
    text = read(client, "access.matrix")
    assert text.count(">○</a>") == 17
    for name in ("学校・教員", "児童生徒", "学習塾等", "ban-screening"):
        assert name in text


def test_each_circle_leads_to_the_group_in_which_it_is_worked_out(client: Client) -> None:
    groups = set(re.findall(r'href="\?group=([a-z_]+)#cells"', read(client, "access.matrix")))
    assert groups == {"school", "student", "board", "cram_school", "company"}


def test_every_part_stands_in_one_group() -> None:
    assert {group_of(part) for part in matrix().parts.values()} == set(GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_shows_its_parts_against_all_categories_each_mark_leading_to_its_reason(
    client: Client, group: str
) -> None:
    text = read(client, "access.matrix", query=f"?group={group}")
    parts = [part.id for part in matrix().parts.values() if group_of(part) == group]
    for part in parts:
        for category in CATEGORIES:
            assert f'href="{reverse("access.matrix_cell", args=[part, category])}?regime=public"' in text


@pytest.mark.parametrize("kind", ["city", "pds", "juku", "vendor", "nation"])
def test_every_kind_of_node_shows_its_own_regime_first(client: Client, node_kind, kind: str) -> None:
    node_kind(kind)
    text = read(client, "access.matrix_cell", "student.guardian", "subject.contact")
    assert ("第76条" in text) == (kind in ("city", "nation"))


def test_the_other_branch_of_the_law_can_be_looked_at(client: Client) -> None:
    text = read(client, "access.matrix_cell", "student.guardian", "subject.contact", query="?regime=private")
    assert "第33条" in text and "第76条" not in text


def test_a_cell_says_for_each_open_purpose_ground_sentence_and_obligations(client: Client) -> None:
    text = read(client, "access.matrix_cell", "school.homeroom_teacher", "activity.health", language="en")
    for words in ("by law", "School Health and Safety Act", "Left out", "findings of the check-up", "health care"):
        assert words in text


def test_a_cell_that_nothing_opens_says_why(client: Client) -> None:
    text = read(client, "access.matrix_cell", "student.guardian", "outside.child_protection", language="en")
    assert "No purpose opens this" in text and "Nobody sees child-protection cases but" in text


def test_a_part_lists_every_category_once(client: Client) -> None:
    text = read(client, "access.matrix_part", "school.nurse")
    for category in CATEGORIES:
        assert text.count(f"{reverse('access.matrix_cell', args=['school.nurse', category])}?") == 1


@pytest.mark.parametrize("path", ["school.cook/", "school.nurse/activity.thoughts/", "school.cook/activity.health/"])
def test_what_the_matrix_does_not_know_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"{reverse('access.matrix')}{path}").status_code == 404


def test_unknown_choices_fall_back_to_the_usual(client: Client) -> None:
    assert "学級担任" in read(client, "access.matrix", query="?group=cooks&regime=none")
