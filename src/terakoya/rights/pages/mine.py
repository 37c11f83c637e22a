"""What I asked for: the list, one request with its answer, and taking it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access import api as access
from terakoya.access.api import declares
from terakoya.kit import clock
from terakoya.rights import answering, family, holdings, questions, requests, words
from terakoya.rights.errors import RightsError
from terakoya.rights.policy import OWN, PURPOSE

from .doors import own_request


@require_safe
@login_required
@declares(OWN)
def home(request: HttpRequest) -> HttpResponse:
    """Three things one may ask, and how far those stand that one asked."""
    actor = access.actor_of(request)
    people = family.spoken_for(actor)
    values = {
        "choices": [_choice(kind) for kind in requests.KINDS] if people else [],
        "mine": requests.asked_by(actor),
        "asked": questions.asked_by(actor),
        "people": {one.person: one for one in people},
        "speaks_for": people,
        "days": requests.days_to_decide(),
    }
    return render(request, "rights/home.html", values)


@require_safe
@login_required
@declares(OWN)
def request_page(request: HttpRequest, number: UUID) -> HttpResponse:
    """One request: its number, how far it stands, the answer, and what follows."""
    return render(request, "rights/request.html", _values(own_request(request, number), access.actor_of(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(OWN)
def take_back(request: HttpRequest, number: UUID) -> HttpResponse:
    """Ask once, then take the request back; taken back already is no fault."""
    standing = own_request(request, number)
    if request.method == "POST":
        try:
            requests.withdraw(standing.request, by=access.actor_of(request))
        except RightsError as refusal:
            messages.error(request, refusal.sentence)
        else:
            # family
            messages.success(request, _("You took the request back."))
        return redirect("rights.request", number=number)
    if not standing.open:
        return redirect("rights.request", number=number)
    return render(request, "rights/take_back.html", _values(standing, access.actor_of(request)))


def _values(standing: requests.Standing, reader: access.Actor) -> dict[str, Any]:
    """The request as its asker reads it, who may be no guardian any more, or not be told where the child learns."""
    asked = standing.request
    consents = access.may(reader, "rights.consent", PURPOSE, asked.subject).permitted
    parts = holdings.holdings(asked.categories)
    until = max((one.until for one in asked.disclosed.all()), default=None)
    return {
        "standing": standing,
        "asked": asked,
        "subject": family.someone_of(reader, asked.subject),
        "kind_name": words.kind_name(asked.kind),
        "article": words.article_words(asked.kind),
        "categories": [access.category_name(one) for one in asked.categories],
        "owners": list(dict.fromkeys(str(one.owner) for one in parts)),
        "until": until if until and until >= clock.today() else None,
        "ended": answering.ended_by(asked) if asked.kind == "stop" and consents else [],
        "clause": _clause(standing),
    }


def _clause(standing: requests.Standing) -> str:
    decision = standing.decision
    return words.clause_words(standing.request.kind, decision.clause) if decision and decision.clause else ""


def _choice(kind: str) -> dict[str, str]:
    named = {"name": words.kind_name(kind), "article": words.article_words(kind)}
    return {"kind": kind, "icon": words.ICONS[kind], **named}
