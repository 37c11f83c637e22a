"""What is filled in: one decision a page for families, one form a step for clerks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terakoya.access import api as access

from . import words
from .questions import LONGEST_QUESTION
from .requests import LONGEST_TEXT

ALL = "all"
WORDS = forms.Textarea({"rows": 3})


class PlainForm(forms.Form):
    """A form that asks for what is missing in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            # family
            field.error_messages["required"] = _("Please fill this in.")


class WhoForm(PlainForm):
    """For whom."""

    # family
    person = forms.ChoiceField(label=_("For whom?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class WhatForm(PlainForm):
    """About which kinds of data; for a correction exactly one."""

    # family
    categories = forms.MultipleChoiceField(label=_("Which data?"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, held: list[tuple[str, str]], one: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # family
        everything = (ALL, _("Everything"))
        field: Any = self.fields["categories"]
        if one:
            field = self.fields["categories"] = forms.ChoiceField(label=field.label, widget=forms.RadioSelect)
            field.error_messages["required"] = _("Please fill this in.")
        field.choices = held if one else [everything, *held]


class CorrectionForm(PlainForm):
    """What is wrong, and what would be right."""

    # family
    wrong = forms.CharField(label=_("What is wrong?"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3}))
    # family
    right = forms.CharField(
        label=_("How would it be right?"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 3})
    )


class WhyForm(PlainForm):
    """Why something is to stop, if one wants to say."""

    # family
    reason = forms.CharField(label=_("Why? You need not say."), max_length=LONGEST_TEXT, required=False, widget=WORDS)


class QuestionForm(PlainForm):
    """A question about a line of the log."""

    # family
    text = forms.CharField(label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea({"rows": 4}))


class AnswerForm(PlainForm):
    """The organisation's answer to a question."""

    text = forms.CharField(
        label=_("Your answer"),
        help_text=_("In plain words: who looked, and what for. The family reads it as you write it."),
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea({"rows": 4}),
    )


class DecisionForm(PlainForm):
    """Yes, in part, or no; the last two with a reason and the clause."""

    decision = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("granted", _("Yes")), ("partly", _("Yes, in part")), ("refused", _("No"))],
        widget=forms.RadioSelect,
    )
    clause = forms.ChoiceField(label=_("Clause (for “no” and “in part”)"), required=False)
    reason = forms.CharField(
        label=_("Reason (for “no” and “in part”)"),
        help_text=_("In plain words. The family reads it as you write it."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clauses = [(key, words.clause_words(kind, key)) for key in words.clauses_for(kind)]
        self.fields["clause"].choices = [("", _("Choose")), *clauses]  # type: ignore[attr-defined]


class ExtensionForm(PlainForm):
    """Why more time is needed."""

    reason = forms.CharField(
        label=_("Why more time is needed"), max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 2})
    )


class EntrustmentForm(PlainForm):
    """Whom the organisation entrusts with what."""

    partner = forms.CharField(label=_("Entrusted to"), max_length=200)
    task = forms.CharField(label=_("What it does"), max_length=300)
    categories = forms.MultipleChoiceField(label=_("Kinds of data"), widget=forms.CheckboxSelectMultiple)
    contract = forms.CharField(label=_("Contract number"), max_length=100)
    begins = forms.DateField(label=_("From"), widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, held: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["categories"].choices = [(one, access.category_name(one)) for one in held]  # type: ignore[attr-defined]


class EndForm(PlainForm):
    """From which day on an entrustment holds no longer."""

    day = forms.DateField(label=_("Ends on"), widget=forms.DateInput({"type": "date"}))


class AuditForm(PlainForm):
    """What looking after an entrusted partner found."""

    day = forms.DateField(label=_("Day of the audit"), widget=forms.DateInput({"type": "date"}))
    finding = forms.CharField(label=_("What was found"), max_length=300)
