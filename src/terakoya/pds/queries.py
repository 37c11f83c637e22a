from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from terakoya.identity.api import Account
from terakoya.kit import clock

from .models import Child, Membership
from .policy import minor


def children_of(account: Account) -> list[Child]:
    """The children whose store the account may open, the eldest first; a child's own account opens one."""
    return [known.child for known in memberships(account)]


def membership_of(account: Account, person: UUID) -> Membership:
    """The account's capacity towards the child of a person key today; somebody else's child does not exist for it."""
    known = memberships(account).filter(child=person).first()
    if known is None:
        raise Http404
    return known


def memberships(account: Account) -> QuerySet[Membership]:
    """What the account is to whom today: a guardian nothing more from the 18th birthday on (Civil Code, art. 818)."""
    return memberships_of(account.pk)


def memberships_of(account: int) -> QuerySet[Membership]:
    """As :func:`memberships`, by the number of the account."""
    today = ~Q(capacity=Membership.Capacity.GUARDIAN) | minor(clock.today())
    known = Membership.objects.select_related("child").filter(today, account=account)
    return known.order_by("child__entered_school", "child__created_at")


def passed_on(account: Account) -> list[Child]:
    """Those whose guardian the account was until their 18th birthday: their stores are their own now."""
    grown = ~minor(clock.today())
    known = Membership.objects.select_related("child").filter(
        grown, account=account, capacity=Membership.Capacity.GUARDIAN
    )
    return [one.child for one in known.order_by("child__entered_school", "child__created_at")]


def may_hand_over(account: Account, child: UUID) -> bool:
    """Whether the account began the store of the child, whatever its age: only it can give the child a sign-in."""
    return Membership.objects.filter(account=account, child=child, capacity=Membership.Capacity.GUARDIAN).exists()


def has_sign_in(child: Child) -> bool:
    return child.memberships.filter(capacity=Membership.Capacity.SELF).exists()


def is_a_child(account: Account) -> bool:
    """Whether the account is the own sign-in of a child."""
    return Membership.objects.filter(account=account, capacity=Membership.Capacity.SELF).exists()
