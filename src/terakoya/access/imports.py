"""The log entry of a roster that was taken over."""

from django.conf import settings

from terakoya.identity.api import account_named
from terakoya.roster.api import RosterImport

from .actors import Actor, actor_of_account
from .decisions import may
from .recording import record_access

CATEGORY, PURPOSE = "subject.identity", "school_administration"


def note_import(entry: RosterImport, people: int) -> None:
    """Write one entry, in the transaction of the import. It names no subjects: it is about all of them."""
    account = account_named(entry.by)
    actor = actor_of_account(account) if account else _clerk(entry.by)
    decision = may(actor, CATEGORY, PURPOSE, None)
    record_access(actor, decision, [], CATEGORY, PURPOSE, "roster_import", count=people, reference=str(entry.uuid))


def _clerk(name: str) -> Actor:
    """Whoever works at the node's own command line acts as its clerk."""
    stakeholder = "establisher" if settings.NODE_KIND == "city" else settings.KIND.staff
    return Actor(stakeholder, "administrator", name, settings.NODE_NAME)
