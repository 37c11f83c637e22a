"""Sign-in cards of a class: who makes them, what stands on the sheet, and that a child gets in with one."""

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from terakoya.identity import api as identity
from terakoya.identity.models import SignInCard
from tests.access.school import School

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _accounts(school: School) -> None:
    """Every pupil of the class has an account; some have one from the school's fixture."""
    for number, person in enumerate(school.pupils):
        identity.create_account(f"card{number}", display_name="Pupil", person=person)


def press(client: Client, school: School, **fields: str) -> HttpResponse:
    client.force_login(school.teacher)
    return client.post(reverse("portal.class_cards", args=[school.homeroom.uuid]), fields)


def pictures_on(page: HttpResponse) -> list[list[str]]:
    cards = page.content.decode().split('class="id-card"')[1:]
    return [re.findall(r"pictures/([a-z]+)\.svg", card) for card in cards]


def test_the_homeroom_teacher_gets_a_sheet_with_a_card_for_each_pupil(client: Client, school: School) -> None:
    sheet = press(client, school, pupil="all")
    assert [len(pictures) for pictures in pictures_on(sheet)] == [3, 3, 3, 3]
    assert sheet.content.decode().count("<svg") >= 4 and SignInCard.objects.count() == 4
    assert not pictures_on(client.get(reverse("portal.class_cards", args=[school.homeroom.uuid])))


def test_cards_open_until_the_class_ends(client: Client, school: School) -> None:
    press(client, school, pupil="all")
    assert {card.valid_until for card in SignInCard.objects.all()} == {school.homeroom.ends}


def test_one_card_is_renewed_without_the_others(client: Client, school: School) -> None:
    press(client, school, pupil="all")
    before = set(SignInCard.objects.values_list("token_digest", flat=True))
    press(client, school, pupil=str(school.pupils[1]))
    assert len(before & set(SignInCard.objects.values_list("token_digest", flat=True))) == 3


def test_all_cards_are_made_useless_at_once(client: Client, school: School) -> None:
    press(client, school, pupil="all")
    press(client, school, pupil="all", take_back="yes")
    assert not SignInCard.objects.exists()


@pytest.mark.parametrize("pupil", ["", "nonsense", "3fa85f64-5717-4562-b3fc-2c963f66afa6"])
def test_nobody_else_gets_a_card(client: Client, school: School, pupil: str) -> None:
    assert press(client, school, pupil=pupil).status_code == 200
    assert not SignInCard.objects.exists()


@pytest.mark.parametrize("who", ["subject_teacher", "other_teacher", "head", "clerk", "guardian", "pupil"])
def test_only_the_homeroom_teacher_makes_cards(client: Client, school: School, who: str) -> None:
    client.force_login(getattr(school, who))
    address = reverse("portal.class_cards", args=[school.homeroom.uuid])
    assert client.post(address, {"pupil": "all"}).status_code == 404 and not SignInCard.objects.exists()


def test_the_second_factor_is_asked_for(client: Client, school: School) -> None:
    client.force_login(school.teacher)
    session = client.session
    del session["factor_at"]
    session.save()
    address = reverse("portal.class_cards", args=[school.homeroom.uuid])
    assert client.get(address)["Location"].startswith("/second-factor/")


def test_a_class_that_is_unknown_is_not_found(client: Client, school: School) -> None:
    client.force_login(school.teacher)
    assert client.get(reverse("portal.class_cards", args=[school.pupils[0]])).status_code == 404
