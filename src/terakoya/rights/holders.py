"""Who holds what about a person: this node, who received or gave by agreement, and who works for this node."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from terakoya.access import api as access
from terakoya.exchange import api as exchange
from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.standards.categories import CATEGORIES

from .holdings import given_to, holdings
from .models import Entrustment


@dataclass(frozen=True)
class Kept:
    """Something that an organisation holds.

    until: the last day; kept: in words how long, where no day is known; consent: the agreement by which it has it
    state: ``held`` | ``on_its_way`` | ``deleting`` (told to delete, not confirmed) | ``kept`` (ended, and it need not
    delete) | ``original`` (it gave a copy here)
    """

    what: tuple[str, ...]
    ground: str
    until: date | None = None
    kept: str = ""
    consent: UUID | None = None
    state: str = "held"


@dataclass(frozen=True)
class Holder:
    """An organisation with all that it holds about the person."""

    name: str
    own: bool
    kept: tuple[Kept, ...]


def holders(reader: access.Actor, person: UUID) -> list[Holder]:
    """Who holds what about a person, this node first; only what the reader may be told of today."""
    found: dict[tuple[bool, str], list[Kept]] = {}
    for own, name, kept in (*_here(reader, person), *_elsewhere(reader, person)):
        found.setdefault((own, name), []).append(kept)
    return [Holder(name, own, tuple(kept)) for (own, name), kept in found.items()]


def _here(reader: access.Actor, person: UUID) -> Iterator[tuple[bool, str, Kept]]:
    """What this node's rooms hold, and who handles it under a contract with this node."""
    given = given_to(reader, person, list(dict.fromkeys(one.category for one in holdings())))
    held = [one for one in holdings() if one.category in given and one.count(person)]
    for one in held:
        yield True, settings.NODE_NAME, Kept((str(one.label),), _ground(one.category), kept=_how_long(one.category))
    today, here = clock.today(), {one.category for one in held}
    for entrusted in Entrustment.objects.filter(Q(ends=None) | Q(ends__gt=today), begins__lte=today).order_by("pk"):
        if shared := sorted(here & set(entrusted.categories)):
            names = tuple(access.category_name(category) for category in shared)
            ground, kept = _entrusted(entrusted.task), _while_contracted()
            yield False, entrusted.partner, Kept(names, ground, until=entrusted.ends, kept=kept)


def _how_long(category: str) -> str:
    """The rule of the school's data holds where the school's data are; a store and others keep by contract."""
    if settings.NODE_KIND == "city" or category.startswith("rights."):
        return CATEGORIES[category].kept(get_language() or "ja")
    # family
    store = _("As long as your family keeps this store")
    return store if settings.NODE_KIND == "pds" else _while_contracted()


def _while_contracted() -> str:
    # family
    return _("As long as the contract lasts")


def _ground(category: str) -> str:
    if category.startswith("rights."):
        # family
        return _("So that it can be proved later")
    # family
    school = _("Duty of the school and the board of education")
    # family
    store = _("Your family's contract with this store")
    # family
    others = _("Contract with your family, or with your school")
    return {"city": school, "pds": store}.get(settings.NODE_KIND, others)


def _entrusted(task: str) -> str:
    # family
    return _("Works for this organisation: %(task)s") % {"task": task}


def _elsewhere(reader: access.Actor, person: UUID) -> Iterator[tuple[bool, str, Kept]]:
    """To whom something went by agreement, and from whom something came."""
    if not access.may(reader, "rights.consent", "rights", person).permitted:
        return
    received: dict[UUID, int] = {}
    for one in exchange.transfers_of(person):
        received[one.grant.consent] = max(one.received, received.get(one.grant.consent, 0))
    for consent in access.consents_about(person):
        # family
        agreed = _("Your family's agreement")
        names = _names(consent)
        if consent.recipient == node_uri():
            if access.state_of(consent) == "given":
                # family
                theirs = _("It holds the original; you agreed that a copy comes here")
                yield False, consent.holder_name, Kept(names, theirs, consent=consent.uuid, state="original")
        elif (state := _state(consent, received.get(consent.uuid, 0))) is not None:
            until = consent.valid_until if state != "deleting" else None
            yield False, consent.recipient_name, Kept(names, agreed, until, consent=consent.uuid, state=state)


def _names(consent: access.Consent) -> tuple[str, ...]:
    terms = access.readable(consent)
    return (*terms["categories"], *terms["subjects"])


def _state(consent: access.Consent, received: int) -> str | None:
    if access.state_of(consent) == "given":
        return "held" if received else "on_its_way"
    deletion = exchange.deletion_of(consent)
    if deletion is None or deletion.state == "confirmed" or not received:
        return None
    return "deleting" if deletion.state == "waiting" else "kept"
