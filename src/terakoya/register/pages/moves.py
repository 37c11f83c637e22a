"""A pupil moves to another class or school, leaves, or comes back."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from terakoya.access.api import declares
from terakoya.access.errors import NotKnown
from terakoya.kit import clock
from terakoya.register.desk import USE, at_the_desk, of_request, opened
from terakoya.register.words import grades_name
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotChange

life = roster.life


class MoveForm(forms.Form):
    """Into which class, from which day on, and why."""

    to = forms.ChoiceField(label=pgettext_lazy("of a school", "Class"))
    day = forms.DateField(
        label=gettext_lazy("First day there"), widget=forms.DateInput(attrs={"type": "date"}), initial=clock.today
    )
    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=999, required=False)
    lessons = forms.BooleanField(
        label=gettext_lazy("The classes of subjects of that homeroom too"), required=False, initial=True
    )
    note = forms.CharField(label=gettext_lazy("Why"), max_length=200, required=False)

    def __init__(self, *args: Any, rooms: list[roster.SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = [(str(one.uuid), f"{one.school.name} {one.title} ({grades_name(one.grades)})") for one in rooms]


class LeaveForm(forms.Form):
    """From which day on somebody is no longer there, and why."""

    day = forms.DateField(
        label=gettext_lazy("First day no longer there"), widget=forms.DateInput(attrs={"type": "date"})
    )
    note = forms.CharField(
        label=gettext_lazy("Why"), help_text=gettext_lazy("For example: moved to another town"), max_length=200
    )


@require_http_methods(["GET", "HEAD", "POST"])
@declares(USE)
@at_the_desk
@never_cache
def move(request: HttpRequest, person: UUID) -> HttpResponse:
    """Move a pupil, let one leave, or take one in again who left."""
    decision = opened(request, [person], "pupil_move").get(person)
    found = roster.person(person)
    if found is None or decision is None:
        raise NotKnown(_("There is nobody to show here."))
    standing = life.standing_of(person, clock.today())
    if not standing.was_pupil:
        raise Http404
    rooms = life.homerooms_for(standing.grade, clock.today(), of_request(request).limits)
    step = request.POST.get("step", "")
    form = MoveForm(request.POST if step in ("move", "back") else None, rooms=rooms)
    leaving = LeaveForm(request.POST if step == "leave" else None, prefix="leave")
    if request.method == "POST" and _done(request, found, rooms, form, leaving, step):
        return redirect("register.move", person)
    wrong = next((one for one in (form, leaving) if one.is_bound and one.errors), None)
    values = {
        "person": found,
        "decision": decision,
        "standing": standing,
        "form": form,
        "leaving": leaving,
        "wrong_form": wrong,
        "here": bool(standing.now),
    }
    return render(request, "register/move.html", values, status=400 if wrong else 200)


def _done(
    request: HttpRequest,
    person: roster.Person,
    rooms: list[roster.SchoolClass],
    form: MoveForm,
    leaving: LeaveForm,
    step: str,
) -> bool:
    """Do what was pressed; False when a form says what is missing."""
    by = request.user.get_username()[:150]
    try:
        if step == "leave" and leaving.is_valid():
            life.leave(person.uuid, leaving.cleaned_data["day"], by=by, note=leaving.cleaned_data["note"])
            messages.success(request, _("The pupil leaves on that day."))
            return True
        if step in ("move", "back") and form.is_valid():
            _into(person, rooms, form.cleaned_data, step, by)
            messages.success(request, _("The pupil is in the class from that day on."))
            return True
    except CannotChange as refusal:
        (leaving if step == "leave" else form).add_error(None, refusal.sentence)
    return False


def _into(person: roster.Person, rooms: list[roster.SchoolClass], said: dict[str, Any], step: str, by: str) -> None:
    room = next(one for one in rooms if str(one.uuid) == said["to"])
    more = {"by": by, "number": said["number"], "note": said["note"]}
    if step == "back":
        life.come_back(person.uuid, room, said["day"], **more)
    else:
        lessons = life.lessons_of(room, said["day"]) if said["lessons"] else []
        life.move(person.uuid, room, said["day"], lessons=lessons, **more)


routes: list[URLPattern] = [path("register/people/<uuid:person>/move/", move, name="register.move")]
