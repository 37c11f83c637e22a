"""Pages of one's rights: the matrix, what one agreed to, how to stop, and who looked."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.kit import clock
from terakoya.kit.declaration import Use, declares
from terakoya.ui.api import with_reading

from . import answering, desk, matrix_pages
from .accesses import accesses_of
from .actors import Actor, actor_of, has_roster
from .answering import choices
from .assent import stop
from .decisions import may, may_each
from .documents import receipt_document
from .errors import UnknownConsent
from .models import Consent
from .queries import consent, consents_seen_by
from .receipts import receipt
from .states import ENDED, state_of
from .ties import family_of

# Looking at one's own consents and log is decided like any other use but leaves no entry: it releases nothing to anyone
# but the person, and a log that grew by being read would hide what matters.
OWN_CONSENTS = Use(("rights.consent",), "rights")
OWN_LOG = Use(("rights.access_log",), "rights")
LINES_A_PAGE = 50


@require_safe
@login_required
@declares(OWN_CONSENTS)
def consents(request: HttpRequest) -> HttpResponse:
    """What I agreed to, living and past."""
    actor = actor_of(request)
    mine = consents_seen_by(actor.person, _shown(actor)) if actor.person else []
    living = [one for one in mine if state_of(one) not in ENDED]
    past = [one for one in mine if state_of(one) in ENDED]
    values = {"living": living, "past": past, "people": subjects_of(mine, actor), "own": _all_own(actor, mine)}
    return render(request, "access/consents.html", values)


@require_safe
@login_required
@declares(OWN_CONSENTS)
def consent_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One consent as a receipt that can be printed."""
    found = own_consent(request, uuid)
    reader = actor_of(request)
    values = {"consent": found, "can": choices(found, reader), "people": subjects_of([found], reader)}
    return render(request, "access/consent.html", {**values, "own": _all_own(reader, [found])})


@require_safe
@login_required
@declares(OWN_CONSENTS)
def receipt_file(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt in the shape of ISO/IEC TS 27560."""
    answer = JsonResponse(receipt(own_consent(request, uuid)), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="consent-{uuid}.json"'
    return answer


@require_safe
@login_required
@declares(OWN_CONSENTS)
def receipt_sheet(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The receipt as a sheet of paper (PDF)."""
    found = own_consent(request, uuid)
    person = subjects_of([found], actor_of(request)).get(found.subject)
    name = with_reading(person.name, person.kana) if person else ""
    answer = HttpResponse(receipt_document(found, name=name), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="consent-{uuid}.pdf"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(OWN_CONSENTS)
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask once, then stop. Stopping what is stopped already is no fault. A child too young to stop it, answers."""
    found = own_consent(request, uuid)
    if state_of(found) not in ENDED and not choices(found, actor_of(request)).stop:
        return HttpResponseRedirect(reverse("access.answer", args=[uuid]))
    if request.method == "POST":
        stop(uuid, by=actor_of(request))
        # family
        messages.success(request, _("Stopped. From now on nothing more is passed on."))
        return HttpResponseRedirect(reverse("access.consent", args=[uuid]))
    if state_of(found) in ENDED:
        return HttpResponseRedirect(reverse("access.consent", args=[uuid]))
    values = {"consent": found, "people": subjects_of([found], actor_of(request))}
    return render(request, "access/withdraw.html", values)


@require_safe
@login_required
@declares(OWN_LOG)
def accesses(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who looked at the person's data on this node."""
    actor = actor_of(request)
    decision = may(actor, "rights.access_log", "rights", person)
    if not decision.permitted:
        raise decision.refusal()
    before = _place(request.GET.get("before", ""))
    lines = accesses_of(person, before=before, limit=LINES_A_PAGE + 1)
    shown = lines[:LINES_A_PAGE]
    values = {
        "lines": shown,
        "older": f"?before={shown[-1].id}" if len(lines) > LINES_A_PAGE else "",
        "newest": request.path if before is not None else "",
        "decision": decision,
        "subject": people_named([person]).get(person),
        "own": actor.person == person,
    }
    return render(request, "access/accesses.html", values)


def _place(text: str) -> int | None:
    """A place in the log as an address names it; None for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def own_consent(request: HttpRequest, uuid: UUID) -> Consent:
    """The consent if the signed-in person gave it or may end it; to everybody else there is none."""
    actor = actor_of(request)
    try:
        found = consent(uuid)
    except UnknownConsent:
        raise Http404 from None
    own = actor.person is not None and found.given_by == actor.person
    if not own and not may(actor, "rights.consent", "rights", found.subject).permitted:
        raise Http404
    return found


def _all_own(actor: Actor, shown: list[Consent]) -> bool:
    """Whether the reader is the learner whom all of them are about: the page is then a pupil's."""
    return bool(shown) and all(one.subject == actor.person for one in shown)


def _shown(actor: Actor) -> list[UUID]:
    """Those of the family whose consents the actor may see."""
    decisions = may_each(actor, "rights.consent", "rights", family_of(actor, clock.today()))
    return [person for person, decision in decisions.items() if decision.permitted]


def subjects_of(consents: list[Consent], reader: Actor) -> dict:
    """Those whom consents are about, by key, where the node keeps a roster, as far as the reader is tied to them today.

    A former guardian, or one under a court order, reads what they gave, but not what the child is called now.
    """
    decisions = may_each(reader, "rights.consent", "rights", {one.subject for one in consents})
    return people_named([person for person, decision in decisions.items() if decision.permitted])


def people_named(keys: list[UUID]) -> dict:
    """The persons by key, where the node keeps a roster."""
    if not keys or not has_roster():
        return {}
    from terakoya.roster import api as roster

    return roster.people(keys)


routes: list[URLPattern] = [
    *matrix_pages.routes,
    path("consents/", consents, name="access.consents"),
    path("consents/<uuid:uuid>/", consent_page, name="access.consent"),
    path("consents/<uuid:uuid>/receipt.json", receipt_file, name="access.receipt"),
    path("consents/<uuid:uuid>/receipt.pdf", receipt_sheet, name="access.receipt_sheet"),
    path("consents/<uuid:uuid>/withdraw/", withdraw, name="access.withdraw"),
    path("consents/<uuid:uuid>/answer/", answering.answer, name="access.answer"),
    path("consents/<uuid:uuid>/go-on/", answering.go_on, name="access.go_on"),
    path("disagreements/", desk.queue, name="access.disagreements"),
    path("disagreements/<uuid:uuid>/", desk.case_page, name="access.disagreement"),
    path("accesses/<uuid:person>/", accesses, name="access.accesses"),
]
