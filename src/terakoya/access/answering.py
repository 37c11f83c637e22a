"""What the reader of a consent can say to it now, and the pages on which it is said."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terakoya.kit.declaration import Use, declares

from . import assent, majority
from .actors import Actor, actor_of
from .capacity import may_withdraw, ties
from .errors import ConsentRefused
from .models import Consent
from .notices import notice_of, sealed, unsealed
from .stages import stage_of
from .states import ENDED, is_disputed, state_of

OWN_CONSENTS = Use(("rights.consent",), "rights")


@dataclass(frozen=True)
class Choices:
    """What the reader may do now, and what stands in the way.

    answer: the child's yes or no is waited for; ask: the child may ask; object: it may say that it does not want this;
    stop: the reader may end it; go_on: the learner may say yes for the time from the 18th birthday on
    waits: for the child's word; disputed: guardians disagree; objected: the child does not want it
    elsewhere: the child's yes is waited for at the node that holds the records; this one has a copy only
    """

    answer: bool = False
    ask: bool = False
    object: bool = False
    stop: bool = False
    go_on: bool = False
    waits: bool = False
    disputed: bool = False
    objected: bool = False
    elsewhere: bool = False


def choices(consent: Consent, reader: Actor) -> Choices:
    """What the reader may say to a consent now."""
    state, kinds = state_of(consent), {event.kind for event in consent.events.all()}
    told = {"waits": state == "awaiting_assent", "disputed": is_disputed(consent.events.all())}
    if state in ENDED:
        return Choices()
    child = "self" in ties(reader, consent.subject) and consent.given_by != reader.person
    stop, here = may_withdraw(consent, reader), not consent.source
    return Choices(
        **told,
        objected="objected" in kinds,
        answer=child and told["waits"] and here,
        elsewhere=child and told["waits"] and not here,
        ask=child and "asked" not in kinds,
        object=child and not stop and "objected" not in kinds,
        stop=stop,
        go_on=child and consent in majority.lapsing_soon(consent.subject),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(OWN_CONSENTS)
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The child reads what the guardians agreed to, and says yes, no, "I do not want this", or asks."""
    from .pages import own_consent, subjects_of

    found, reader = own_consent(request, uuid), actor_of(request)
    refused = ""
    if request.method == "POST":
        try:
            messages.success(request, _said(uuid, request.POST.get("says", ""), reader))
            return HttpResponseRedirect(reverse("access.answer", args=[uuid]))
        except ConsentRefused as fault:
            refused = fault.sentence
    values = {"consent": found, "can": choices(found, reader), "people": subjects_of([found], reader)}
    values["stage"] = stage_of(found.subject)
    return render(request, "access/answer.html", {**values, "refused": refused}, status=400 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@declares(OWN_CONSENTS)
def go_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The learner reads the terms anew and says yes for the time from the 18th birthday on."""
    from .pages import own_consent, subjects_of

    found, reader = own_consent(request, uuid), actor_of(request)
    terms, refused = majority.terms_of(found), ""
    if request.method == "POST":
        try:
            shown = unsealed(request.POST.get("notice", ""), terms, reader)
            new = majority.continue_alone(uuid, by=reader, notice=shown)
            return HttpResponseRedirect(reverse("access.consent", args=[new.uuid]))
        except ConsentRefused as fault:
            refused = fault.sentence
    notice = notice_of(terms)
    values = {"consent": found, "people": subjects_of([found], reader), "notice": notice, "refused": refused}
    values |= {"token": sealed(notice, terms, reader), "can": choices(found, reader)}
    return render(request, "access/go_on.html", values, status=400 if refused else 200)


def _said(uuid: UUID, says: str, by: Actor) -> str:
    if says == "object":
        assent.stop(uuid, by=by)
        # family
        return _("You said that you do not want this. Your family and a person at the office are told.")
    assent.answer(uuid, by=by, says=says)
    # family
    thanks = _("Thank you. Your answer is written down.")
    # family
    return _("Your question is passed on. Somebody will talk to you.") if says == "ask" else thanks
