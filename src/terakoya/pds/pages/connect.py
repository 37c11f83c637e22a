"""Connecting the child's school: out to the city, back again, and the records on their way."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import actor_of, declares
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import AuthorisationUnknown, ExchangeError, PartnerAway
from terakoya.identity.api import node_uri
from terakoya.kit import clock
from terakoya.pds import queries
from terakoya.pds.forms import HolderForm
from terakoya.pds.models import Child
from terakoya.pds.policy import DATASET, FAMILY, OWN_USE
from terakoya.records import api as records
from terakoya.ui.api import let_forms_lead_to

from .doors import decider_of, membership, signed_in

AT_WORK = ("REQUESTED", "STARTED", "SUSPENDED")


@require_http_methods(["GET", "HEAD", "POST"])
@declares(FAMILY)
@login_required
def connect(request: HttpRequest, person: UUID) -> HttpResponse:
    """Choose the city; the post leads the browser to it."""
    child = decider_of(request, person)
    cities = exchange.partners(kind="city")
    form = HolderForm(request.POST or None, holders=[(city.uri, city.name) for city in cities])
    away = False
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_ask(child, form.cleaned_data["holder"]))
        except ExchangeError:
            away = True
    context = {"form": form, "child": child, "cities": cities, "away": away}
    response = render(request, "pds/connect.html", context, status=503 if away else 200)
    return let_forms_lead_to(response, [city.uri for city in cities])


def _ask(child: Child, holder: str) -> str:
    """Prepare the question to the city; the address to go to."""
    back = node_uri() + reverse("pds.connect_return")
    return exchange.begin_authorisation(holder, DATASET, "own_use", {}, last_day(clock.today()), child.person, back)


def last_day(day: date) -> date:
    """How long the school's records come in by themselves: a year, the most that one agreement may last."""
    return day + timedelta(days=364)


@require_safe
@declares(FAMILY)
@login_required
def come_back(request: HttpRequest) -> HttpResponse:
    """The browser comes back from the city with a code, or with a no."""
    state = request.GET.get("state", "")
    try:
        child = decider_of(request, exchange.asked_subject(state))  # the one who asked is the one who is back
    except AuthorisationUnknown:
        return render(request, "pds/connect_failed.html", {"child": None}, status=404)
    if request.GET.get("error"):
        return render(request, "pds/connect_refused.html", {"child": child})
    try:
        grant = exchange.complete_authorisation(state, request.GET.get("code", ""))
    except PartnerAway:
        return render(request, "pds/connect_failed.html", {"child": child, "away": True}, status=503)
    except ExchangeError:
        return render(request, "pds/connect_failed.html", {"child": child}, status=410)
    if twin := _connected_already(request, grant):
        access.withdraw(grant.consent, by=actor_of(request), reason="the same pupil was connected before")
        return render(request, "pds/connect_twin.html", {"child": child, "twin": twin}, status=409)
    return redirect("pds.arriving", person=child.person)


def _connected_already(request: HttpRequest, grant: exchange.Grant) -> Child | None:
    """The other child of the family that is the same pupil to the city: a wrong choice was made there once."""
    for other in queries.children_of(signed_in(request)):
        known = exchange.grants_of(other.person) if other.person != grant.subject else []
        if any((each.partner_id, each.pairwise) == (grant.partner_id, grant.pairwise) for each in known):
            return other
    return None


@require_safe
@declares(OWN_USE)
@login_required
def arriving(request: HttpRequest, person: UUID) -> HttpResponse:
    """How far the records have come; asks again every second while they are on their way."""
    child = membership(request, person).child
    transfer = next((each for each in exchange.transfers_of(person) if each.side == "recipient"), None)
    at_work = transfer is not None and transfer.state in AT_WORK
    context = {
        "child": child,
        "transfer": transfer,
        "at_work": at_work,
        "percent": _percent(transfer),
        "count": records.count_about(person),
        "partial": "HX-Request" in request.headers,
    }
    template = "pds/arriving_progress.html" if context["partial"] else "pds/arriving.html"
    response = render(request, template, context)
    if at_work and not context["partial"]:
        response.headers["Refresh"] = "5"  # for readers without scripts; with them the fragment is quicker
    return response


def _percent(transfer: exchange.Transfer | None) -> int:
    if transfer is None:
        return 0
    if transfer.state == "COMPLETED":
        return 100
    return min(99, round(100 * transfer.received / transfer.expected)) if transfer.expected else 0
