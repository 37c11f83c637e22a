"""Who stands at the desk: the board for all its schools, the head or the office of a school for their own."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from terakoya.access import api as access
from terakoya.access.errors import NotPermitted
from terakoya.roster import api as roster

View = Callable[..., HttpResponse]
NAMES, OFFICIAL, PURPOSE = "subject.identity", "subject.official", "school_administration"
USE = access.Use((NAMES,), PURPOSE)


@dataclass(frozen=True)
class Desk:
    """A reader at the desk. ``schools`` are those whose register they keep, by name; ``is_board``: all of the board."""

    actor: access.Actor
    schools: list[roster.Organisation]
    is_board: bool

    @property
    def keys(self) -> set[UUID]:
        return {school.uuid for school in self.schools}

    @property
    def limits(self) -> set[UUID] | None:
        """The schools to which a question is limited; None where it is about all."""
        return None if self.is_board else self.keys

    def keeps(self, school: UUID) -> bool:
        return self.is_board or school in self.keys

    def school(self, key: object) -> roster.Organisation | None:
        """One of the schools by its key as it stands in an address; the first one where none is named rightly."""
        chosen = (school for school in self.schools if str(school.uuid) == str(key))
        return next(chosen, self.schools[0] if self.schools else None)


def desk_of(request: HttpRequest) -> Desk | None:
    """The desk of whoever makes the request, found once a request; None for everybody else."""
    if not hasattr(request, "_desk"):
        request._desk = _desk(access.actor_of(request))  # type: ignore[attr-defined]
    found: Desk | None = request._desk  # type: ignore[attr-defined]
    return found


def has_desk(request: HttpRequest) -> bool:
    """Whether the reader keeps the register of a school."""
    return desk_of(request) is not None


def is_board(request: HttpRequest) -> bool:
    """Whether the reader keeps the registers of all schools."""
    desk = desk_of(request)
    return desk is not None and desk.is_board


def at_the_desk(view: View) -> View:
    """Let in whoever keeps the register of a school; others are asked to sign in, or told no."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_desk(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def for_the_board(view: View) -> View:
    """Let in only those who keep the registers of all schools."""

    @wraps(view)
    @login_required
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not is_board(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def of_request(request: HttpRequest) -> Desk:
    """The desk behind a page that is guarded by :func:`at_the_desk`."""
    desk = desk_of(request)
    if desk is None:
        raise Http404
    return desk


def opened(
    request: HttpRequest, people: Collection[UUID], what: str, category: str = NAMES
) -> dict[UUID, access.Decision]:
    """Decide for each of the people and write those who may be shown into the log; nobody: nothing to write."""
    try:
        return access.open_record(request, category, PURPOSE, people, what) if people else {}
    except NotPermitted:
        return {}


def _desk(actor: access.Actor) -> Desk | None:
    if actor.stakeholder == "establisher" and actor.role == "administrator":
        return Desk(actor, roster.life.schools(), is_board=True)
    kept = roster.life.schools_kept_by(actor.person) if actor.stakeholder == "school" and actor.person else []
    return Desk(actor, kept, is_board=False) if kept else None
