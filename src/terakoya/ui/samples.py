"""What the gallery of parts shows: a form with one field of each sort, a decision, a flow."""

from django import forms
from django.utils.translation import pgettext
from django.utils.translation import pgettext_lazy as _p

FLOW = [_p("gallery", "Choose"), _p("gallery", "Read"), _p("gallery", "Agree")]
TABS = [
    {"href": "#buttons", "label": _p("gallery", "Arithmetic"), "current": True},
    {"href": "#buttons", "label": _p("gallery", "Japanese"), "current": False},
]


class SampleForm(forms.Form):
    """One field of each sort, for the gallery."""

    name = forms.CharField(label=_p("gallery", "Name"), help_text=_p("gallery", "As it is written in the register."))
    subject = forms.ChoiceField(
        label=_p("gallery", "Subject"),
        choices=[("P030", _p("gallery", "Arithmetic")), ("P010", _p("gallery", "Japanese"))],
    )
    answer = forms.ChoiceField(
        label=_p("gallery", "May the school pass the records on?"),
        choices=[("yes", _p("gallery", "Yes")), ("no", _p("gallery", "No"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_p("gallery", "Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    read = forms.BooleanField(label=_p("gallery", "I have read this."))


class SampleDecision:
    """A decision as the part ``why`` shows it."""

    rule = "matrix.school.learning_record_school"
    clause = "roadmap, table 1"

    @property
    def sentence(self) -> str:
        return pgettext("gallery", "You teach this class in this school year.")
