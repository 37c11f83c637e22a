"""What a clerk chooses before the roster is written out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terakoya.standards.oneroster_profiles import PROFILES

from .models import Organisation


class ExportForm(forms.Form):
    """Profile, school and whether birth dates go with it."""

    profile = forms.ChoiceField(
        label=_("Profile"),
        help_text=_("The one that the receiving system names. If it names none: the newest of 1EdTech Japan."),
        initial="k12-schools-1.0",
    )
    school = forms.ModelChoiceField(
        Organisation.objects.filter(ended=None).order_by("kind", "name"),
        label=_("Whose roster"),
        required=False,
        empty_label=_("All schools"),
    )
    demographics = forms.BooleanField(
        label=_("Birth dates and sex too (demographics.csv)"),
        help_text=_("Only for a system that needs them for its task."),
        required=False,
    )

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        field = self.fields["profile"]
        field.choices = [(name, one.title) for name, one in PROFILES.items()]  # type: ignore[attr-defined]
