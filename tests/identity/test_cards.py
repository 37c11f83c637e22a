"""Class sign-in cards: three taps open, guessing meets pauses, and an old card is dead at once."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from terakoya.identity import api
from terakoya.identity.models import Account, OpenSession, SignInCard
from terakoya.identity.pictures import PICTURES
from terakoya.kit import clock

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def pupil() -> Account:
    return api.create_account("taro", display_name="Taro", person=uuid.uuid4())


def make(pupil: Account) -> api.NewCard:
    assert pupil.person
    return api.make_cards([pupil.person], clock.today() + YEAR, pupil)[0]


@pytest.fixture
def card(pupil: Account) -> api.NewCard:
    return make(pupil)


def tap(client: Client, card: api.NewCard, *pictures: str) -> HttpResponse:
    """One picture a page, as the child does it."""
    for number, picture in enumerate(pictures):
        page = client.post(card.path, {"picked": "-".join(pictures[:number]), "pick": picture})
    return page


def other_than(pictures: tuple[str, ...]) -> tuple[str, ...]:
    first = next(name for name in PICTURES if name != pictures[0])
    return first, *pictures[1:]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_three_right_pictures_sign_in(client: Client, card: api.NewCard, pupil: Account) -> None:
    assert tap(client, card, *card.pictures)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(pupil.pk) and OpenSession.objects.get().way == "card"


def test_the_page_shows_twelve_pictures_and_no_name(client: Client, card: api.NewCard) -> None:
    page = client.get(card.path).content.decode()
    assert page.count('name="pick"') == len(PICTURES) == 12 and "Taro" not in page


def test_wrong_pictures_begin_anew(client: Client, card: api.NewCard) -> None:
    page = tap(client, card, *other_than(card.pictures))
    assert page.status_code == 400 and 'name="picked" value=""' in page.content.decode() and not is_in(client)


@pytest.mark.parametrize("picked", ["", "sun-moon-star-tree", "sun-nothing", "--", "x" * 1000, "<b>"])
def test_what_is_no_three_pictures_begins_anew(client: Client, card: api.NewCard, picked: str) -> None:
    page = client.post(card.path, {"picked": picked, "pick": "nothing"})
    assert page.status_code == 200 and 'name="picked" value=""' in page.content.decode()


def test_guessing_meets_pauses_that_even_the_right_pictures_meet(client: Client, card: api.NewCard) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(5):
            tap(client, card, *other_than(card.pictures))
        assert "15秒" in tap(client, card, *card.pictures).content.decode() and not is_in(client)


def test_a_renewed_card_is_dead_at_once(client: Client, card: api.NewCard, pupil: Account) -> None:
    make(pupil)
    assert client.get(card.path).status_code == tap(client, card, *card.pictures).status_code == 404


def test_a_card_ends_with_the_class(client: Client, card: api.NewCard) -> None:
    with time_machine.travel(clock.now() + YEAR):
        assert client.get(card.path).status_code == 404


def test_the_card_of_a_closed_account_opens_nothing(client: Client, card: api.NewCard) -> None:
    Account.objects.update(is_active=False)
    assert tap(client, card, *card.pictures).status_code == 404


def test_an_unknown_card_is_told_kindly(client: Client) -> None:
    page = client.get("/card/not-a-card/")
    assert page.status_code == 404 and "/sign-in/" in page.content.decode()


def test_neither_token_nor_pictures_stand_in_the_database(card: api.NewCard) -> None:
    row = str(SignInCard.objects.values().get())
    assert card.path.split("/")[2] not in row and card.pictures[0] not in row


def test_the_pictures_of_one_child_have_another_digest_with_the_next(card: api.NewCard) -> None:
    from terakoya.identity.cards import _pictures_digest

    assert _pictures_digest(1, card.pictures) != _pictures_digest(2, card.pictures)


def test_a_card_gives_a_new_session_id(client: Client, card: api.NewCard) -> None:
    client.get(card.path)
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    tap(client, card, *card.pictures)
    assert client.session.session_key != before


def test_tapping_needs_a_token_of_the_page(card: api.NewCard) -> None:
    assert tap(Client(enforce_csrf_checks=True), card, *card.pictures).status_code == 403
