"""What staff must know whatever page they are on: rooms register it, the frame of staff pages shows it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise


@dataclass(frozen=True)
class StaffNotice:
    """One sentence, how urgent it is ("info", "warning", "error"), and the page that tells more."""

    text: str | Promise
    tone: str
    href: str
    link: str | Promise


_makers: list[Callable[[], StaffNotice | None]] = []


def register_staff_notice(make: Callable[[], StaffNotice | None]) -> None:
    """Register what gives a notice, or None when all is well."""
    _makers.append(make)


def staff_notices(request: HttpRequest) -> Iterator[StaffNotice]:
    """The notices for whoever is signed in; strangers are not told of the node's troubles on every page."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        yield from (notice for make in _makers if (notice := make()) is not None)
