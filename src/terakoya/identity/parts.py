"""Which part an account plays at this node. Rooms above know; this room only asks."""

from collections.abc import Callable

from django.http import HttpRequest

from .administrators import is_administrator
from .models import Account

STAFF, PUPIL, FAMILY, NOBODY = "staff", "pupil", "family", ""
_finders: list[Callable[[HttpRequest], str]] = []


def register_part(find: Callable[[HttpRequest], str]) -> None:
    """Register the function that says which part whoever makes a request plays: staff, pupil, family or nothing."""
    _finders.append(find)


def part_of(request: HttpRequest) -> str:
    """The part of whoever makes the request; clerks are staff also where nothing is registered."""
    if is_administrator(request):
        return STAFF
    return next((part for find in _finders if (part := find(request))), NOBODY)


def part_of_account(account: Account) -> str:
    """The part of an account, whoever asks."""
    request = HttpRequest()
    request.user = account
    return part_of(request)
