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
ACCOUNT = {"username": pl.String, "display_name": pl.String, "person": pl.String, "is_active": pl.Boolean}


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


def create_accounts(wanted: Iterable[NewAccount]) -> list[NewAccount]:
    """Make the accounts of some people, without passwords; those are returned whose login name is another's.

    As ``create_account`` for each: a person who has an account keeps it as it is.
    """
    by_person = {str(one.person): one for one in wanted}
    lines = [(one.username, one.display_name, person, True) for person, one in by_person.items()]
    refused = make_accounts(pl.DataFrame(lines, schema=ACCOUNT, orient="row"))
    return [by_person[person] for person in refused]


@transaction.atomic
def make_accounts(wanted: pl.DataFrame, *, is_dry: bool = False) -> pl.Series:
    """Make the accounts of any number of people; the people are returned whose login name is another's.

    wanted: ``username``, ``display_name``, ``person`` (as text), ``is_active``. is_dry: only say who cannot get one
    """
    name = pl.col("username")
    wanted = wanted.with_columns(
        username=pl.Series([queries.plain_username(one) for one in wanted["username"]], dtype=pl.String)
    )
    has_account = (
        queries.people_with_account([UUID(one) for one in wanted["person"]]) if Account.objects.exists() else ()
    )
    wanted = wanted.filter(~pl.col("person").is_in([str(one) for one in has_account]))
    taken = pl.Series(list(queries.names_taken(wanted["username"].to_list())), dtype=pl.String)
    is_free = ~name.is_in(taken.implode()) & name.is_first_distinct()
    if not is_dry:
        for some in wanted.filter(is_free).iter_slices(AT_ONCE):
            # a password that nobody knows and no other account has
            passwords = [UNUSABLE_PASSWORD_PREFIX + secrets.token_hex(20) for _ in range(some.height)]
            bulk.insert(Account, some.with_columns(password=pl.Series(passwords)))
        bulk.look_anew(Account, wanted.height)
    return wanted.filter(~is_free)["person"]


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
