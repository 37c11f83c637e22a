"""What an administrator fills in to have a server read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import origins
from .errors import CannotRead
from .models import Origin

EVERY = {"": _("only when somebody asks"), "1": _("every hour"), "24": _("once a day")}


class OriginForm(forms.Form):
    """Where the server is, and how this node is known there."""

    name = forms.CharField(label=_("Name of the system"), max_length=150)
    base = forms.CharField(
        label=_("Address of its rostering service"),
        max_length=300,
        help_text=_("With the version at its end, such as https://sis.example.jp/ims/oneroster/rostering/v1p2"),
    )
    token_address = forms.CharField(label=_("Address of its tokens"), max_length=300)
    version = forms.ChoiceField(
        label=_("Version"), choices=[(one, f"OneRoster {one}") for one in origins.VERSIONS], initial="1.2"
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=150)
    secret = forms.CharField(label=_("Client secret"), max_length=300, widget=forms.PasswordInput)
    every_hours = forms.ChoiceField(
        label=_("How often it is asked for changes"), choices=list(EVERY.items()), required=False
    )

    made: Origin | None = None

    def clean(self) -> dict[str, Any]:
        """Write the server down; what it does not take is told beside the form."""
        given = super().clean() or {}
        if not self.errors:
            hours = int(given.pop("every_hours") or 0) or None
            try:
                self.made = origins.add_origin(given.pop("name"), every_hours=hours, **given)
            except CannotRead as fault:
                self.add_error(None, fault.sentence)
        return given
