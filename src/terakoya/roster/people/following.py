"""Accounts follow what is done to single people: a new name, an entry that was somebody else's."""

from terakoya.identity import api as identity

from ..models import Person

LONGEST = 120  # letters of an account's name


def follow_name(person: Person, *, reference: str) -> None:
    """Show the person's new name where the account is named."""
    account = identity.account_of(person.uuid)
    if account is not None:
        wanted = identity.NewAccount(account.username, person.name[:LONGEST], person.uuid)
        identity.rename_accounts([wanted], reference=reference)


def follow_login(person: Person, *, reference: str) -> bool:
    """Let the person sign in by the login name of the register; False where it is somebody else's."""
    wanted = identity.NewAccount(person.username, person.name[:LONGEST], person.uuid)
    return not identity.rename_accounts([wanted], reference=reference)


def follow_merge(entry: Person, person: Person, *, reference: str) -> None:
    """Let the person sign in with one account; where only the entry had one, it is the person's now."""
    identity.hand_over(entry.uuid, person.uuid, reference=reference)
    follow_name(person, reference=reference)


def follow_unmerge(entry: Person, person: Person, *, reference: str) -> None:
    """Give the entry back the account that it had."""
    identity.give_back(entry.uuid, person.uuid, reference=reference)
    follow_name(person, reference=reference)
    follow_name(entry, reference=reference)
