"""The log entries of a roster that was taken over, and of what was written out of it."""

from collections.abc import Sequence
from uuid import UUID

from terakoya.roster.api import Export, RosterImport

from .actors import actor_named
from .decisions import may
from .recording import record_access

CATEGORY, PURPOSE = "subject.identity", "school_administration"
LISTED = ("subject.identity", "subject.contact")
EXPORTED = ("subject.identity", "subject.official", "subject.contact", "subject.guardianship")


def note_import(entry: RosterImport, people: int) -> None:
    """Write one entry, in the transaction of the import. It names no subjects: it is about all of them."""
    _note(entry.by, CATEGORY, "roster_import", people, str(entry.uuid))


def note_export(export: Export, by: str) -> None:
    """Write one entry for each category that a package tells of; without the right to one, no package is released."""
    for category in EXPORTED:
        _note(by, category, "roster_export", export.people, str(export.uuid))


def note_list(people: list[UUID], by: str) -> None:
    """Write an entry about everybody on a list of a school that is taken away, for each category it tells of."""
    for category in LISTED:
        _note(by, category, "roster_list", len(people), "", people)


def _note(by: str, category: str, what: str, count: int, reference: str, people: Sequence[UUID] = ()) -> None:
    actor = actor_named(by)
    decision = may(actor, category, PURPOSE, None)
    record_access(actor, decision, people, category, PURPOSE, what, count=count, reference=reference)
