"""A planned year before a reader: whether it is theirs, wholly or in part, and whom of it they may see."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from terakoya.roster import api as roster

from .desk import Desk, of_request, opened


def plan_of(request: HttpRequest, key: UUID) -> Any:
    """The planned year, if it is about a school of the reader; to everybody else there is none."""
    found = roster.life.rollover_of(key)
    desk = of_request(request)
    if found is None or not (desk.is_board or {str(one) for one in desk.keys} & set(found.schools)):
        raise Http404
    return found


def is_whole(desk: Desk, plan: Any) -> bool:
    """Whether the reader keeps every school of the plan, so that they may begin it, take it back or put it away."""
    return desk.is_board or set(plan.schools) <= {str(key) for key in desk.keys}


def whole_plan_of(request: HttpRequest, key: UUID) -> Any:
    """The planned year for what only who keeps every school of it may do."""
    found = plan_of(request, key)
    if not is_whole(of_request(request), found):
        raise PermissionDenied
    return found


def room_of(request: HttpRequest, key: UUID, number: int) -> Any:
    """A class of a planned year at a school of the reader."""
    plan = plan_of(request, key)
    found = plan.classes.select_related("school", "homeroom", "rollover").filter(pk=number).first()
    if found is None or not of_request(request).keeps(found.school_id):
        raise Http404
    return found


def placement_of(request: HttpRequest, key: UUID, number: int) -> Any:
    """What becomes of a pupil of a school of the reader."""
    plan = plan_of(request, key)
    rows = plan.placements.select_related("pupil", "school", "old_class", "planned", "rollover")
    found = rows.filter(pk=number).first()
    if found is None or not of_request(request).keeps(found.school_id):
        raise Http404
    return found


def seen(request: HttpRequest, placements: Iterable[Any]) -> tuple[list[Any], Any]:
    """Those of the placements whose pupils the reader may see, in the log; and the decision that says why."""
    rows = list(placements)
    decisions = opened(request, [one.pupil_id for one in rows], "year_plan")
    return [one for one in rows if one.pupil_id in decisions], next(iter(decisions.values()), None)
