"""The holder's page of a consent: a partner asks for records, and whoever may decide says yes or no."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_http_methods

from terakoya.access import api as access
from terakoya.access.api import Use, actor_of, declares
from terakoya.access.errors import ConsentRefused, NotPermitted
from terakoya.ui.api import let_forms_lead_to

from . import api
from .errors import AuthorisationDecided, AuthorisationExpired, AuthorisationUnknown
from .models import AuthorisationRequest


@dataclass(frozen=True)
class Decider:
    """For whom the reader may decide: a person with the name as the school writes it, and in which capacity."""

    person: UUID
    name: str
    kana: str
    capacity: str


@require_http_methods(["GET", "HEAD", "POST"])
@declares(Use(("subject.guardianship", "rights.consent", "activity.learning_school"), "rights"))
@login_required
def authorise(request: HttpRequest) -> HttpResponse:
    """Read who asks for what, and answer. First the child, where there are several."""
    try:
        asked = api.pending_authorisation(request.GET.get("request_uri", ""))
        return let_forms_lead_to(_answer(request, asked), [asked.redirect_uri])
    except AuthorisationUnknown:
        return render(request, "exchange/authorise_gone.html", {"why": "unknown"}, status=404)
    except AuthorisationExpired:
        return render(request, "exchange/authorise_gone.html", {"why": "expired"}, status=410)
    except AuthorisationDecided:
        return render(request, "exchange/authorise_gone.html", {"why": "decided"}, status=410)


def deciders(request: HttpRequest) -> list[Decider]:
    """Those whom the reader may decide for today: the own children, by the roster of this node; learners of age."""
    person = actor_of(request).person
    if person is None or "roster" not in settings.KIND.rooms:
        return []
    from terakoya.roster import api as roster

    known = [Decider(child.uuid, child.name, child.kana, "guardian") for child in roster.children_of(person)]
    reader = roster.person(person)
    if reader is not None and access.deciders(person).decides == "self":
        known.insert(0, Decider(person, reader.name, reader.kana, "self"))
    return known


def _answer(request: HttpRequest, asked: AuthorisationRequest) -> HttpResponse:
    """Yes or no, each for one child, for whom the reader may decide; whoever may not, goes back without an answer."""
    known = deciders(request)
    context = {"asked": asked, "deciders": known, "partner": asked.partner}
    if not known:
        if request.method == "POST" and request.POST.get("answer") == "no":
            return redirect(api.turn_back(asked))
        return render(request, "exchange/authorise_nobody.html", context, status=403)
    chosen = request.POST.get("child") or request.GET.get("child") or ""
    decider = known[0] if len(known) == 1 else next((one for one in known if str(one.person) == chosen), None)
    if decider is None:
        return render(request, "exchange/authorise_child.html", context)
    return _decide(request, asked, decider)


def _decide(request: HttpRequest, asked: AuthorisationRequest, decider: Decider) -> HttpResponse:
    refused, terms = "", api.terms_of(asked, decider.person)
    say = {"yes": api.approve, "no": api.refuse}.get(request.POST.get("answer", ""))
    if say is not None:
        try:
            shown = access.unsealed(request.POST.get("notice", ""), terms, actor_of(request))
            return redirect(say(asked, decider.person, actor_of(request), decider.capacity, shown))
        except ConsentRefused as fault:
            refused = fault.sentence
    count = api.count_covered(asked.dataset_id, decider.person, asked.scope)
    notice = access.notice_of(terms)
    context = {
        "asked": asked,
        "partner": asked.partner,
        "decider": decider,
        "words": access.readable(terms),
        "notice": notice,
        "token": access.sealed(notice, terms, actor_of(request)),
        "deciders": access.deciders(decider.person).sentence(),
        "count": count,
        "example": _example(request, asked, decider) if count else None,
        "ends": access.agreed_before(terms, actor_of(request)),
        "refused": refused,
    }
    return render(request, "exchange/authorise.html", context)


def _example(request: HttpRequest, asked: AuthorisationRequest, decider: Decider) -> api.Example | None:
    """One of the child's own records, so that it is seen what the yes is about; a look like any other, and logged."""
    category = api.dataset(asked.dataset_id).category
    try:
        access.open_record(request, category, "own_use", [decider.person], "pupil_records")
    except NotPermitted:  # the question stands without it
        return None
    return api.example_covered(asked.dataset_id, decider.person, asked.scope)


routes = [path("authorise/", authorise, name="exchange.authorise")]
