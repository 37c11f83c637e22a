"""The log of what registered programs read: one object, or a page of a list about many people as one line."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from terakoya.audit import api as audit

from .actors import Actor, has_roster
from .decisions import Decision
from .recording import facts_of_use

FEW = 3  # of so many people each has the line as their own, sealed under their key


def note_one(
    actor: Actor, decision: Decision, what: str, subject: UUID, *, count: int = 1, reference: str = ""
) -> None:
    """Write that a program read or wrote one object about a person; it is on the disk when this returns."""
    facts = facts_of_use(actor, decision, what, count=count, reference=reference)
    audit.append_together([audit.Release(facts, [subject])])


def note_list(
    actor: Actor,
    decision: Decision,
    what: str,
    people: Sequence[UUID],
    *,
    count: int,
    reference: str,
    walk: UUID,
    all_between: bool = False,
) -> None:
    """Write that a program read a page of a list about these people; it is on the disk when this returns.

    count: rows of the page; reference: the list and how it was filtered, for whoever checks the log
    walk: the reading that the page belongs to; all_between: see ``audit.page_read``
    """
    facts = facts_of_use(actor, decision, what, count=count, reference=reference)
    if len(people) <= FEW:
        audit.append_together([audit.Release(facts, people)])
        return
    page = audit.page_read(actor.system, what, walk, people, all_between=all_between)
    audit.append_together([audit.Release(facts, [], read=page)])


def reads_about(person: UUID, since: datetime | None, *, before: int | None, limit: int | None) -> list[audit.Entry]:
    """The pages of lists that a person was on, newest first; none from before the roster knew them."""
    entered = _entered(person)
    if entered is None:
        return []
    return audit.reads_about(person, max(since, entered) if since else entered, before=before, limit=limit)


def _entered(person: UUID) -> datetime | None:
    """When the roster first had somebody; None where it does not: no list of this node holds them."""
    if not has_roster():
        return None
    from terakoya.roster import api as roster

    return roster.known_since(person)
