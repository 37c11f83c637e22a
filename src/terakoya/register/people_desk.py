"""Whom a reader may see at the desk, as a query, and one person opened with the line in the log."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from terakoya.access import api as access
from terakoya.roster import api as roster

from .desk import NAMES, OFFICIAL, PURPOSE, of_request

GUARDIANS = "subject.guardianship"


def seen_by(request: HttpRequest, category: str = OFFICIAL) -> "QuerySet[roster.Person]":
    """The people whom the reader may see at the desk today."""
    actor = of_request(request).actor
    return roster.everybody().filter(access.visible(actor, category, PURPOSE, "pk"))


def person_at_desk(request: HttpRequest, key: UUID, what: str, category: str = OFFICIAL) -> roster.Person:
    """A person by any of their keys, decided and written into the log; raises 404 or ``NotPermitted``."""
    person = roster.person(key)
    if person is None:
        raise Http404
    of_request(request)
    access.open_record(request, category, PURPOSE, [person.uuid], what)
    return person


def names_seen(request: HttpRequest, people: list[UUID]) -> set[UUID]:
    """Those of some people whose names the reader may see."""
    decisions = access.may_each(of_request(request).actor, NAMES, PURPOSE, people)
    return {person for person, decision in decisions.items() if decision.permitted}


def by_name(request: HttpRequest) -> str:
    """How the history names whoever makes the request."""
    return request.user.get_username()[:150]
