"""What an administrator fills in to let a system in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access
from terakoya.roster import api as roster

from .scopes import SCOPES
from .systems import PURPOSES_OF_SYSTEMS, STAKEHOLDERS


class SystemForm(forms.Form):
    """Who runs it, on which ground, what it may do, and about which schools."""

    name = forms.CharField(label=_("Name of the system"), max_length=150, help_text=_("As families read it."))
    organisation = forms.CharField(label=_("Who runs it"), max_length=150)
    stakeholder = forms.ChoiceField(
        label=_("What kind of organisation that is"),
        help_text=_(
            "It follows from this what the rules open to it: see the page about who may use what. A learning e-portal "
            "or a learning app is the teaching-material company's: names, grades and classes are open to it."
        ),
    )
    purpose = forms.ChoiceField(label=_("What it is for"))
    ground = forms.CharField(
        label=_("The contract it rests on"), max_length=255, help_text=_("Such as: entrustment 2026-14, art. 3")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=list(SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    schools = forms.MultipleChoiceField(
        label=_("Which schools it may see"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None chosen: all schools."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["stakeholder"].choices = [(one, access.stakeholder_name(one)) for one in STAKEHOLDERS]
        fields["purpose"].choices = [(one, access.purpose_name(one)) for one in PURPOSES_OF_SYSTEMS]
        schools = [one for one in roster.organisations() if one.kind == "school" and one.ended is None]
        fields["schools"].choices = [(str(one.uuid), one.name) for one in schools]
