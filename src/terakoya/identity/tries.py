"""Counting wrong sign-ins for a login name."""

from datetime import timedelta

from django.db import transaction

from terakoya.kit import clock

from . import keys, queries
from .models import SignInTries
from .policy import pause_after

FORGOTTEN_AFTER = timedelta(days=30)


def pause_left(username: str) -> timedelta:
    """How long the login name still rests; zero when a password may be tried."""
    tries = SignInTries.objects.filter(name_digest=_digest(username)).first()
    if tries is None:
        return timedelta(0)
    return max(tries.last_at + pause_after(tries.wrong) - clock.now(), timedelta(0))


def count_wrong(username: str) -> None:
    """Remember a wrong password."""
    with transaction.atomic():
        moment = clock.now()
        tries, _ = SignInTries.objects.select_for_update().get_or_create(
            name_digest=_digest(username), defaults={"last_at": moment}
        )
        tries.wrong += 1
        tries.last_at = moment
        tries.save()


def forget(username: str) -> None:
    """Begin anew after a right password, and drop what is long past."""
    SignInTries.objects.filter(name_digest=_digest(username)).delete()
    SignInTries.objects.filter(last_at__lt=clock.now() - FORGOTTEN_AFTER).delete()


def _digest(username: str) -> str:
    return keys.keyed_digest("sign-in", queries.plain_username(username))
