"""Counting wrong tries at a door: a login name, a second factor, a card."""

from datetime import timedelta

from django.db import transaction

from terakoya.kit import clock

from . import keys, queries
from .models import SignInTries
from .policy import FREE_TRIES, pause_after

FORGOTTEN_AFTER = timedelta(days=30)


def pause_left(name: str, door: str = "sign-in") -> timedelta:
    """How long the name still rests at the door; zero when it may be tried."""
    tries = SignInTries.objects.filter(name_digest=_digest(name, door)).first()
    if tries is None:
        return timedelta(0)
    return max(tries.last_at + pause_after(tries.wrong) - clock.now(), timedelta(0))


def count_wrong(name: str, door: str = "sign-in") -> bool:
    """Remember a wrong try; whether the pauses begin with it."""
    with transaction.atomic():
        moment = clock.now()
        tries, _ = SignInTries.objects.select_for_update().get_or_create(
            name_digest=_digest(name, door), defaults={"last_at": moment}
        )
        tries.wrong += 1
        tries.last_at = moment
        tries.save()
    return tries.wrong == FREE_TRIES


def forget(name: str, door: str = "sign-in") -> None:
    """Begin anew after a right try, and drop what is long past."""
    SignInTries.objects.filter(name_digest=_digest(name, door)).delete()
    SignInTries.objects.filter(last_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


def _digest(name: str, door: str) -> str:
    return keys.keyed_digest(door, queries.plain_username(name))
