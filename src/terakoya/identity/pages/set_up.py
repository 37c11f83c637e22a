"""Setting a second factor up, and taking one away."""

from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from terakoya.identity import factors, keys, parts, passkeys, sessions
from terakoya.identity.asking import own_second_factor
from terakoya.identity.errors import WrongCode
from terakoya.identity.forms import CodeForm
from terakoya.identity.models import Account
from terakoya.kit.declaration import nothing

from .leading import signed_in, target_of

PENDING, STATE = "pending_factor", "passkey_new"


@require_http_methods(["GET", "HEAD", "POST"])
@nothing("one's own second factor is set up; nobody's data is read")
@own_second_factor
@login_required
@never_cache
@sensitive_post_parameters("code", "passkey")
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the key of an authenticator app, and take it when its first code is right; a passkey in the same place."""
    account = signed_in(request)
    if request.method != "POST":
        return _page(request, account)
    first = not factors.has_factor(account)
    try:
        if "passkey" in request.POST:
            # family
            name = request.POST.get("name", "").strip() or _("Passkey")
            passkeys.add(account, name, request.POST["passkey"], request.session.pop(STATE, None))
        else:
            factors.set_up_codes(account, _pending_secret(request, account), request.POST.get("code", "")[:40])
    except WrongCode:
        # family
        return _page(request, account, _("That was not right. Use the newest code of the app."), status=400)
    request.session.pop(PENDING, None)
    sessions.strengthen(request)
    sessions.end_all(account, but=request.session.session_key)
    return _codes_page(request, account) if first else redirect("identity.own")


@require_POST
@nothing("one's own recovery codes are made; nobody's data is read")
@own_second_factor
@login_required
@never_cache
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the earlier ones, shown once."""
    account = signed_in(request)
    return _codes_page(request, account) if factors.has_factor(account) else redirect("identity.set_up")


@require_POST
@nothing("one's own second factor is taken away; nobody's data is read")
@own_second_factor
@login_required
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take one second factor away."""
    account = signed_in(request)
    factors.remove(account, number)
    request.session[sessions.HAS_FACTOR] = factors.has_factor(account)
    # family
    messages.success(request, _("It was taken away."))
    return redirect("identity.own")


def _page(request: HttpRequest, account: Account, fault: str = "", status: int = 200) -> HttpResponse:
    secret = _pending_secret(request, account)
    values: dict[str, Any] = {
        "form": CodeForm(),
        "fault": fault,
        "next": target_of(request),
        "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        "qr_code": factors.qr_code(factors.provisioning_uri(account, secret)),
        "has_codes": factors.has_codes(account),
        "first": not factors.has_factor(account),
        "reset_at": account.factor_reset_at,
        "staff": parts.part_of(request) == parts.STAFF,
        "demo_code": factors.demo_code(secret),
    }
    if passkeys.are_possible():
        values["passkey"], request.session[STATE] = passkeys.begin_adding(account)
    return render(request, "identity/set_up.html", values, status=status)


def _codes_page(request: HttpRequest, account: Account) -> HttpResponse:
    values = {"codes": factors.new_recovery_codes(account), "next": target_of(request)}
    return render(request, "identity/recovery_codes.html", values)


def _pending_secret(request: HttpRequest, account: Account) -> str:
    """The key that waits for its first code; kept sealed, as sessions lie in the database."""
    about = f"pending factor of account {account.pk}"
    if kept := request.session.get(PENDING):
        try:
            return keys.unseal(bytes.fromhex(kept), about)
        except InvalidTag:  # of another account that was signed in here
            pass
    secret = factors.new_secret()
    request.session[PENDING] = keys.seal(secret, about).hex()
    return secret
