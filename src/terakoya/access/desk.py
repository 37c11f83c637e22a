"""The clerk's queue: guardians who disagree, and children who object or ask. A person is asked to talk to them."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.identity.api import for_administrators
from terakoya.kit.declaration import Use, declares

from . import disagreements
from .actors import actor_of
from .errors import ConsentRefused, UnknownConsent
from .models import Disagreement
from .recording import open_record

CATEGORY, PURPOSE = "rights.request", "rights"
QUEUE = Use((CATEGORY,), PURPOSE)
OUTCOMES = {
    "agreed": gettext_lazy("The guardians agree now."),
    "court": gettext_lazy("A court has decided whose word holds."),
    "talked": gettext_lazy("I have talked with the child and the family."),
}


class EndForm(forms.Form):
    """How a case ends, and why."""

    outcome = forms.ChoiceField(label=gettext_lazy("How it ends"), widget=forms.RadioSelect)
    holds = forms.ChoiceField(
        label=gettext_lazy("Whose word holds by the court's decision"), required=False, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Of a court's decision: the court, its date and number."),
        min_length=3,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: object, case: Disagreement, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        ends = ("agreed", "court") if case.kind == "guardians" else ("talked",)
        self.fields["outcome"].choices = [(key, OUTCOMES[key]) for key in ends]  # type: ignore[attr-defined]
        names = disagreements.guardians_in(case)
        if case.kind == "guardians":
            self.fields["holds"].choices = [(str(key), name) for key, name in names.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["holds"]
            self.fields["outcome"].initial = "talked"


@require_safe
@declares(QUEUE)
@for_administrators
def queue(request: HttpRequest) -> HttpResponse:
    """The open cases, the oldest first."""
    cases = disagreements.open_disagreements()
    shown = open_record(request, CATEGORY, PURPOSE, {one.subject for one in cases}, "disagreements") if cases else {}
    values = {"cases": [one for one in cases if one.subject in shown], "people": _people(list(shown))}
    return render(request, "access/disagreements.html", {**values, "decision": next(iter(shown.values()), None)})


@require_http_methods(["GET", "HEAD", "POST"])
@declares(QUEUE)
@for_administrators
def case_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One case: what was said by whom, and the form that ends it with a reason."""
    try:
        case = disagreements.case(uuid)
    except UnknownConsent:
        raise Http404 from None
    decision = open_record(request, CATEGORY, PURPOSE, [case.subject], "disagreements")[case.subject]
    form = EndForm(request.POST or None, case=case)
    if request.method == "POST" and form.is_valid() and _ended(request, case, form):
        return HttpResponseRedirect(reverse("access.disagreements"))
    values = {
        "case": case,
        "end": getattr(case, "end", None),
        "consents": disagreements.consents_of(case),
        "person": _people([case.subject]).get(case.subject),
        "form": form,
        "decision": decision,
    }
    return render(request, "access/disagreement.html", values, status=400 if form.errors else 200)


def _ended(request: HttpRequest, case: Disagreement, form: EndForm) -> bool:
    fields = form.cleaned_data
    holds = UUID(fields["holds"]) if fields.get("holds") else None
    try:
        disagreements.close(
            case.uuid, by=actor_of(request), outcome=fields["outcome"], reason=fields["reason"], holds=holds
        )
    except ConsentRefused as fault:
        form.add_error("outcome", fault.sentence)
        return False
    messages.success(request, _("The case is closed."))
    return True


def _people(keys: list[UUID]) -> dict:
    from .pages import people_named

    return people_named(keys)
