from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from terakoya.identity.api import Account

from .models import Child, Membership


def children_of(account: Account) -> list[Child]:
    """The children whose store the account may open, the eldest first; a child's own account opens one."""
    return list(Child.objects.filter(memberships__account=account))


def membership_of(account: Account, person: UUID) -> Membership:
    """The account's capacity towards the child of a person key; somebody else's child does not exist for it."""
    known = Membership.objects.select_related("child").filter(account=account, child=person).first()
    if known is None:
        raise Http404
    return known


def memberships(account: Account) -> QuerySet[Membership]:
    return Membership.objects.select_related("child").filter(account=account).order_by("child__entered_school")


def has_sign_in(child: Child) -> bool:
    return child.memberships.filter(capacity=Membership.Capacity.SELF).exists()


def is_a_child(account: Account) -> bool:
    """Whether the account is the own sign-in of a child."""
    return Membership.objects.filter(account=account, capacity=Membership.Capacity.SELF).exists()
