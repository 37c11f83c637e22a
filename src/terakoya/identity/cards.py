"""Class sign-in cards: a QR code that names the account, and three pictures that its pupil knows."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from terakoya.kit import clock

from . import events, keys, tries
from .errors import Paused, UnknownCard, WrongCode
from .models import Account, SignInCard
from .pictures import PICTURES

PICKS = 3
DOOR = "card"
Picks = tuple[str, ...]


@dataclass(frozen=True)
class NewCard:
    """A card as it is printed: once, as the node keeps digests only."""

    account: Account
    path: str
    pictures: Picks


@transaction.atomic
def make_cards(people: Iterable[UUID], valid_until: date, by: Account) -> list[NewCard]:
    """New cards for those of the persons who have an account; their old ones are dead at once.

    valid_until: the first day on which the cards no longer open anything, such as the end of the class
    """
    accounts = Account.objects.filter(person__in=list(people), is_active=True).in_bulk()
    SignInCard.objects.filter(account__in=accounts).delete()
    made = [_made(account, valid_until) for account in accounts.values()]
    SignInCard.objects.bulk_create(row for row, _ in made)
    if made:
        events.tell("card_made", by, [account.person for account in accounts.values() if account.person])
    return [printed for _, printed in made]


@transaction.atomic
def take_back(people: Iterable[UUID], by: Account) -> int:
    """Make the cards of persons useless at once; how many there were."""
    rows = SignInCard.objects.filter(account__person__in=list(people))
    gone = [person for person in rows.values_list("account__person", flat=True) if person]
    rows.delete()
    if gone:
        events.tell("card_taken_back", by, gone)
    return len(gone)


def cards_of(people: Iterable[UUID]) -> dict[UUID, date]:
    """Until when (that day not included) the persons' cards are valid; only those who have one that is."""
    rows = SignInCard.objects.filter(account__person__in=list(people), valid_until__gt=clock.today())
    return {person: until for person, until in rows.values_list("account__person", "valid_until") if person}


def card_of(token: str) -> SignInCard:
    """The living card of a QR code. UnknownCard when there is none."""
    living = SignInCard.objects.select_related("account").filter(
        token_digest=keys.keyed_digest("card", token), valid_until__gt=clock.today(), account__is_active=True
    )
    card = living.first()
    if card is None:
        raise UnknownCard
    return card


def open_by(card: SignInCard, picks: Picks) -> Account:
    """The account, when the pictures are right in their order. WrongCode, and Paused after several wrong ones."""
    name = str(card.account_id)
    if left := tries.take(name, DOOR):
        raise Paused(left)
    if not secrets.compare_digest(card.pictures_digest, _pictures_digest(card.account_id, picks)):
        if tries.begin_pausing(name, DOOR):
            events.tell_of(card.account, "sign_in_paused", None, DOOR)
        raise WrongCode
    tries.forget(name, DOOR)
    return card.account


def forget_ended() -> None:
    """Drop the cards whose time is over."""
    SignInCard.objects.filter(valid_until__lte=clock.today()).delete()


def _made(account: Account, valid_until: date) -> tuple[SignInCard, NewCard]:
    token = secrets.token_urlsafe(16)
    pictures = tuple(secrets.choice(list(PICTURES)) for _ in range(PICKS))
    row = SignInCard(
        account=account,
        token_digest=keys.keyed_digest("card", token),
        pictures_digest=_pictures_digest(account.pk, pictures),
        valid_until=valid_until,
    )
    return row, NewCard(account, reverse("identity.card", args=[token]), pictures)


def _pictures_digest(account: int, picks: Picks) -> str:
    return keys.keyed_digest(f"pictures/{account}", "-".join(picks))
