"""What is held about a person, room by room: each room registers its holdings, and this room discloses them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise

from terakoya.access import api as access

from .policy import PURPOSE

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Holding:
    """Something that a room holds about persons.

    room, name: the room and a stable key ("learning-records"); category: an id of ``standards.categories``
    label: what it is, in the reader's words; owner: the system in which it is changed
    count, export: how many records of a person there are, and all of them, ready for JSON
    noted: the records are evidence of what happened and are never overwritten; a correction stands beside them
    where: the columns that tell where somebody lives or goes to school; left out for whom an order hides the address
    """

    room: str
    name: str
    category: str
    label: str | Promise
    owner: str | Promise
    count: Callable[[UUID], int]
    export: Callable[[UUID], Rows]
    noted: bool = False
    where: tuple[str, ...] = ()


_holdings: dict[str, Holding] = {}


def register_holding(holding: Holding) -> None:
    """Register what a room holds; called in ``apps.ready()``. A name registered again takes the place of the first."""
    _holdings[holding.name] = holding


def holdings(categories: list[str] | None = None) -> list[Holding]:
    """The holdings of this kind of node, or those of some categories."""
    mine = [one for one in _holdings.values() if one.room in settings.KIND.rooms]
    return mine if categories is None else [one for one in mine if one.category in categories]


def categories_held() -> list[str]:
    """The categories of which this kind of node can hold something, each once."""
    return list(dict.fromkeys(one.category for one in holdings()))


def categories_for(kind: str) -> list[str]:
    """The categories that a kind of request can be about: the proofs of one's rights are neither mended nor stopped."""
    held = categories_held()
    return held if kind == "disclosure" else [one for one in held if not one.startswith("rights.")]


def given_to(asker: access.Actor, person: UUID, categories: list[str]) -> dict[str, access.Decision]:
    """The decisions about those of the categories that the asker may be given about the person today.

    What a court order hides from a guardian is not among them (``access``).
    """
    decisions = {category: access.may(asker, category, PURPOSE, person) for category in categories}
    return {category: decision for category, decision in decisions.items() if decision.permitted}
