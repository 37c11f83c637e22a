from uuid import UUID

from django.contrib.auth.hashers import make_password
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


def set_password(username: str, password: str) -> None:
    """Give an account a password. UnknownAccount when there is no such login name."""
    account = queries.account_named(username)
    if account is None:
        raise UnknownAccount(username)
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
