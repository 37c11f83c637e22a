"""Names that not every device can show: who has one, and the guided choice of a form for each character."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from terakoya.access.api import Use, declares
from terakoya.kit import clock
from terakoya.register import people_words as words
from terakoya.register.desk import NAMES, OFFICIAL, PURPOSE, at_the_desk, opened
from terakoya.register.people_desk import by_name, person_at_desk, seen_by
from terakoya.register.tabs import desk_tabs
from terakoya.roster import api as roster
from terakoya.roster.errors import CannotRename

LOOK = Use((NAMES, OFFICIAL), PURPOSE)
A_PAGE = 50
TYPED = "typed"


class FormsForm(forms.Form):
    """For each character one of the offered forms, or one that is typed."""

    def __init__(self, needed: list[roster.who.Needed], data: object = None) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.needed = needed
        for one in needed:
            self.fields[one.key] = forms.ChoiceField(
                label=_("Form for %(character)s") % {"character": one.character},
                choices=[*((each.form, _offered(each)) for each in one.candidates), (TYPED, _("another one"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Choose a form, as the family says it.")},
            )
            self.fields[f"{one.key}-typed"] = forms.CharField(
                label=_("Another form, or kana"), max_length=4, required=False
            )
        self.fields["note"] = forms.CharField(
            label=_("Who has agreed"), help_text=_("For example: mother, by telephone"), max_length=200
        )

    def chosen(self) -> dict[str, str]:
        """By the key of each character the form that was chosen."""
        said = self.cleaned_data
        return {one.key: said[f"{one.key}-typed"] if said[one.key] == TYPED else said[one.key] for one in self.needed}


@require_safe
@declares(LOOK)
@at_the_desk
@never_cache
def names(request: HttpRequest) -> HttpResponse:
    """Those whose shown name has characters outside of JIS X 0213."""
    query = roster.who.without_jis_name().filter(pk__in=seen_by(request).values("pk"))
    page = Paginator(query, A_PAGE).get_page(request.GET.get("page"))
    decisions = opened(request, [one.uuid for one in page], "names_to_choose", OFFICIAL)
    rows = [(one, roster.who.needed(one)) for one in page if one.uuid in decisions]
    places = desk_tabs(request, "register.people")
    decision = next(iter(decisions.values()), None)
    return render(request, "register/names.html", {"page": page, "rows": rows, "places": places, "decision": decision})


@require_http_methods(["GET", "HEAD", "POST"])
@declares(LOOK)
@at_the_desk
@never_cache
def forms_of(request: HttpRequest, key: UUID) -> HttpResponse:
    """Choose the forms for the name of one person."""
    person = person_at_desk(request, key, "names_to_choose")
    needed = roster.who.needed(person)
    if not needed:
        messages.info(request, _("This name can be shown on all devices."))
        return redirect("register.person", person.uuid)
    form = FormsForm(needed, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            note = form.cleaned_data["note"]
            roster.who.choose(person, form.chosen(), since=clock.today(), by=by_name(request), note=note)
            messages.success(request, _("The displayed name is entered. The official name stays as it is."))
            return redirect("register.person", person.uuid)
        except CannotRename as fault:
            form.add_error(None, words.refusal(fault.reason))
    values = {"person": person, "form": form, "needed": needed}
    return render(request, "register/forms_of.html", values, status=400 if form.is_bound else 200)


def _offered(one: roster.who.Candidate) -> str:
    if one.chosen_before:
        said = {"form": one.form, "ground": words.ground_name(one.ground), "number": one.chosen_before}
        return _("%(form)s (%(ground)s; chosen %(number)s times before)") % said
    return _("%(form)s (%(ground)s)") % {"form": one.form, "ground": words.ground_name(one.ground)}


routes: list[URLPattern] = [
    path("register/names/", names, name="register.names"),
    path("register/names/<uuid:key>/", forms_of, name="register.names_of"),
]
