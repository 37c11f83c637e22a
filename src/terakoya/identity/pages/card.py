"""Signing in with a class card: the QR code leads here, then three pictures are tapped."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.identity import cards, sessions
from terakoya.identity.errors import Paused, UnknownCard, WrongCode
from terakoya.identity.models import SignInCard
from terakoya.identity.pictures import PICTURES
from terakoya.identity.waiting import wait
from terakoya.kit.declaration import nothing


@require_safe
@nothing("says how a class card is used")
def door(request: HttpRequest) -> HttpResponse:
    """How to use a card, for whoever comes without one."""
    return render(request, "identity/card_door.html")


@require_http_methods(["GET", "HEAD", "POST"])
@nothing("signing in shows nothing but the twelve pictures")
@never_cache
@sensitive_post_parameters("picked", "pick")
def card(request: HttpRequest, token: str) -> HttpResponse:
    """Three taps on pictures, one page each; wrong ones begin anew."""
    try:
        found = cards.card_of(token)
    except UnknownCard:
        return render(request, "identity/card_door.html", {"unknown": True}, status=404)
    picks = _picks(request)
    if len(picks) < cards.PICKS:
        return _page(request, picks)
    return _answer(request, found, picks)


def _answer(request: HttpRequest, found: SignInCard, picks: cards.Picks) -> HttpResponse:
    try:
        account = cards.open_by(found, picks)
    except Paused as paused:
        return _page(request, (), wait(paused.left))
    except WrongCode:
        # family
        return _page(request, (), _("Those were other pictures. Try again from the beginning."))
    sessions.begin(request, account, "card")
    return HttpResponseRedirect(reverse("home"))


def _picks(request: HttpRequest) -> cards.Picks:
    """The pictures tapped so far; whatever is no picture begins anew."""
    picks = [*filter(None, request.POST.get("picked", "")[:60].split("-")), request.POST.get("pick", "")]
    return tuple(picks) if len(picks) <= cards.PICKS and all(one in PICTURES for one in picks) else ()


def _page(request: HttpRequest, picks: cards.Picks, fault: str = "") -> HttpResponse:
    values: dict[str, Any] = {
        "pictures": PICTURES.items(),
        "picked": "-".join(picks),
        "places": [PICTURES.get(picks[at]) if at < len(picks) else "" for at in range(cards.PICKS)],
        "shown": [picks[at] if at < len(picks) else "" for at in range(cards.PICKS)],
        "number": len(picks) + 1,
        "fault": fault,
    }
    return render(request, "identity/card.html", values, status=400 if fault else 200)
