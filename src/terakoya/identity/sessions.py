"""Sessions: begun, kept as long as the reader's part allows, listed for their owner, ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from terakoya.kit import clock, long_writes

from . import browsers, events, parts
from .models import Account, Factor, OpenSession
from .policy import length_for

BEGUN, SEEN, PART, FACTOR, HAS_FACTOR = "begun_at", "seen_at", "part", "factor_at", "has_factor"
WAY = "_way"
AT_ONCE = 500
WRITTEN_EVERY = timedelta(minutes=1)


def begin(request: HttpRequest, account: Account, way: str = "password") -> None:
    """Sign an account in under a new session id, and tell of it. way: password, card or sign_up"""
    with transaction.atomic():
        setattr(request, WAY, way)
        login(request, account, "django.contrib.auth.backends.ModelBackend")
        events.tell_of(account, "signed_in", account, way)


def note_sign_in(sender: object, request: HttpRequest, user: Account, **_: object) -> None:
    """Put a session that has just begun into its owner's list."""
    if request.session.session_key is None:
        request.session.create()
    moment = clock.now().isoformat()
    has_factor = Factor.objects.filter(account=user).exists()
    request.session.update({BEGUN: moment, SEEN: moment, PART: parts.part_of_account(user), HAS_FACTOR: has_factor})
    OpenSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "account": user,
            "browser": browsers.in_words(request.META.get("HTTP_USER_AGENT", "")),
            "way": getattr(request, WAY, "password"),
        },
    )


user_logged_in.connect(note_sign_in, dispatch_uid="identity.sessions")


def is_over(request: HttpRequest) -> bool:
    """Whether the session is older than its reader's part allows, or was unused for too long."""
    begun, seen = _instant(request, BEGUN), _instant(request, SEEN)
    if begun is None or seen is None:
        return False
    length, moment = length_for(request.session.get(PART, "")), clock.now()
    return moment - begun >= length.whole or moment - seen >= length.idle


def note_use(request: HttpRequest) -> None:
    """Remember that the session is used; written at most once a minute."""
    seen = _instant(request, SEEN)
    if seen is not None and clock.now() - seen >= WRITTEN_EVERY and not long_writes.under_way():
        request.session[SEEN] = clock.now().isoformat()
        OpenSession.objects.filter(session_key=request.session.session_key).update(seen_at=clock.now())


def strengthen(request: HttpRequest) -> None:
    """The second factor was right: from now on the session reaches what it protects, under a new id."""
    request.session[FACTOR] = clock.now().isoformat()
    request.session[HAS_FACTOR] = True
    renew_id(request)


def renew_id(request: HttpRequest) -> None:
    """Give the session a new id, so that nobody who knew the old one shares in what it may do now."""
    before = request.session.session_key
    request.session.cycle_key()
    follow_id(request, before)


def follow_id(request: HttpRequest, before: str | None) -> None:
    """Write the new id of a session into its owner's list."""
    OpenSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def is_strong(request: HttpRequest) -> bool:
    """Whether the second factor was given in this session, and not too long ago."""
    given = _instant(request, FACTOR)
    return given is not None and clock.now() - given < timedelta(hours=settings.SECOND_FACTOR_HOURS)


def forget(request: HttpRequest) -> None:
    """Take the present session out of its owner's list: it ends with this request."""
    OpenSession.objects.filter(session_key=request.session.session_key).delete()


def sessions_of(account: Account) -> list[OpenSession]:
    """The living sessions of an account, the one used last first."""
    living = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    return list(OpenSession.objects.filter(account=account, session_key__in=living).order_by("-seen_at", "-pk"))


def end_one(account: Account, number: int) -> None:
    """End one session of the account."""
    _end(OpenSession.objects.filter(account=account, pk=number))


def end_all(account: Account, but: str | None = None) -> None:
    """End all sessions of the account, but that with the given key."""
    _end(OpenSession.objects.filter(account=account).exclude(session_key=but))


def end_all_of(accounts: Iterable[int]) -> None:
    """End all sessions of several accounts."""
    numbers = list(accounts)
    for start in range(0, len(numbers), AT_ONCE):
        _end(OpenSession.objects.filter(account__in=numbers[start : start + AT_ONCE]))


def forget_ended() -> None:
    """Drop what is left of sessions that are over."""
    Session.objects.filter(expire_date__lt=clock.now()).delete()
    OpenSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()


@transaction.atomic
def _end(rows: Iterable[OpenSession]) -> None:
    found = list(rows)
    Session.objects.filter(session_key__in=[row.session_key for row in found]).delete()
    OpenSession.objects.filter(pk__in=[row.pk for row in found]).delete()


def _instant(request: HttpRequest, name: str) -> datetime | None:
    written = request.session.get(name)
    return datetime.fromisoformat(written) if written else None
