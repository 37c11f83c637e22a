import math
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from . import tries
from .queries import plain_username


class SignInForm(AuthenticationForm):
    """Login name and password, with a growing pause after wrong ones."""

    username = forms.CharField(
        label=_("Login name"),  # family
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Type your login name.")},  # family
    )
    password = forms.CharField(
        label=_("Password"),  # family
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your password.")},  # family
    )

    def clean(self) -> dict[str, Any]:
        username, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not username or not password:
            return self.cleaned_data
        self._refuse_while_paused(username)
        self.user_cache = authenticate(self.request, username=plain_username(username), password=password)
        if self.user_cache is None:
            tries.count_wrong(username)
            self._refuse_while_paused(username)
            raise forms.ValidationError(
                # family
                _("The login name or the password is not right. Check both and try again."),
                code="wrong",
            )
        tries.forget(username)
        return self.cleaned_data

    def _refuse_while_paused(self, username: str) -> None:
        if left := tries.pause_left(username):
            seconds = math.ceil(left.total_seconds())
            raise forms.ValidationError(
                # family
                ngettext(
                    "There were too many wrong passwords. Wait %(n)s second, then try again.",
                    "There were too many wrong passwords. Wait %(n)s seconds, then try again.",
                    seconds,
                )
                % {"n": seconds},
                code="paused",
            )
