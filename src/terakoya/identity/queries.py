import unicodedata
from collections.abc import Collection, Sequence
from uuid import UUID

from terakoya.kit.portions import portions

from . import keys
from .models import Account, PairwiseId, RecoveryCode

AT_ONCE = 500
MANY = 20_000  # from here on one reading of all is quicker than looking for each


def plain_username(typed: str) -> str:
    """A login name in its one form: half-width and small letters, no blanks around it."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def account_named(username: str) -> Account | None:
    """The account of a login name; full-width and capital letters count as their plain forms."""
    return Account.objects.filter(username=plain_username(username)).first()


def account_of(person: UUID) -> Account | None:
    """The account of a person of this node."""
    return Account.objects.filter(person=person).first()


def people_with_account(people: Sequence[UUID]) -> set[UUID]:
    """Those of the people who have an account."""
    known = Account.objects.filter(person__isnull=False)
    if len(people) > MANY:
        return {one for one in known.values_list("person", flat=True).iterator() if one}
    return {
        one
        for some in portions(people, AT_ONCE)
        for one in known.filter(person__in=some).values_list("person", flat=True)
        if one
    }


def names_taken(names: Sequence[str], *, by_others_than: Collection[int] = ()) -> set[str]:
    """Those of the login names that accounts have; with many names, all that accounts have."""
    parts = (
        [Account.objects.all()]
        if len(names) > MANY
        else [Account.objects.filter(username__in=one) for one in portions(names, AT_ONCE)]
    )
    return {name for part in parts for pk, name in part.values_list("pk", "username") if pk not in by_others_than}


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
