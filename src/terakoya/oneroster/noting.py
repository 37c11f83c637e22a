"""What stands before every answer about people: the decision, a log that stands well, and the line in it."""

import time
from uuid import UUID, uuid4

from terakoya.access import api as access
from terakoya.audit import api as audit

from .errors import Refused
from .readers import Reader

GLANCE_SECONDS = 20.0  # a log that stood well is not looked at again for every page
_well: list[float] = []


def check(reader: Reader, category: str) -> None:
    """Refuse a use that the matrix does not open to the system, or any while the log is not in order.

    Raises ``NotPermitted``, ``Refused`` (429). Where data are about nobody there is nothing to decide.
    """
    if not category:
        return
    decision = reader.may(category)
    if not decision.permitted:
        raise decision.refusal()
    _check_log()


def note_list(
    reader: Reader, category: str, what: str, people: list[UUID], *, count: int, asked: str, walk: UUID | None = None
) -> None:
    """Bring to the disk that a page of a list left the node: about whom, how many rows, and what was asked.

    walk: the reading whose pages go by persons, one after the other; None where the page does not
    """
    access.note_list(
        reader.actor,
        reader.may(category),
        f"list_{what}",
        people,
        count=count,
        reference=asked[:1000],
        walk=walk or uuid4(),
        all_between=walk is not None and not asked and reader.schools is None,
    )


def note_object(reader: Reader, category: str, what: str, person: UUID, *, count: int = 1) -> None:
    """Bring to the disk that an object about a person left the node, or came to it. Raises ``NotPermitted``.

    The person is one of the reader's schools, as whatever a list gives: what the matrix opens of these as a whole it
    opens of each.
    """
    access.note_one(reader.actor, reader.may(category), f"one_{what}", person, count=count)


def _check_log() -> None:
    now = time.monotonic()
    if _well and now - _well[0] < GLANCE_SECONDS:
        return
    if not audit.may_release():
        sentence = "The log of this server is not in order, so it gives nothing about people for now."
        raise Refused(429, "server_busy", sentence)
    _well[:] = [now]
