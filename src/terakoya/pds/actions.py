from datetime import date
from uuid import uuid4

from django.db import transaction

from terakoya.identity import api as identity
from terakoya.identity.api import Account
from terakoya.kit import clock

from .errors import HasSignIn
from .models import Child, Membership


@transaction.atomic
def sign_up(username: str, *, name: str, password: str) -> Account:
    """Open an account for a grown-up. Raises ``identity.errors.UsernameTaken``.

    Nobody's papers are looked at here. What is held elsewhere is reached only through a sign-in at its holder, so an
    account alone gives nothing but an empty store.
    """
    return identity.create_account(username, display_name=name, password=password, person=uuid4())


@transaction.atomic
def add_child(account: Account, *, name: str, kana: str, grade: int, birth_date: date | None = None) -> Child:
    """Begin the store of a child under a new person key; the account becomes its guardian.

    ``grade`` is the year of school now, counted from the first of elementary school (1 to 12).
    """
    entered = clock.school_year(clock.today()) - grade + 1
    child = Child.objects.create(name=name, kana=kana, entered_school=entered, birth_date=birth_date)
    Membership.objects.create(account=account, child=child, capacity=Membership.Capacity.GUARDIAN)
    return child


@transaction.atomic
def make_child_account(child: Child, *, username: str, password: str) -> Account:
    """Give the child a sign-in of its own. Raises ``identity.errors.UsernameTaken`` and ``HasSignIn``."""
    if child.memberships.filter(capacity=Membership.Capacity.SELF).exists():
        raise HasSignIn
    account = identity.create_account(username, display_name=child.name, password=password, person=child.person)
    Membership.objects.create(account=account, child=child, capacity=Membership.Capacity.SELF)
    return account
