"""Accounts that follow a register kept by a room above: renamed, closed and opened by sets."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from django.db import transaction

from terakoya.kit import bulk

from . import events, sessions
from .actions import NewAccount
from .models import Account
from .queries import MANY, names_taken, plain_username

AT_ONCE = 500


@transaction.atomic
def rename_accounts(wanted: Iterable[NewAccount], *, reference: str = "") -> list[NewAccount]:
    """Give accounts the login names and names that the register has now; those are returned whose name is another's.

    Two people may exchange their login names. A person without an account is passed over.
    """
    by_person: dict[UUID | None, NewAccount] = {one.person: one for one in wanted}
    pairs = [(account, by_person[account.person]) for account in _accounts_of(list(by_person))]
    changed = [(account, new) for account, new in pairs if _differs(account, new)]
    if not changed:
        return []
    numbers = {account.pk for account, _ in changed}
    taken = names_taken([plain_username(new.username) for _, new in changed], by_others_than=numbers)
    refused, renamed = list[NewAccount](), list[Account]()
    for account, new in changed:
        if (name := plain_username(new.username)) in taken:
            refused.append(new)
            continue
        taken.add(name)
        if name != account.username:  # out of the way of another who gets the name that was given up
            Account.objects.filter(pk=account.pk).update(username=f"~{account.pk}")
        account.username, account.display_name = name, new.display_name
        renamed.append(account)
    bulk.update(Account, ["username", "display_name"], ((one.username, one.display_name, one.pk) for one in renamed))
    if renamed:
        events.tell("account_renamed", None, [one.person for one in renamed if one.person], reference)
    return refused


@transaction.atomic
def keep_open(
    present: Collection[UUID], known: Collection[UUID], *, quiet: Collection[UUID] = (), reference: str = ""
) -> None:
    """Open the accounts of those present, close those of the others who are known, and end their sessions at once.

    known: the people of the register; accounts of others are left alone. quiet: people about whom nothing is told
    """
    mine = [(one.pk, one.person, one.is_active) for one in _accounts_of(list(known))]
    closed = {pk: person for pk, person, is_open in mine if is_open and person not in present}
    opened = {pk: person for pk, person, is_open in mine if not is_open and person in present}
    for numbers, is_open in ((list(closed), False), (list(opened), True)):
        for start in range(0, len(numbers), AT_ONCE):
            Account.objects.filter(pk__in=numbers[start : start + AT_ONCE]).update(is_active=is_open)
    sessions.end_all_of(closed)
    for what, people in (("account_closed", closed.values()), ("account_opened", opened.values())):
        if told := [person for person in people if person and person not in quiet]:
            events.tell(what, None, told, reference)


def _accounts_of(people: Sequence[UUID | None]) -> Iterator[Account]:
    """The accounts of people, without what a page alone needs."""
    accounts = Account.objects.only("username", "display_name", "person", "is_active")
    if len(people) > MANY:
        wanted = set(people)
        yield from (one for one in accounts.filter(person__isnull=False).iterator(AT_ONCE) if one.person in wanted)
        return
    for start in range(0, len(people), AT_ONCE):
        yield from accounts.filter(person__in=people[start : start + AT_ONCE])


def _differs(account: Account, wanted: NewAccount) -> bool:
    now = account.username, account.display_name
    return now != (plain_username(wanted.username), wanted.display_name)
