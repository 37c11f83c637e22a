"""What this room's data may be used for, and who counts as family."""

from collections.abc import Iterator
from datetime import date

from terakoya.access.api import Actor, Ties, Use

from .models import Membership

RECORDS = "activity.learning_school"
OWN_USE = Use((RECORDS, "subject.identity"), "own_use")
FAMILY = Use(("subject.identity", "subject.guardianship"), "own_use")
RIGHTS = Use(("rights.access_log", "rights.consent"), "rights")
DATASET = "learning-records"


def family_ties(actor: Actor, on: date) -> Iterator[Ties]:
    """``guardian`` or ``self``: what the account behind the actor is to the children in this store."""
    if actor.account is not None:
        for capacity in Membership.Capacity.values:
            yield Ties(capacity, Membership.objects.filter(account=actor.account, capacity=capacity), "child_id")
