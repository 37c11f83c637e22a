"""What other systems propose for fields that they do not own: looked at, accepted or declined with a reason."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access.api import Use, declares
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, of_request, opened
from terakoya.register.people_desk import by_name, person_at_desk, seen_by
from terakoya.register.tabs import desk_tabs
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotDecide

CONTACT = "subject.contact"
WRITES = Use((NAMES, OFFICIAL, CONTACT), PURPOSE)
WHERE_ONE_LIVES = ("address", "phone", "sms", "email")
MOST = 100


@require_safe
@declares(WRITES)
@at_the_desk
@never_cache
def proposals(request: HttpRequest) -> HttpResponse:
    """The queue, the oldest first."""
    waiting = _of_reader(request)
    rows = list(waiting[:MOST])
    keys = {one.person for one in rows if one.person}
    decisions = opened(request, keys, "proposals", OFFICIAL)
    opened(request, {one.person for one in rows if one.person and one.field in WHERE_ONE_LIVES}, "proposals", CONTACT)
    people = roster.people(decisions)
    values = {
        "rows": [_line(one, people) for one in rows if one.person is None or one.person in decisions],
        "all": waiting.count(),
        "places": desk_tabs(request, "register.people"),
        "decision": next(iter(decisions.values()), None),
    }
    return render(request, "register/proposals.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(WRITES)
@at_the_desk
@never_cache
def proposal(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One proposal with both values, and the decision about it."""
    one = _of_reader(request).filter(pk=uuid).first()
    if one is None:
        raise Http404
    people = {}
    if one.person:
        category = CONTACT if one.field in WHERE_ONE_LIVES else OFFICIAL
        people = {one.person: person_at_desk(request, one.person, "proposals", category)}
    error = _decided(request, one) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return redirect("register.proposals")
    values = {"line": _line(one, people), "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "register/proposal.html", values, status=400 if error else 200)


def _of_reader(request: HttpRequest) -> Any:
    """The waiting proposals about people whom the reader may see; about schools and classes only the board's."""
    about = Q(person__in=seen_by(request).values("pk"))
    if of_request(request).is_board:
        about |= Q(person=None)
    return roster.who.proposals().filter(about)


def _decided(request: HttpRequest, one: Any) -> str:
    """Decide as the form says; the sentence with what is wrong, or nothing."""
    reason = request.POST.get("reason", "").strip()[:200]
    try:
        if "accept" in request.POST:
            roster.who.accept(one, by=by_name(request), reason=reason)
            messages.success(request, _("Entered into the register."))
        else:
            roster.who.decline(one, by=by_name(request), reason=reason)
            messages.info(request, _("Declined. The register stays as it is."))
    except CannotDecide as fault:
        return words.refusal(fault.reason)
    return ""


def _line(one: Any, people: dict[UUID, roster.Person]) -> dict[str, Any]:
    return {
        "proposal": one,
        "person": people.get(one.person) if one.person else None,
        "field": words.field_name(one.field),
        "current": words.value_of(one.field, one.current),
        "proposed": words.value_of(one.field, one.proposed),
        "origin": words.system_name(one.origin),
        "owner": words.system_name(one.owner),
    }


routes: list[URLPattern] = [
    path("register/proposals/", proposals, name="register.proposals"),
    path("register/proposals/<uuid:uuid>/", proposal, name="register.proposal"),
]
