"""Cases of child protection: their entries are in the log at once, and are shown once the case has been opened."""

from typing import Any
from uuid import UUID

from . import keys
from .appending import Leaf, append, locked_head
from .errors import UnknownCase
from .models import LogCase, LogSubject


def open_case(case: UUID, facts: dict[str, Any]) -> Leaf:
    """Show the entries of a case, those to come too, to whom they are about. Done once, in the caller's transaction.

    The entry about it names the same persons. Raises ``UnknownCase`` when there is none that is still closed.
    """
    head = locked_head()
    row = LogCase.objects.filter(uuid=case, opened=None).first()
    if row is None:
        raise UnknownCase(case)
    people = LogSubject.objects.filter(entry__case=case, person__isnull=False).exclude(wrapped=b"")
    opening = {"opens": keys.CaseKey().commitment(head.size, case)}
    row.opened = head.size
    row.save(update_fields=["opened"])
    return append(facts, set(people.values_list("person", flat=True)), public=opening)
