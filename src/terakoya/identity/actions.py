from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from . import keys, queries
from .errors import UnknownAccount, UsernameTaken
from .models import Account, PairwiseId


def create_account(
    username: str,
    *,
    display_name: str,
    password: str | None = None,
    person: UUID | None = None,
    is_administrator: bool = False,
) -> Account:
    """Make an account; the account a person has already is returned as it is.

    Without a password nobody can sign in until ``set_password``. UsernameTaken when the login name is another's.
    """
    if person is not None and (known := Account.objects.filter(person=person).first()):
        return known
    account = Account(
        username=queries.plain_username(username),
        display_name=display_name,
        password=make_password(password),
        person=person,
        is_administrator=is_administrator,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError as error:
        if person is not None and (known := Account.objects.filter(person=person).first()):
            return known
        raise UsernameTaken(account.username) from error
    return account


@dataclass(frozen=True)
class NewAccount:
    """An account to be made for a person of the node."""

    username: str
    display_name: str
    person: UUID


@transaction.atomic
def create_accounts(wanted: Iterable[NewAccount]) -> list[NewAccount]:
    """Make the accounts of many people, without passwords; those are returned whose login name is another's.

    As ``create_account`` for each: a person who has an account keeps it as it is.
    """
    wanted = list(wanted)
    has_account = set(Account.objects.filter(person__isnull=False).values_list("person", flat=True))
    taken = set(Account.objects.values_list("username", flat=True))
    rows, refused = list[Account](), list[NewAccount]()
    for one in wanted:
        name = queries.plain_username(one.username)
        if one.person in has_account:
            continue
        if name in taken:
            refused.append(one)
            continue
        has_account.add(one.person)
        taken.add(name)
        password = make_password(None)
        rows.append(Account(username=name, display_name=one.display_name, password=password, person=one.person))
    Account.objects.bulk_create(rows, batch_size=500)
    return refused


def set_password(username: str, password: str) -> None:
    """Give an account a password; its sessions end.

    UnknownAccount when there is no such login name; django.core.exceptions.ValidationError when it is too weak.
    """
    account = queries.account_named(username)
    if account is None:
        raise UnknownAccount(username)
    validate_password(password, account)
    account.set_password(password)
    account.save(update_fields=["password"])


def pairwise_id(person: UUID, partner_uri: str) -> UUID:
    """The id of a person towards one partner: always the same for the pair, unlike the ids that others get."""
    known = PairwiseId.objects.filter(person=person, partner_uri=partner_uri).first()
    if known is None:
        known, _ = PairwiseId.objects.get_or_create(
            person=person,
            partner_uri=partner_uri,
            defaults={"pairwise": keys.derived_uuid("person", str(person), partner_uri)},
        )
    return known.pairwise
