"""Whose address is hidden from an actor on a day, by a court order or a support measure, as one query."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from .actors import Actor, has_roster
from .models import Consent


def hidden_from(actor: Actor, on: date) -> "QuerySet[Any] | None":
    """The keys of the persons; None where nothing can be hidden from the actor here.

    From a partner node is hidden what is hidden from any of those who gave it a consent about the person: it cannot be
    seen from here to which of them it would show the answer.
    """
    if not has_roster():
        return None
    from terakoya.roster import api as roster

    if actor.node:
        orders = roster.addresses_hidden_from(None, on)
        stands = orders.filter(_is("person", "subject"), _is("hidden_from", "given_by"))
        given = Consent.objects.filter(Exists(stands), recipient=actor.node, events__kind="given")
        return given.values_list("subject", flat=True)
    if actor.person is None:
        return None
    return roster.addresses_hidden_from([actor.person], on).values_list("person", flat=True)


def _is(side: str, column: str) -> Q:
    """That somebody of an order is whom a consent names, be it under the key of an entry that is the same person."""
    return Q(**{side: OuterRef(column)}) | Q(**{f"{side}__aliases__entry": OuterRef(column)})
