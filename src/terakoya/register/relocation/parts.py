"""What other rooms send along with a pupil: each registers its part by name, and takes it in at the other end.

The register sends who the pupil is and where they were. A part of a name that the new municipality does not know stays
in the package, unread.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from terakoya.access import api as access

PURPOSE = "school_transfer"


class Part(Protocol):
    """Something a room sends along. All are called in the transaction of the step.

    category: of ``standards.categories``; sent only where the matrix lets the next school have it
    """

    name: str
    category: str

    def collect(self, person: UUID, last_day: date) -> Any:
        """What is sent along of a pupil, as JSON can say it; None for nothing."""
        ...

    def take(self, person: UUID, content: Any, relocation: UUID) -> None:
        """Take in what came; ValueError for what cannot be read."""
        ...

    def give_back(self, person: UUID, relocation: UUID) -> None:
        """Remove what was taken in under a relocation that was taken back."""
        ...


_parts: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Register what a room sends along; called in ``apps.ready()``."""
    _parts[part.name] = part


def collected(recipient: access.Actor, person: UUID, last_day: date) -> dict[str, Any]:
    """All parts that the recipient may have of a pupil, by name."""
    found = {}
    for part in _parts.values():
        if access.may(recipient, part.category, PURPOSE, person).permitted:
            content = part.collect(person, last_day)
            if content is not None:
                found[part.name] = content
    return found


def known(parts: dict[str, Any]) -> Iterator[tuple[Part, Any]]:
    """The parts of a package that a room here takes in."""
    for name, content in parts.items():
        if name in _parts:
            yield _parts[name], content


def unknown(parts: dict[str, Any]) -> list[str]:
    """The names of the parts that no room here takes in."""
    return sorted(set(parts) - set(_parts))
