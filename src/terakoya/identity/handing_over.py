"""Accounts of people who were entered twice: one stays open, the other is closed and points to it."""

from uuid import UUID

from django.db import transaction

from . import events, sessions
from .models import Account
from .queries import plain_username


@transaction.atomic
def hand_over(entry: UUID, person: UUID, *, reference: str = "") -> None:
    """The entry turned out to be the person: its account is the person's, or is closed where the person has one."""
    old, kept = _account(entry), _account(person)
    if old is None:
        return
    if kept is None:
        old.person, old.handed_from = person, entry
        old.save(update_fields=["person", "handed_from"])
        return
    Account.objects.filter(pk=old.pk).update(continued_in=kept, is_active=False)
    Account.objects.filter(continued_in=old).update(continued_in=kept)
    sessions.end_all_of([old.pk])
    events.tell("account_closed", None, [entry], reference)


@transaction.atomic
def give_back(entry: UUID, person: UUID, *, reference: str = "") -> None:
    """The two are two people after all: the entry has the account again that it had, open."""
    if Account.objects.filter(person=entry, continued_in__person=person).update(continued_in=None, is_active=True):
        events.tell("account_opened", None, [entry], reference)
    Account.objects.filter(person=person, handed_from=entry).update(person=entry, handed_from=None)


def login_name_now(username: str, password: str) -> str:
    """The login name that somebody has now who signs in rightly by one that was given up; "" for everybody else."""
    old = Account.objects.filter(username=plain_username(username)).exclude(continued_in=None)
    known = old.select_related("continued_in").first()
    if known is None or known.continued_in is None or not known.check_password(password):
        return ""
    return known.continued_in.username


def _account(person: UUID) -> Account | None:
    return Account.objects.select_for_update().filter(person=person).first()
