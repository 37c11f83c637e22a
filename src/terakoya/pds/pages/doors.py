"""Who stands before a page of the store, and whose store it is."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest

from terakoya.identity.api import Account
from terakoya.pds import queries
from terakoya.pds.models import Child, Membership


def signed_in(request: HttpRequest) -> Account:
    """The account behind a page that asks for a sign-in."""
    return cast(Account, request.user)


def membership(request: HttpRequest, person: UUID) -> Membership:
    """What the reader is to the child; 404 where nothing."""
    return queries.membership_of(signed_in(request), person)


def guardian_of(request: HttpRequest, person: UUID) -> Child:
    """The child, where the reader is or was its guardian; 404 else, also for the child itself.

    For handing the store over alone: a grown-up learner without a sign-in could never open it.
    """
    if not queries.may_hand_over(signed_in(request), person):
        raise Http404
    return Child.objects.get(person=person)


def decider_of(request: HttpRequest, person: UUID) -> Child:
    """The child, where the reader decides about it today: a guardian until the 18th birthday, then the learner."""
    known = membership(request, person)
    decides = Membership.Capacity.SELF if known.child.is_of_age else Membership.Capacity.GUARDIAN
    if known.capacity != decides:
        raise Http404
    return known.child


def grown_up(request: HttpRequest) -> Account:
    """The account, unless it is a child's own sign-in: only grown-ups open a store for somebody. 404 for the child."""
    account = signed_in(request)
    if queries.is_a_child(account):
        raise Http404
    return account
