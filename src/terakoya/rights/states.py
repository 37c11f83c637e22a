"""What may happen to a request, and what follows from what has happened. Pure: events in, state out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from terakoya.kit import clock

DECISIONS = ("granted", "partly", "refused")
OPEN = ("received", "checking")
ENDS = ("refused", "done", "withdrawn")
FOLLOWS: dict[str, tuple[str, ...]] = {
    "": ("received",),
    "received": ("checking", "extended", "withdrawn", "overdue"),
    "checking": ("extended", "withdrawn", "overdue", *DECISIONS),
    "granted": ("done",),
    "partly": ("done",),
    "refused": (),
    "done": (),
    "withdrawn": (),
}
"""Which events may come in which state. ``extended`` and ``overdue`` leave the state as it is; each comes once."""

MARKS = ("extended", "overdue")


@dataclass(frozen=True)
class Term:
    """Until when a request must be decided: ``due`` is the last day; ``left`` the days to it, below 0 when late."""

    due: date
    left: int


def state_after(kinds: Iterable[str]) -> str:
    """The state after events in their order: the last one that is no mark; "" before the first."""
    state = ""
    for kind in kinds:
        if kind not in MARKS:
            state = kind
    return state


def may_follow(kinds: Sequence[str], kind: str) -> bool:
    """Whether the event may come after these; none comes twice."""
    return kind not in kinds and kind in FOLLOWS[state_after(kinds)]


def term(received: datetime, days: int, extended: bool, today: date) -> Term:
    """The term of a request received at an instant (APPI art. 83, 94, 102: 30 days, extended by 30 at most).

    The day of receipt does not count (Civil Code art. 140).
    """
    due = received.astimezone(clock.JAPAN).date() + timedelta(days=2 * days if extended else days)
    return Term(due, (due - today).days)
