import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import polars as pl
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from terakoya.kit import bulk

from . import keys, queries
from .errors import UnknownAccount, UsernameTaken
from .models import Account, PairwiseId

AT_ONCE = 50_000


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
    """An account to be made for a person of the node. ``is_open``: whether it is open from the beginning"""

    username: str
    display_name: str
    person: UUID
    is_open: bool = True


@transaction.atomic
def create_accounts(wanted: Iterable[NewAccount], *, is_dry: bool = False) -> list[NewAccount]:
    """Make the accounts of many people, without passwords; those are returned whose login name is another's.

    As ``create_account`` for each: a person who has an account keeps it as it is. is_dry: only say who cannot get one
    """
    wanted = list(wanted)
    has_account = queries.people_with_account([one.person for one in wanted])
    names = [queries.plain_username(one.username) for one in wanted]
    taken = queries.names_taken(names)
    rows, refused = list[tuple[str, str, str, bool]](), list[NewAccount]()
    for one, name in zip(wanted, names, strict=True):
        if one.person in has_account:
            continue
        if name in taken:
            refused.append(one)
            continue
        has_account.add(one.person)
        taken.add(name)
        rows.append((name, one.display_name, str(one.person), one.is_open))
    if not is_dry:
        _insert_accounts(rows)
    return refused


def _insert_accounts(rows: list[tuple[str, str, str, bool]]) -> None:
    """Each with a password that nobody knows and no other account has."""
    schema = {"username": pl.String, "display_name": pl.String, "person": pl.String, "is_active": pl.Boolean}
    for start in range(0, len(rows), AT_ONCE):
        some = pl.DataFrame(rows[start : start + AT_ONCE], schema=schema, orient="row")
        passwords = [UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20) for _ in range(some.height)]
        bulk.insert(Account, some.with_columns(password=pl.Series(passwords)))


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
