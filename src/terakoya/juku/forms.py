"""The form with which a teacher says what the cram school wishes to see."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from terakoya.curriculum import api as curriculum
from terakoya.kit import clock
from terakoya.records import api as records
from terakoya.standards.course_of_study import SUBJECTS, subjects_in

TERMS_BACK = 3
LEAST_DAYS = 31


class InvitationForm(forms.Form):
    """Subjects of the pupil's grade, and from which term on. The family decides; it can show less than this wish."""

    subjects = forms.MultipleChoiceField(
        label=_("Subjects"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one subject.")},
    )
    since = forms.ChoiceField(
        label=_("From which term on"),
        help_text=_("Ask only for what you need to teach. The family sees this wish and can show less."),
    )

    def __init__(self, grade: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._terms = records.terms()[:TERMS_BACK]
        taught = subjects_in(grade) or tuple(code for code in SUBJECTS if code[:1] == grade[:1]) or tuple(SUBJECTS)
        self.fields["subjects"].choices = [(code, curriculum.subject_name(code)) for code in taught]  # type: ignore[attr-defined]
        self.fields["since"].choices = [(term.id, term.name) for term in self._terms]  # type: ignore[attr-defined]
        self.fields["since"].initial = self._terms[min(1, len(self._terms) - 1)].id

    def wish(self) -> dict[str, Any]:
        """The wish of a valid form, as ``actions.invite`` takes it."""
        first = next(term for term in self._terms if term.id == self.cleaned_data["since"])
        return {
            "subjects": self.cleaned_data["subjects"],
            "first_day": first.first_day,
            "last_day": self._terms[0].last_day,
            "share_until": last_day_of_sharing(clock.today()),
        }


def last_day_of_sharing(today: date) -> date:
    """The end of the school year; of the following first term when the year is nearly over."""
    year = clock.school_year(today)
    end = date(year + 1, 3, 31)
    return end if end - today >= timedelta(days=LEAST_DAYS) else date(year + 1, 8, 31)
