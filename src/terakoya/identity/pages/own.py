"""My sign-in: password, second factors, and where I am signed in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from terakoya.identity import events, factors, parts, passwords, sessions
from terakoya.identity.asking import own_second_factor
from terakoya.identity.forms import PasswordForm
from terakoya.identity.queries import recovery_codes_left
from terakoya.kit.declaration import nothing

from .leading import signed_in


@require_safe
@nothing("one's own means of signing in; nobody else's data is read")
@login_required
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """One's password, second factors and sessions."""
    account = signed_in(request)
    values = {
        "sessions": sessions.sessions_of(account),
        "present": request.session.session_key,
        "factors": factors.factors_of(account),
        "codes_left": recovery_codes_left(account),
        "part": parts.part_of(request),
    }
    return render(request, "identity/own.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
@nothing("one's own password is changed; nobody's data is read")
@own_second_factor
@login_required
@never_cache
@sensitive_post_parameters("present", "new", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; all other sessions end."""
    account = signed_in(request)
    form = PasswordForm(request, account)
    if form.is_valid():
        passwords.change(request, account, form.cleaned_data["new"])
        # family
        messages.success(request, _("Your password is changed. All other devices were signed out."))
        return redirect("identity.own")
    part = parts.part_of(request)
    values = {"form": form, "least": passwords.least_for(part), "part": part}
    return render(request, "identity/password.html", values, status=400 if form.is_bound else 200)


@require_POST
@nothing("one's own sessions are ended; nobody's data is read")
@login_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one other session, or all others."""
    account, number = signed_in(request), request.POST.get("session", "")
    if number.isascii() and number.isdecimal() and len(number) < 19:
        sessions.end_one(account, int(number))
    else:
        sessions.end_all(account, but=request.session.session_key)
    events.tell_of(account, "sessions_ended", account)
    # family
    messages.success(request, _("Signed out there."))
    return redirect("identity.own")
