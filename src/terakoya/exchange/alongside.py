"""What rooms send along when a learner moves to another organisation: each registers its part, and takes it in there.

The room that makes the package (the register's) says for which purpose. A part of a name that the other side does not
know stays in the package, unread.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from terakoya.access import api as access


class Part(Protocol):
    """Something a room sends along. All are called in the transaction of the step.

    category: of ``standards.categories``; sent only where the matrix lets the recipient have it
    """

    name: str
    category: str

    def collect(self, person: UUID, last_day: date) -> Any:
        """What is sent along of a person, as JSON can say it; None for nothing."""
        ...

    def take(self, person: UUID, content: Any, move: UUID) -> None:
        """Take in what came; ValueError for what cannot be read."""
        ...

    def give_back(self, person: UUID, move: UUID) -> None:
        """Remove what was taken in under a move that was taken back."""
        ...


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Register what a room sends along; called in ``apps.ready()``."""
    _parts[part.name] = part


def parts_for(recipient: access.Actor, purpose: str, person: UUID, last_day: date) -> dict[str, Any]:
    """All parts that the recipient may have of a person for a purpose, by name."""
    found = {}
    for part in _parts.values():
        if access.may(recipient, part.category, purpose, person).permitted:
            content = part.collect(person, last_day)
            if content is not None:
                found[part.name] = content
    return found


def parts_known(parts: dict[str, Any]) -> Iterator[tuple[Part, Any]]:
    """The parts of a package that a room here takes in."""
    for name, content in parts.items():
        if name in _parts:
            yield _parts[name], content


def parts_unknown(parts: dict[str, Any]) -> list[str]:
    """The names of the parts that no room here takes in."""
    return sorted(set(parts) - set(_parts))
