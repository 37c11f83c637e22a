import unicodedata
from uuid import UUID

from . import keys
from .models import Account, PairwiseId, RecoveryCode


def plain_username(typed: str) -> str:
    """A login name in its one form: half-width and small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def account_named(username: str) -> Account | None:
    """The account of a login name; full-width and capital letters count as their plain forms."""
    return Account.objects.filter(username=plain_username(username)).first()


def account_of(person: UUID) -> Account | None:
    """The account of a person of this node."""
    return Account.objects.filter(person=person).first()


def person_behind(pairwise: UUID, partner_uri: str) -> UUID | None:
    """The person for whom the pairwise id stands towards the partner; None when none was given out."""
    return (
        PairwiseId.objects.filter(pairwise=pairwise, partner_uri=partner_uri).values_list("person", flat=True).first()
    )


def pairwise_statement_id(original: UUID, partner_uri: str) -> UUID:
    """The id of a record towards one partner, so that two recipients cannot join by record ids."""
    return keys.derived_uuid("record", str(original), partner_uri)


def recovery_codes_left(account: Account) -> int:
    """How many recovery codes of an account are unused."""
    return RecoveryCode.objects.filter(account=account).count()
