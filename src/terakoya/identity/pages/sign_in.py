"""Signing in with a password, and signing out."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from terakoya.identity import events, factors, parts, sessions
from terakoya.identity.forms import SignInForm
from terakoya.identity.models import Account
from terakoya.kit.declaration import nothing

from . import keeping


class SignIn(LoginView):
    template_name = "identity/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Staff without a second factor are led to where they set one up."""
        account = cast(Account, form.get_user())
        sessions.begin(self.request, account)
        if onward := keeping.send_on(self.request, account.pk):
            return onward
        target = self.get_success_url()
        if parts.part_of_account(account) == parts.STAFF and not factors.has_factor(account):
            return HttpResponseRedirect(f"{reverse('identity.set_up')}?{urlencode({'next': target})}")
        return HttpResponseRedirect(target)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(kept=keeping.kept_in(self.request), **kwargs)


def ask_and_keep(request: HttpRequest, account: int) -> HttpResponse:
    """Ask for the sign-in anew in answer to a form that came too late: it is sent on when the same account is back."""
    kept = keeping.keep(request, account)
    if kept is None:
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'next': request.path})}")
    return render(request, "identity/sign_in.html", {"form": SignInForm(request), "next": request.path, "kept": kept})


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if isinstance(request.user, Account):
            account = request.user
            events.tell_of(account, "signed_out", account)
            sessions.forget(request)
        return super().post(request, *args, **kwargs)


sign_in = nothing("signing in shows nothing but the form")(never_cache(SignIn.as_view()))
sign_out = nothing("signing out shows nothing")(SignOut.as_view())
