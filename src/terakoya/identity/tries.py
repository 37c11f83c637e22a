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
    return _rest_of(tries)


def take(name: str, door: str = "sign-in") -> timedelta:
    """Take one try: zero, and it counts as wrong until it is forgotten; or how long the name still rests.

    Counted before the answer is known: of many tries sent at once no more than the free ones are looked at.
    """
    if left := pause_left(name, door):
        return left
    with transaction.atomic():
        locked = SignInTries.objects.select_for_update()
        tries, _ = locked.get_or_create(name_digest=_digest(name, door), defaults={"last_at": clock.now()})
        if left := _rest_of(tries):
            return left
        tries.wrong += 1
        tries.last_at = clock.now()
        tries.save()
    return timedelta(0)


def begin_pausing(name: str, door: str = "sign-in") -> bool:
    """Whether the pauses begin with the try that was just wrong."""
    return SignInTries.objects.filter(name_digest=_digest(name, door), wrong=FREE_TRIES).exists()


def forget(name: str, door: str = "sign-in") -> None:
    """Begin anew after a right try, and drop what is long past."""
    SignInTries.objects.filter(name_digest=_digest(name, door)).delete()
    SignInTries.objects.filter(last_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


def _rest_of(tries: SignInTries) -> timedelta:
    return max(tries.last_at + pause_after(tries.wrong) - clock.now(), timedelta(0))


def _digest(name: str, door: str) -> str:
    return keys.keyed_digest(door, queries.plain_username(name))
