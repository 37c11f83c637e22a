"""Handing records on to a cram school: the invitation code, then one clear question."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terakoya.access import api as access
from terakoya.access.api import actor_of, declares
from terakoya.access.errors import ConsentRefused
from terakoya.exchange import api as exchange
from terakoya.exchange.errors import (
    ExchangeError,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    PartnerAway,
)
from terakoya.pds import offer
from terakoya.pds.forms import CodeForm, WishForm
from terakoya.pds.models import Child
from terakoya.pds.policy import OWN_USE, RIGHTS

from .doors import decider_of

INVITED = "pds.invited"


@require_http_methods(["GET", "HEAD", "POST"])
@declares(RIGHTS)
@login_required
def invitation(request: HttpRequest, person: UUID) -> HttpResponse:
    """Which cram school, and its code."""
    child = decider_of(request, person)
    partners = exchange.partners(kind="juku")
    form = CodeForm(request.POST or None, partners=[(partner.uri, partner.name) for partner in partners])
    if request.method == "POST" and form.is_valid():
        partner, code = form.cleaned_data["partner"], form.cleaned_data["code"]
        try:
            exchange.ask_invitation(partner, code)
        except ExchangeError as fault:
            form.add_error("code", _why_not(fault))
        else:
            request.session[INVITED] = {"child": str(person), "partner": partner, "code": code}
            return redirect("pds.review", person=person)
    return render(request, "pds/share.html", {"form": form, "child": child, "partners": partners, "steps": _steps()})


@require_http_methods(["GET", "HEAD", "POST"])
@declares(OWN_USE)
@login_required
def review(request: HttpRequest, person: UUID) -> HttpResponse:
    """Who, what, what for, until when; then yes or no."""
    child = decider_of(request, person)
    invited = request.session.get(INVITED)
    if not invited or invited["child"] != str(person):
        return redirect("pds.share", person=person)
    refused = ""
    if request.method == "POST" and request.POST.get("answer") == "no":
        refused = _say_no(request, child)
        if not refused:
            del request.session[INVITED]
            return render(request, "pds/share_refused.html", {"child": child})
    try:
        asked = offer.asked(invited["partner"], invited["code"])
    except ExchangeError as fault:
        return render(request, "pds/share_failed.html", {"child": child, "why": _why_not(fault)}, status=409)
    return _decide(request, child, asked, refused)


def _say_no(request: HttpRequest, child: Child) -> str:
    """Record the no; the sentence that stands against it, "" when nothing does."""
    try:
        offer.refuse(child, by=actor_of(request), shown=request.POST.get("notice", ""))
    except ConsentRefused as fault:
        return fault.sentence
    return ""


def _decide(request: HttpRequest, child: Child, asked: offer.Asked, refused: str) -> HttpResponse:
    shown = request.POST.get("notice", "")
    form = WishForm(request.POST or None, subjects=offer.subjects_to_choose(child.person, asked))
    if refused:
        form.errors.clear()  # a no chooses no subjects
        form.add_error(None, refused)
    elif request.method == "POST" and form.is_valid():
        try:
            consent = offer.share(child, asked, form.cleaned_data["subjects"], by=actor_of(request), shown=shown)
        except ConsentRefused as fault:
            form.add_error(None, fault.sentence)
        else:
            del request.session[INVITED]
            return redirect("pds.receipt", person=child.person, number=consent.uuid)
    chosen = form.cleaned_data.get("subjects") if form.is_bound and form.is_valid() else None
    wish = offer.terms(child, asked, asked.subjects)
    notice = access.notice_of(wish)
    context = {
        "form": form,
        "child": child,
        "asked": asked,
        "words": access.readable(wish),
        "notice": notice,
        "token": access.sealed(notice, wish, actor_of(request)),
        "deciders": access.deciders(child.person).sentence(),
        "ends": access.agreed_before(wish, actor_of(request)),
        "covered": offer.covered(child.person, asked, chosen),
        "steps": _steps(),
    }
    return render(request, "pds/review.html", context)


def _steps() -> list[str]:
    return [
        # family
        _("The code"),
        # family
        _("Read and decide"),
        # family
        _("Receipt"),
    ]


def _why_not(fault: ExchangeError) -> str:
    match fault:
        case InvitationUsed():
            return _("This code has been used already. Ask the cram school for a new one.")
        case InvitationExpired():
            return _("This code is too old. Ask the cram school for a new one.")
        case InvitationUnknown():
            return _("The cram school does not know this code. Look at the paper again.")
        case PartnerAway():
            return _("The cram school's computer does not answer now. Try again in a few minutes.")
        case _:
            return _("The cram school's computer could not answer. Try again later.")
