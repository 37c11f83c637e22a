"""The page that asks for the second factor, and leads back with what had been filled in."""

from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from terakoya.identity import events, factors, passkeys, sessions
from terakoya.identity.errors import Paused, WrongCode
from terakoya.identity.forms import CodeForm, RecoveryForm
from terakoya.identity.waiting import wait
from terakoya.kit.declaration import nothing

from . import keeping
from .leading import signed_in, target_of

STATE = "passkey_state"


@require_http_methods(["GET", "HEAD", "POST"])
@nothing("the second factor is asked for; nobody's data is read")
@login_required
@never_cache
@sensitive_post_parameters("code", "passkey", "kept_body")
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; whoever has none is led to where it is set up."""
    if not factors.has_factor(signed_in(request)):
        return HttpResponseRedirect(f"{reverse('identity.set_up')}?{urlencode({'next': target_of(request)})}")
    if request.method != "POST":
        return _page(request, {})
    fault = _fault_of(request)
    if fault:
        return _page(request, keeping.kept_in(request), fault, status=400)
    sessions.strengthen(request)
    return keeping.send_on(request, signed_in(request).pk) or HttpResponseRedirect(target_of(request))


def ask_and_keep(request: HttpRequest) -> HttpResponse:
    """Ask in answer to a form that was sent: what was filled in stays in the page, and is sent on afterwards."""
    account = signed_in(request)
    kept = keeping.keep(request, account.pk)
    if kept is None or not factors.has_factor(account):
        return HttpResponseRedirect(f"{reverse('identity.second_factor')}?{urlencode({'next': request.path})}")
    return _page(request, kept)


def _fault_of(request: HttpRequest) -> str:
    """What is wrong with the code or the passkey that was sent; nothing when it is right."""
    account, answer = signed_in(request), request.POST.get("passkey", "")
    try:
        if answer:
            passkeys.check(account, answer, request.session.pop(STATE, None))
        else:
            factors.check(account, request.POST.get("code", "")[:40])
    except Paused as paused:
        return wait(paused.left)
    except WrongCode:
        # family
        return _("That was not right. Use the newest code; each code works once.")
    events.tell_of(account, "factor_used", account)
    return ""


def _page(request: HttpRequest, kept: dict[str, str], fault: str = "", status: int = 200) -> HttpResponse:
    account = signed_in(request)
    values: dict[str, Any] = {
        "form": CodeForm(),
        "recovery": RecoveryForm(auto_id="id_recovery_%s"),
        "fault": fault,
        "kept": kept,
        "next": target_of(request),
        "demo_code": factors.shown_in_demo(account),
        "has_codes": factors.has_codes(account),
    }
    if passkeys.are_possible() and passkeys.has_passkey(account):
        values["passkey"], request.session[STATE] = passkeys.begin_checking(account)
    return render(request, "identity/second_factor.html", values, status=status)
