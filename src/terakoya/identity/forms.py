from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from . import events, handing_over, queries, tries
from .models import Account
from .queries import plain_username
from .waiting import wait


class SignInForm(AuthenticationForm):
    """Login name and password, with a growing pause after wrong ones."""

    username = forms.CharField(
        # family
        label=_("Login name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        # family
        error_messages={"required": _("Type your login name.")},
    )
    password = forms.CharField(
        # family
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        # family
        error_messages={"required": _("Type your password.")},
    )

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        self._refuse(tries.take(username))
        self.user_cache = authenticate(self.request, username=plain_username(username), password=password)
        if self.user_cache is None:
            _tell_of_pauses(username)
            self._refuse(tries.pause_left(username))
            if now := handing_over.login_name_now(username, password):
                raise forms.ValidationError(
                    # family
                    _("You had two login names. Sign in as %(name)s, with its password."),
                    code="continued",
                    params={"name": now},
                )
            raise forms.ValidationError(
                # family
                _("The login name or the password is not right. Check both and try again."),
                code="wrong",
            )
        tries.forget(username)
        return self.cleaned_data

    def _refuse(self, left: timedelta) -> None:
        if left:
            raise forms.ValidationError(wait(left), code="paused")


class CodeForm(forms.Form):
    """The code of an authenticator app, or a recovery code in its place."""

    code = forms.CharField(
        # family
        label=_("Code of 6 digits"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none"}
        ),
        # family
        error_messages={"required": _("Type the code.")},
    )


class RecoveryForm(forms.Form):
    """A recovery code."""

    code = forms.CharField(
        # family
        label=_("Recovery code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        # family
        error_messages={"required": _("Type the code.")},
    )


class PasswordForm(forms.Form):
    """One's own password: the present one, and the new one twice."""

    present = forms.CharField(
        # family
        label=_("Present password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        # family
        error_messages={"required": _("Type your password.")},
    )
    new = forms.CharField(
        # family
        label=_("New password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        # family
        error_messages={"required": _("Type the new password.")},
    )
    again = forms.CharField(
        # family
        label=_("New password once more"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        # family
        error_messages={"required": _("Type the new password once more.")},
    )

    def __init__(self, request: HttpRequest, account: Account) -> None:
        super().__init__(request.POST or None)
        self.request, self.account = request, account

    def clean_present(self) -> str:
        """The present password, with the pauses of the sign-in page: a session left open must not be a way to guess."""
        present, name = str(self.cleaned_data["present"]), self.account.username
        if left := tries.take(name):
            raise forms.ValidationError(wait(left), code="paused")
        if not self.account.check_password(present):
            _tell_of_pauses(name)
            # family
            raise forms.ValidationError(_("This is not your present password."), code="wrong")
        tries.forget(name)
        return present

    def clean_new(self) -> str:
        new = str(self.cleaned_data["new"])
        validate_password(new, self.account)
        return new

    def clean(self) -> dict[str, Any]:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            # family
            self.add_error("again", _("The two new passwords are not the same."))
        return self.cleaned_data


class ColleagueForm(forms.Form):
    """The colleague whose second factor is taken away."""

    username = forms.CharField(
        label=_("Login name of the colleague"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Type the login name.")},
    )
    sure = forms.BooleanField(
        label=_("I have spoken with the colleague in person or by a telephone number that I know."),
        error_messages={"required": _("Speak with the colleague first: somebody else may be asking in their name.")},
    )

    def __init__(self, request: HttpRequest, by: Account) -> None:
        super().__init__(request.POST or None)
        self.by = by
        self.colleague: Account | None = None

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"])
        self.colleague = queries.account_named(username)
        if self.colleague is None:
            raise forms.ValidationError(_("There is no such login name."), code="unknown")
        if self.colleague == self.by:
            raise forms.ValidationError(_("Not your own: ask another clerk."), code="own")
        return username


def _tell_of_pauses(username: str) -> None:
    """After a wrong password: when the pauses begin with it, the owner of the name reads it in the log."""
    if tries.begin_pausing(username) and (account := queries.account_named(username)):
        events.tell_of(account, "sign_in_paused", None, "sign-in")
