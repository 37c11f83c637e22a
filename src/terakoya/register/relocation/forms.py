"""What is filled in about a move between municipalities."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from terakoya.exchange import api as exchange
from terakoya.register.models import Relocation
from terakoya.register.words import grades_name
from terakoya.roster import api as roster

DAY = {"type": "date"}
NOWHERE = ("", gettext_lazy("choose"))


class SearchForm(forms.Form):
    """Who is sought."""

    q = forms.CharField(
        label=gettext_lazy("Name, class or number"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class LeaveForm(forms.Form):
    """The last day here, and where to."""

    last_day = forms.DateField(label=gettext_lazy("Last day at this school"), widget=forms.DateInput(attrs=DAY))
    way = forms.ChoiceField(label=gettext_lazy("Where to"), widget=forms.RadioSelect)
    to = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)

    def __init__(self, *args: Any, cities: list[exchange.Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        way: Any = self.fields["way"]
        to: Any = self.fields["to"]
        ways = [
            (Relocation.Way.PARTNER, _("To a municipality that I choose below: the data go there directly")),
            (Relocation.Way.CODE, _("Not sure yet: print a transfer code, which the family hands to the new school")),
            (Relocation.Way.FILE, _("To a place outside the federation: a signed file and a printed sheet")),
        ]
        way.choices = ways if cities else ways[1:]
        to.choices = [NOWHERE, *((one.uri, one.name) for one in cities)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("way") == Relocation.Way.PARTNER and not said.get("to"):
            self.add_error("to", _("Choose the municipality to which the pupil moves."))
        return said


class CodeForm(forms.Form):
    """What stands on the paper of the family."""

    partner = forms.ChoiceField(label=gettext_lazy("Municipality they come from"))
    code = forms.CharField(
        label=gettext_lazy("Transfer code"), help_text=gettext_lazy("For example: K7QM-4XTP-H"), max_length=30
    )
    born = forms.DateField(
        label=gettext_lazy("Date of birth of the pupil"), widget=forms.DateInput(attrs=DAY), required=False
    )
    school = forms.ChoiceField(label=gettext_lazy("School here"))

    def __init__(
        self, *args: Any, cities: list[exchange.Partner], schools: list[roster.Organisation], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        partner: Any = self.fields["partner"]
        school: Any = self.fields["school"]
        partner.choices = [NOWHERE, *((one.uri, one.name) for one in cities)]
        school.choices = [(str(one.uuid), one.name) for one in schools]


class AcceptForm(forms.Form):
    """Into which class, from which day on."""

    to = forms.ChoiceField(label=gettext_lazy("Homeroom class"))
    begins = forms.DateField(label=gettext_lazy("First day here"), widget=forms.DateInput(attrs=DAY))
    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=999, required=False)

    def __init__(self, *args: Any, rooms: list[roster.SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [
            NOWHERE,
            *((str(one.uuid), f"{one.school.name} {one.title} ({grades_name(one.grades)})") for one in rooms),
        ]


class DeclineForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("Why"),
        help_text=gettext_lazy("The old school reads this. For example: the family does not move to us."),
        max_length=300,
    )
