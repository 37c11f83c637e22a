"""What this room's data may be used for, and who counts as family."""

from datetime import date
from uuid import UUID

from terakoya.access.api import Actor, Use

from .models import Membership

RECORDS = "activity.learning_school"
OWN_USE = Use((RECORDS, "subject.identity"), "own_use")
FAMILY = Use(("subject.identity", "subject.guardianship"), "own_use")
RIGHTS = Use(("rights.access_log", "rights.consent"), "rights")
DATASET = "learning-records"


def family_relation(actor: Actor, subject: UUID, on: date) -> str | None:
    """``guardian`` or ``self``: what the account behind the actor is to the child in this store."""
    if actor.account is None:
        return None
    known = Membership.objects.filter(account=actor.account, child=subject).first()
    return known.capacity if known else None
