"""A period of a person that was entered wrongly: its days are corrected, as a change that can be taken back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.access.api import Use, declares
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, PURPOSE, at_the_desk, of_request
from terakoya.register.family_forms import day_field
from terakoya.register.people_desk import by_name, person_at_desk
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

KINDS = {"class": "enrolments", "role": "roles"}


class PeriodForm(forms.Form):
    """The days as they were in truth."""

    begins = day_field(gettext_lazy("First day of the period"))
    ends = day_field(
        gettext_lazy("First day after the period"), required=False, help_text=gettext_lazy("Empty while it goes on.")
    )
    note = forms.CharField(label=gettext_lazy("Why"), max_length=200)


@require_http_methods(["GET", "HEAD", "POST"])
@declares(Use((NAMES,), PURPOSE))
@at_the_desk
@never_cache
def period(request: HttpRequest, key: UUID, kind: str, row: int) -> HttpResponse:
    """Correct the days of a class or a role of somebody, at a school whose register the reader keeps."""
    person = person_at_desk(request, key, "register_person", NAMES)
    standing, school, what = _row(person, kind, row)
    if not of_request(request).keeps(school):
        raise Http404
    form = PeriodForm(request.POST or None, initial={"begins": standing.begins, "ends": standing.ends})
    if form.is_valid():
        said = form.cleaned_data
        try:
            roster.life.correct_period(
                standing, begins=said["begins"], ends=said["ends"], by=by_name(request), note=said["note"]
            )
            messages.success(request, _("The days are corrected."))
            return redirect("register.person", person.uuid)
        except CannotChange as fault:
            form.add_error("ends", fault.sentence)
    values = {"person": person, "what": what, "form": form}
    return render(request, "register/period.html", values, status=400 if form.is_bound else 200)


def _row(person: roster.Person, kind: str, key: int) -> tuple[Any, UUID, str]:
    """A living row of somebody, the school it is at, and what it says."""
    rows: list[Any] = getattr(roster.who.history_of(person.uuid), KINDS[kind])
    found = next((one for one in rows if one.pk == key and one.closed_by_id is None), None)
    if found is None:
        raise Http404
    if kind == "role":
        return found, found.organisation_id, f"{found.organisation.name} {words.role_name(found.name)}"
    taught = found.school_class
    return found, taught.school_id, f"{taught.school.name} {taught.title} {words.role_name(found.role)}"


routes: list[URLPattern] = [
    path(
        f"register/people/<uuid:key>/periods/{kind}/<int:row>/", period, {"kind": kind}, name=f"register.{kind}_period"
    )
    for kind in KINDS
]
