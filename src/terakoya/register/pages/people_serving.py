"""Staff who serve at one school or at several: which roles they have where, one more, and one that ends."""

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
from terakoya.kit import clock
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, PURPOSE, at_the_desk, of_request
from terakoya.register.family_forms import day_field
from terakoya.register.people_desk import by_name, person_at_desk
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

SERVING = ("teacher", "principal", "siteAdministrator", "aide", "counselor", "ext:nurse")


class ServingForm(forms.Form):
    """At which school, as what, and since when."""

    school = forms.ChoiceField(label=gettext_lazy("School"))
    role = forms.ChoiceField(label=gettext_lazy("As what"))
    day = day_field(gettext_lazy("First day of the role"), initial=clock.today)
    is_primary = forms.BooleanField(label=gettext_lazy("This is the main school"), required=False)

    def __init__(self, *args: Any, schools: list[roster.Organisation], is_board: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        school: Any = self.fields["school"]
        role: Any = self.fields["role"]
        school.choices = [(str(one.uuid), one.name) for one in schools]
        role.choices = [(one, words.role_name(one)) for one in SERVING]
        if not is_board:  # which school is the main one concerns the others too
            del self.fields["is_primary"]


class LeavingForm(forms.Form):
    """Which role ends, and when."""

    prefix = "leave"
    role = forms.ChoiceField(label=gettext_lazy("What ends"), widget=forms.RadioSelect)
    day = day_field(gettext_lazy("First day without the role"), initial=clock.today)

    def __init__(self, *args: Any, rows: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [(str(one.pk), f"{one.organisation.name} {words.role_name(one.name)}") for one in rows]


@require_http_methods(["GET", "HEAD", "POST"])
@declares(Use((NAMES,), PURPOSE))
@at_the_desk
@never_cache
def serving(request: HttpRequest, key: UUID) -> HttpResponse:
    """Where somebody of the staff serves; the office of a school sees all of it and changes its own."""
    person, desk = person_at_desk(request, key, "register_person", NAMES), of_request(request)
    roles = [one for one in roster.who.history_of(person.uuid).roles if one.name in SERVING]
    if not roles:
        raise Http404
    step = request.POST.get("step", "")
    form = ServingForm(request.POST if step == "serve" else None, schools=desk.schools, is_board=desk.is_board)
    own = [one for one in roles if one.closed_by_id is None and one.ends is None and desk.keeps(one.organisation_id)]
    leaving = LeavingForm(request.POST if step == "leave" else None, rows=own)
    if _done(request, person, own, form, leaving):
        return redirect("register.serving", person.uuid)
    wrong = next((one for one in (form, leaving) if one.errors), None)
    lines = [(one, words.role_name(one.name)) for one in roles]
    values = {"person": person, "roles": lines, "own": own, "form": form, "leaving": leaving, "wrong_form": wrong}
    return render(request, "register/serving.html", values, status=400 if wrong else 200)


def _done(request: HttpRequest, person: roster.Person, own: list[Any], form: ServingForm, leaving: LeavingForm) -> bool:
    """Do what was pressed; False when nothing was, or a form says what is missing."""
    sent = next((one for one in (form, leaving) if one.is_bound), None)
    if sent is None or not sent.is_valid():
        return False
    said, by = sent.cleaned_data, by_name(request)
    try:
        if sent is form:
            primary = said.get("is_primary", False)
            roster.life.serve(person.uuid, UUID(said["school"]), said["role"], said["day"], by=by, is_primary=primary)
            messages.success(request, _("The role begins on that day."))
        else:
            row = next(one for one in own if str(one.pk) == said["role"])
            roster.life.serve_no_longer(row, said["day"], by=by)
            messages.success(request, _("The role ends on that day."))
    except CannotChange as refusal:
        sent.add_error(None, refusal.sentence)
    return not sent.errors


routes: list[URLPattern] = [path("register/people/<uuid:key>/serving/", serving, name="register.serving")]
