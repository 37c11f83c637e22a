"""What this room's data may be used for, and who counts as family."""

from collections.abc import Collection, Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q

from terakoya.access.api import Actor, Birth, Ties, Use
from terakoya.kit import clock
from terakoya.standards import ages

from .models import Child, Membership

RECORDS = "activity.learning_school"
OWN_USE = Use((RECORDS, "subject.identity"), "own_use")
FAMILY = Use(("subject.identity", "subject.guardianship"), "own_use")
RIGHTS = Use(("rights.access_log", "rights.consent"), "rights")
DATASET = "learning-records"


def family_ties(actor: Actor, on: date) -> Iterator[Ties]:
    """``guardian`` or ``self``: what the account behind the actor is to the children in this store.

    A guardian is nothing more from the child's 18th birthday on (Civil Code, arts. 4 and 818).
    """
    if actor.node or (actor.account is None and actor.person is None):
        return
    mine = {"account": actor.account} if actor.account is not None else {"account__person": actor.person}
    known = Membership.objects.filter(**mine)
    yield Ties("guardian", known.filter(minor(on), capacity=Membership.Capacity.GUARDIAN), "child_id")
    yield Ties("self", known.filter(capacity=Membership.Capacity.SELF), "child_id")


def minor(on: date) -> Q:
    """The memberships whose child is under age on a day: the rule of ``Child.is_of_age`` in the database's words."""
    born = Q(child__birth_date__gt=ages.of_age_born_by(on))
    return born | Q(child__birth_date=None, child__entered_school__gt=clock.school_year(on) - 12)


def births(people: Collection[UUID]) -> dict[UUID, Birth]:
    """The birth dates of the children of this store."""
    return {child.person: child.birth for child in Child.objects.filter(person__in=people)}
